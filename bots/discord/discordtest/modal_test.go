package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
)

func TestModalsRefused(t *testing.T) {
	a := func(n int) string { return strings.Repeat("ü", n) }
	modal := func(title, id string, inputs ...string) string {
		var rows []string
		for _, in := range inputs {
			rows = append(rows, `{"type":1,"components":[{"type":4,`+in+`}]}`)
		}
		return fmt.Sprintf(`{"type":9,"data":{"title":%q,"custom_id":%q,"components":[%s]}}`, title, id, strings.Join(rows, ","))
	}
	input := func(id, label, more string) string {
		return fmt.Sprintf(`"style":2,"custom_id":%q,"label":%q%s`, id, label, more)
	}
	plain := input("q", "One", "")
	tests := []struct {
		name, body string
		want       int
	}{
		{"a title too long", modal(a(46), "w", plain), 50035},
		{"no title", modal("", "w", plain), 50035},
		{"a custom id too long", modal("Today", a(101), plain), 50035},
		{"no input", modal("Today", "w"), 50035},
		{"six inputs", modal("Today", "w", input("1", "a", ""), input("2", "a", ""), input("3", "a", ""), input("4", "a", ""), input("5", "a", ""), input("6", "a", "")), 50035},
		{"two inputs of one custom id", modal("Today", "w", plain, plain), 50035},
		{"an input without a label", modal("Today", "w", input("q", "", "")), 50035},
		{"a label too long", modal("Today", "w", input("q", a(46), "")), 50035},
		{"more than 4000 letters", modal("Today", "w", input("q", "One", `,"max_length":4001`)), 50035},
		{"a value longer than may be", modal("Today", "w", input("q", "One", `,"max_length":2,"value":"abc"`)), 50035},
		{"a hint too long", modal("Today", "w", input("q", "One", `,"placeholder":"`+a(101)+`"`)), 50035},
		{"an input of no style", modal("Today", "w", `"custom_id":"q","label":"One"`), 50035},
		{"a way to answer that there is not", `{"type":3}`, 50035},
		{"all as long as may be", modal(a(45), a(100), input(a(100), a(45), `,"max_length":4000,"value":"`+a(4000)+`"`)), 0},
	}
	s := New(secret, app)
	alex := s.User("2001", "Alex", "en-US").Install()
	asked := alex.SubmitAs("w", nil)
	asked.kind = askCommand // what is answered matters not, but that it is no modal
	where := api + "/interactions/" + asked.id + "/" + asked.token + "/callback"
	for _, tt := range tests {
		if _, got := ask(t, s.Transport(), "", http.MethodPost, where, tt.body); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
	if m := alex.Modal(); m == nil || asked.Modal() != m || len(m.Inputs) != 1 {
		t.Errorf("modal: got %+v, want the last", m)
	}
}

// labelled returns an answer that opens a modal with components that are made of JSON.
func labelled(components ...string) string {
	return `{"type":9,"data":{"title":"Today","custom_id":"w","components":[` + strings.Join(components, ",") + `]}}`
}

// label returns a label of a modal with what is in it.
func label(name, inside string) string {
	return fmt.Sprintf(`{"type":18,"label":%q,"component":{%s}}`, name, inside)
}

// moods returns the fields of a menu with n options, and more.
func moods(n int, more string) string {
	var options []string
	for i := range n {
		options = append(options, fmt.Sprintf(`{"label":"mood %d","value":"%d"}`, i, i))
	}
	return `"type":3,"custom_id":"mood","options":[` + strings.Join(options, ",") + `]` + more
}

func TestLabelsRefused(t *testing.T) {
	a := func(n int) string { return strings.Repeat("ü", n) }
	const words = `"type":4,"custom_id":"q","style":2`
	option := func(label, value, about string) string {
		return mood(fmt.Sprintf(`"type":3,"custom_id":"mood","options":[{"label":%q,"value":%q,"description":%q}]`, label, value, about))
	}
	six := make([]string, 6)
	for i := range six {
		six[i] = label("One", fmt.Sprintf(`"type":4,"custom_id":"%d","style":1`, i))
	}
	tests := []struct {
		name, body string
		want       int
	}{
		{"words in a label", labelled(label(a(45), words)), 0},
		{"a label too long", labelled(label(a(46), words)), 50035},
		{"no label", labelled(label("", words)), 50035},
		{"a description as long as may be", labelled(`{"type":18,"label":"a","description":"` + a(100) + `","component":{` + words + `}}`), 0},
		{"a description too long", labelled(`{"type":18,"label":"a","description":"` + a(101) + `","component":{` + words + `}}`), 50035},
		{"a label with nothing in it", labelled(`{"type":18,"label":"a"}`), 50035},
		{"a label on a label", labelled(label("a", words+`,"label":"b"`)), 50035},
		{"a button in a label", labelled(label("a", `"type":2,"custom_id":"b","style":1`)), 50035},
		{"five labels", labelled(six[:5]...), 0},
		{"six labels", labelled(six...), 50035},
		{"a label beside a row", labelled(label("a", words), `{"type":1,"components":[{"type":4,"custom_id":"r","style":1,"label":"b"}]}`), 0},
		{"two of one custom id", labelled(label("a", words), label("b", words)), 50035},
		{"a menu in a row", labelled(`{"type":1,"components":[{"label":"a",` + moods(2, "") + `}]}`), 50035},
		{"a menu in a row after a label", labelled(label("a", words), `{"type":1,"components":[{"label":"a",`+moods(2, "")+`}]}`), 50035},
		{"a menu of 25", labelled(mood(moods(25, ""))), 0},
		{"a menu of 26", labelled(mood(moods(26, ""))), 50035},
		{"an empty menu", labelled(mood(moods(0, ""))), 50035},
		{"a menu without a custom id", labelled(mood(`"type":3,"options":[{"label":"a","value":"a"}]`)), 50035},
		{"an option as long as may be", labelled(option(a(100), a(100), a(100))), 0},
		{"an option with a label too long", labelled(option(a(101), "a", "")), 50035},
		{"an option with a value too long", labelled(option("a", a(101), "")), 50035},
		{"an option with a description too long", labelled(option("a", "a", a(101))), 50035},
		{"an option without a label", labelled(option("", "a", "")), 50035},
		{"two options of one value", labelled(mood(`"type":3,"custom_id":"m","options":[{"label":"a","value":"a"},{"label":"b","value":"a"}]`)), 50035},
		{"more defaults than can be picked", labelled(mood(`"type":3,"custom_id":"m","options":[{"label":"a","value":"a","default":true},{"label":"b","value":"b","default":true}]`)), 50035},
		{"two of three", labelled(mood(moods(3, `,"min_values":2,"max_values":2`))), 0},
		{"two of one", labelled(mood(moods(1, `,"min_values":2,"max_values":2`))), 50035},
		{"more than 25 to pick", labelled(mood(moods(3, `,"max_values":26`))), 50035},
		{"none of a menu that need not be", labelled(mood(moods(3, `,"min_values":0,"required":false`))), 0},
		{"none of a menu that must be", labelled(mood(moods(3, `,"min_values":0`))), 50035},
		{"a hint too long", labelled(mood(moods(3, `,"placeholder":"`+a(151)+`"`))), 50035},
	}
	s := New(secret, app)
	alex := s.User("2001", "Alex", "en-US").Install()
	for _, tt := range tests {
		asked := alex.SubmitAs("w", nil)
		asked.kind = askCommand // what is answered matters not, but that it is no modal
		where := api + "/interactions/" + asked.id + "/" + asked.token + "/callback"
		if _, got := ask(t, s.Transport(), "", http.MethodPost, where, tt.body); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

// mood returns a label with a name of no interest.
func mood(inside string) string { return label("Mood", inside) }

// TestLabels fills in a modal with words and menus, and reads what the bot is sent,
// which the library cannot decode.
func TestLabels(t *testing.T) {
	form := labelled(
		label("One", `"type":4,"custom_id":"q","style":2`),
		mood(moods(3, "")),
		label("Extra", `"type":3,"custom_id":"extra","required":false,"min_values":0,"options":[{"label":"Tea","value":"t","default":true},{"label":"Milk","value":"m"}]`),
	)
	tests := []struct {
		name   string
		values map[string]string
		want   string // custom ids and values as they are sent; "" is that nothing is
	}{
		{"by label", map[string]string{"One": "the sea", "Mood": "mood 1", "Extra": "Milk"}, "q=the sea mood=[1] extra=[m]"},
		{"by custom id and value", map[string]string{"q": "the sea", "mood": "2", "extra": "m"}, "q=the sea mood=[2] extra=[m]"},
		{"what is not touched keeps its default", map[string]string{"q": "a", "mood": "0"}, "q=a mood=[0] extra=[t]"},
		{"what need not be picked can be left", map[string]string{"q": "a", "mood": "0", "extra": ""}, "q=a mood=[0] extra=[]"},
		{"what must be picked cannot", map[string]string{"q": "a"}, ""},
		{"what must be written cannot", map[string]string{"mood": "0"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *Server, c *client, alex, _ *User) {
				raw := make(chan json.RawMessage, 2)
				c.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
					if e.Type == "INTERACTION_CREATE" {
						raw <- e.RawData
					}
				})
				m, err := c.ChannelMessageSendComplex("3001", prompt("a"))
				if err != nil {
					t.Fatal(err)
				}
				alex = alex.In("3001")
				alex.Press("Answer")
				asked := c.last(t)
				<-raw
				if _, code := ask(t, s.Transport(), "", http.MethodPost, api+"/interactions/"+asked.ID+"/"+asked.Token+"/callback", form); code != 0 {
					t.Fatalf("modal: got %d, want none", code)
				}
				if sent := alex.Modal().Submit(tt.values); (sent != nil) != (tt.want != "") {
					t.Fatalf("Submit: got %v, want something: %v", sent, tt.want != "")
				} else if sent == nil {
					return
				}
				synctest.Wait()
				got, message := filledIn(t, <-raw)
				if got != tt.want || message != m.ID {
					t.Errorf("modal: got %q from message %s, want %q from %s", got, message, tt.want, m.ID)
				}
			})
		})
	}
}

// filledIn returns what was filled in below labels, and from which message.
func filledIn(t *testing.T, raw json.RawMessage) (values, message string) {
	t.Helper()
	var sent struct {
		Message struct {
			ID string `json:"id"`
		} `json:"message"`
		Data struct {
			Components []struct {
				Type      int `json:"type"`
				Component struct {
					Type   int      `json:"type"`
					ID     string   `json:"custom_id"`
					Value  *string  `json:"value"`
					Values []string `json:"values"`
				} `json:"component"`
			} `json:"components"`
		} `json:"data"`
	}
	if err := json.Unmarshal(raw, &sent); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, c := range sent.Data.Components {
		switch in := c.Component; {
		case c.Type != kindLabel:
			t.Errorf("component: got type %d, want a label", c.Type)
		case in.Type == kindInput && in.Value != nil:
			all = append(all, in.ID+"="+*in.Value)
		case in.Type == kindMenu && in.Values != nil:
			all = append(all, fmt.Sprintf("%s=%v", in.ID, in.Values))
		}
	}
	return strings.Join(all, " "), sent.Message.ID
}

// TestModalTooLate opens a modal when it cannot be any more.
func TestModalTooLate(t *testing.T) {
	tests := []struct {
		name  string
		first *discordgo.InteractionResponse
		late  time.Duration
		want  int
	}{
		{"at once", nil, 0, 0},
		{"at the last moment", nil, answerWithin, 0},
		{"after that", nil, answerWithin + time.Millisecond, 10062},
		{"after a message", words(discordgo.InteractionResponseChannelMessageWithSource, "yes", 0), 0, 40060},
		{"after a promise", words(discordgo.InteractionResponseDeferredChannelMessageWithSource, "", 0), 0, 40060},
		{"after a quiet promise", words(discordgo.InteractionResponseDeferredMessageUpdate, "", 0), 0, 40060},
		{"after a promise and long after", words(discordgo.InteractionResponseDeferredChannelMessageWithSource, "", 0), time.Minute, 40060},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, _ *Server, c *client, alex, _ *User) {
				if _, err := c.ChannelMessageSendComplex(alex.Channel(), prompt("a")); err != nil {
					t.Fatal(err)
				}
				alex.Press("Answer")
				asked := c.last(t)
				if tt.first != nil {
					if err := c.InteractionRespond(asked, tt.first); err != nil {
						t.Fatal(err)
					}
				}
				time.Sleep(tt.late)
				if got := code(t, c.InteractionRespond(asked, form("w"))); got != tt.want {
					t.Errorf("modal: got %d, want %d", got, tt.want)
				}
				if got := alex.Modal() != nil; got != (tt.want == 0) {
					t.Errorf("Alex has a modal: got %v, want %v", got, tt.want == 0)
				}
			})
		})
	}
}
