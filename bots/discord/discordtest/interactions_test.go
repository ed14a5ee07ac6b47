package discordtest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

// An elsewhere sends all requests to another host.
type elsewhere struct {
	host string
	rt   http.RoundTripper
}

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = "http", e.host, e.host
	return e.rt.RoundTrip(r)
}

// code returns the number of a refusal; 0 is none.
func code(t *testing.T, err error) int {
	t.Helper()
	if err == nil {
		return 0
	}
	var rest *discordgo.RESTError
	if !errors.As(err, &rest) || rest.Message == nil {
		t.Fatalf("got %v, want a refusal of Discord's", err)
	}
	return rest.Message.Code
}

// prompt returns a message with one button.
func prompt(customID string) *discordgo.MessageSend {
	return &discordgo.MessageSend{Content: "how was it?", Components: row(customID)}
}

func row(customID string) []discordgo.MessageComponent {
	return []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
		discordgo.Button{Label: "Answer", Style: discordgo.PrimaryButton, CustomID: customID},
	}}}
}

// form returns an answer that opens a modal with one input.
func form(customID string) *discordgo.InteractionResponse {
	return &discordgo.InteractionResponse{Type: discordgo.InteractionResponseModal, Data: &discordgo.InteractionResponseData{
		Title: "Today", CustomID: customID,
		Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
			discordgo.TextInput{CustomID: "q1", Label: "One good thing", Style: discordgo.TextInputParagraph, Required: true, MaxLength: 4000},
		}}},
	}}
}

// words returns an answer of a kind with a text.
func words(kind discordgo.InteractionResponseType, text string, flags discordgo.MessageFlags) *discordgo.InteractionResponse {
	return &discordgo.InteractionResponse{Type: kind, Data: &discordgo.InteractionResponseData{Content: text, Flags: flags}}
}

func TestModalInAGuild(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
		alex, sam = alex.In("3001"), sam.In("3001")
		if _, err := c.ChannelMessageSendComplex("3001", prompt("answer:7")); err != nil {
			t.Fatal(err)
		}
		pressed := alex.Press("Answer")
		asked := c.last(t)
		if data := asked.MessageComponentData(); data.CustomID != "answer:7" || asked.Member.User.ID != alex.ID() || asked.User != nil {
			t.Errorf("press: got %q of %v, want answer:7 of Alex", data.CustomID, asked.Member)
		}
		if err := c.InteractionRespond(asked, form("words:7")); err != nil {
			t.Fatalf("modal: %v", err)
		}
		if alex.Modal() == nil || sam.Modal() != nil || pressed.Answered() != WithModal {
			t.Fatalf("modal: got %v and %v, want one for Alex only", alex.Modal(), sam.Modal())
		}
		if got := alex.Modal().Submit(nil); got != nil {
			t.Error("an empty modal was sent, want none")
		}
		submitted := alex.Modal().Submit(map[string]string{"One good thing": "the sea"})
		asked = c.last(t)
		in := asked.ModalSubmitData().Components[0].(*discordgo.ActionsRow).Components[0].(*discordgo.TextInput)
		if in.CustomID != "q1" || in.Value != "the sea" {
			t.Errorf("input: got %+v, want q1 with the sea", in)
		}
		if got := code(t, c.InteractionRespond(asked, form("again"))); got != 50035 {
			t.Errorf("modal after a modal: got %d, want 50035", got)
		}
		if err := c.InteractionRespond(asked, words(discordgo.InteractionResponseChannelMessageWithSource, "kept", discordgo.MessageFlagsEphemeral)); err != nil {
			t.Fatalf("answer: %v", err)
		}
		if m, ok := submitted.Reply(); !ok || m.Content != "kept" || m.Only != alex.ID() {
			t.Errorf("Reply: got %+v, want kept, for Alex only", m)
		}
		for _, row := range []struct {
			who  string
			said []Message
			want string
		}{{"Alex", alex.Sees(), "how was it? kept"}, {"Sam", sam.Sees(), "how was it?"}, {"everybody", s.Transcript("3001"), "how was it?"}} {
			var texts []string
			for _, m := range row.said {
				texts = append(texts, m.Content)
			}
			if got := strings.Join(texts, " "); got != row.want {
				t.Errorf("%s sees %q, want %q", row.who, got, row.want)
			}
		}
	})
}

// edit changes the answer to an interaction.
func edit(c *client, i *discordgo.Interaction) error {
	text := "edited"
	_, err := c.InteractionResponseEdit(i, &discordgo.WebhookEdit{Content: &text})
	return err
}

// more adds a message to the answer to an interaction.
func more(c *client, i *discordgo.Interaction) error {
	_, err := c.FollowupMessageCreate(i, true, &discordgo.WebhookParams{Content: "more"})
	return err
}

// TestAnswers lets the bot answer a press in DMs, wait, and say more.
func TestAnswers(t *testing.T) {
	const (
		message  = discordgo.InteractionResponseChannelMessageWithSource
		deferred = discordgo.InteractionResponseDeferredChannelMessageWithSource
		quiet    = discordgo.InteractionResponseDeferredMessageUpdate
		update   = discordgo.InteractionResponseUpdateMessage
	)
	tests := []struct {
		name  string
		late  time.Duration // before the answer
		first *discordgo.InteractionResponse
		pause time.Duration
		then  func(*client, *discordgo.Interaction) error
		codes string // of the first answer and of what comes then
		want  string // what Alex hears
	}{
		{"a message, then an edit of it", 0, words(message, "yes", 0), time.Minute, edit, "0 0", "how was it?|edited"},
		{"a message, then another", 0, words(message, "yes", 0), time.Minute, more, "0 0", "how was it?|yes|more"},
		{"a promise that an edit keeps", 2 * time.Second, words(deferred, "", 0), 14 * time.Minute, edit, "0 0", "how was it?|edited"},
		{"a promise that a message keeps", 0, words(deferred, "", 64), time.Minute, more, "0 0", "how was it?|more"},
		{"a promise that is kept too late", 0, words(deferred, "", 0), 16 * time.Minute, edit, "0 50027", "how was it?|"},
		{"a quiet promise, then an edit of the prompt", 0, words(quiet, "", 0), time.Minute, edit, "0 0", "edited"},
		{"a change of the prompt", 0, words(update, "changed", 0), time.Minute, edit, "0 0", "edited"},
		{"an answer after three seconds", 4 * time.Second, words(message, "yes", 0), 0, edit, "10062 10015", "how was it?"},
		{"a second answer", 0, words(message, "yes", 0), 0, func(c *client, i *discordgo.Interaction) error {
			return c.InteractionRespond(i, words(message, "again", 0))
		}, "0 40060", "how was it?|yes"},
		{"a modal after a promise", 0, words(deferred, "", 0), 0, func(c *client, i *discordgo.Interaction) error {
			return c.InteractionRespond(i, form("words"))
		}, "0 40060", "how was it?|"},
		{"an empty answer", 0, words(message, "", 0), 0, edit, "50006 10015", "how was it?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *Server, c *client, alex, _ *User) {
				if _, err := c.ChannelMessageSendComplex(alex.Channel(), prompt("a")); err != nil {
					t.Fatal(err)
				}
				pressed := alex.Press("Answer")
				asked := c.last(t)
				time.Sleep(tt.late)
				first := code(t, c.InteractionRespond(asked, tt.first))
				time.Sleep(tt.pause)
				if got := fmt.Sprint(first, code(t, tt.then(c, asked))); got != tt.codes {
					t.Errorf("codes: got %s, want %s", got, tt.codes)
				}
				if got := strings.Join(alex.Heard(), "|"); got != tt.want {
					t.Errorf("Alex hears %q, want %q", got, tt.want)
				}
				if got, want := pressed.Failed(), first == 10062; got != want {
					t.Errorf("Failed: got %v, want %v", got, want)
				}
			})
		})
	}
}

func TestCommands(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
		everywhere, guildsOnly := []discordgo.InteractionContextType{0, 1}, []discordgo.InteractionContextType{0}
		german := map[discordgo.Locale]string{discordgo.German: "anfangen"}
		_, err := c.ApplicationCommandBulkOverwrite(app, "", []*discordgo.ApplicationCommand{
			{Name: "start", Description: "Begin", NameLocalizations: &german, Contexts: &everywhere, Options: []*discordgo.ApplicationCommandOption{
				{Type: discordgo.ApplicationCommandOptionUser, Name: "partner", Description: "Who", Required: true},
			}},
			{Name: "here", Description: "Here", Contexts: &guildsOnly},
		})
		if err != nil {
			t.Fatalf("ApplicationCommandBulkOverwrite: %v", err)
		}
		if sam.In("3001").Run("anfangen", map[string]any{"partner": alex}) == nil {
			t.Fatal("Sam cannot run /anfangen in the guild")
		}
		asked := c.last(t)
		data := asked.ApplicationCommandData()
		if data.Name != "start" || data.Options[0].UserValue(nil).ID != alex.ID() || data.Resolved.Users[alex.ID()].GlobalName != "Alex" || asked.Locale != discordgo.German {
			t.Errorf("command: got %+v, want start with Alex, in German", data)
		}
		if alex.Run("here", nil) != nil {
			t.Error("Alex can run /here in direct messages, want not")
		}
		if alex.Run("nothing", nil) != nil {
			t.Error("Alex can run /nothing, want not")
		}
		alex.Run("start", map[string]any{"partner": sam})
		if asked := c.last(t); asked.User == nil || asked.User.ID != alex.ID() || asked.Member != nil {
			t.Errorf("command in direct messages: got user %v, want Alex", asked.User)
		}
	})
}
