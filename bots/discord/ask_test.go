package discord_test

import (
	"slices"
	"strings"
	"testing"

	"attune/rituals"
)

func TestQuestionAboveAField(t *testing.T) {
	long := strings.Repeat("How was it, and what would you like? ", 5)
	for _, tt := range []struct{ name, question, above, below string }{
		{"a short one is the label", "How are you now?", "How are you now?", ""},
		{"two short sentences are", "How are you? A word.", "How are you? A word.", ""},
		{"of a long one it is the first sentence", "One thing you are glad of. It may be as small as a cup.",
			"One thing you are glad of.", "One thing you are glad of. It may be as small as a cup."},
		{"which does not end in a number", "Shall it be 8.30 tomorrow, or a little later in the evening?",
			"Shall it be 8.30 tomorrow, or a little …", "Shall it be 8.30 tomorrow, or a little later in the evening?"},
		{"and is cut after a word", "Something that has been on your heart since the weekend? A word will do.",
			"Something that has been on your heart since …", "Something that has been on your heart since the weekend? A word will do."},
		{"what is longer than that is cut below too", long, "How was it, and what would you like?", "…"},
		{"nothing is something that can be seen", " \u200b", "…", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			play(t, nil, func(t *testing.T, s *stage) {
				s.book.Forms = formed(&rituals.Form{Action: "form:5", Title: "Evening", Fields: []rituals.Field{{ID: "a", Text: tt.question}}})
				s.guild.Channel("600", "general")
				if _, err := s.bot.Send(t.Context(), in("600")); err != nil {
					t.Fatalf("Send: got %v, want nil", err)
				}
				i := s.alex.In("600").Press("Answer")
				s.wait()
				if i.Modal() == nil {
					t.Fatal("form: got none, want one")
				}
				got := i.Modal().Inputs[0]
				below := got.About == tt.below || tt.below == "…" && strings.HasSuffix(got.About, tt.below)
				if got.Label != tt.above || !below {
					t.Errorf("label: got %q with %q below, want %q with %q", got.Label, got.About, tt.above, tt.below)
				}
			})
		})
	}
}

// TestFieldOfSeveral holds that of a field any number of options can be picked, if that
// is what it asks for.
func TestFieldOfSeveral(t *testing.T) {
	picks := []rituals.Pick{{ID: "tea", Label: "Tea"}, {ID: "walk", Label: "A walk"}, {ID: "bed", Label: "To bed"}}
	form := &rituals.Form{Action: "form:5", Title: "Evening", Fields: []rituals.Field{
		{ID: "many", Text: "What is true?", Options: picks, Many: true, Value: "tea,bed"},
		{ID: "one", Text: "Which one?", Options: picks},
	}}
	play(t, nil, func(t *testing.T, s *stage) {
		s.book.Forms = formed(form)
		s.guild.Channel("600", "evenings")
		if _, err := s.bot.Send(t.Context(), in("600")); err != nil {
			t.Fatalf("Send: got %v, want nil", err)
		}
		for _, tt := range []struct {
			name, want string
			values     map[string]string
		}{
			{"as it stood", "tea,bed", nil},
			{"two others", "tea,walk", map[string]string{"many": "Tea & A walk"}},
			{"none", "", map[string]string{"many": ""}},
		} {
			i := s.alex.In("600").Press("Answer")
			s.wait()
			if i.Modal().Submit(map[string]string{"one": "Tea & A walk"}) != nil {
				t.Errorf("%s: of the field of one, two could be picked", tt.name)
			}
			before := len(s.book.Settled())
			if i.Modal().Submit(tt.values) == nil {
				t.Fatalf("%s: the form could not be sent", tt.name)
			}
			s.wait()
			got := s.book.Settled()[before].Entries
			if want := []rituals.Entry{{Field: "many", Value: tt.want}, {Field: "one"}}; !slices.Equal(got, want) {
				t.Errorf("%s: entries are %+v, want %+v", tt.name, got, want)
			}
		}
	})
}
