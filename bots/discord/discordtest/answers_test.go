package discordtest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

const (
	answerWords   = discordgo.InteractionResponseChannelMessageWithSource
	answerPromise = discordgo.InteractionResponseDeferredChannelMessageWithSource
)

// whispered returns an answer for one person only.
func whispered(kind discordgo.InteractionResponseType, text, customID string) *discordgo.InteractionResponse {
	answer := words(kind, text, discordgo.MessageFlagsEphemeral)
	if customID != "" {
		answer.Data.Components = row(customID)
	}
	return answer
}

// TestWhispers lets the bot answer Alex in a channel for Alex's eyes only. What comes
// last has a button, which Alex presses.
func TestWhispers(t *testing.T) {
	later := func(c *client, i *discordgo.Interaction) error {
		text, buttons := "kept", row("b")
		_, err := c.InteractionResponseEdit(i, &discordgo.WebhookEdit{Content: &text, Components: &buttons})
		return err
	}
	also := func(flags discordgo.MessageFlags) func(*client, *discordgo.Interaction) error {
		return func(c *client, i *discordgo.Interaction) error {
			_, err := c.FollowupMessageCreate(i, true, &discordgo.WebhookParams{Content: "kept", Components: row("b"), Flags: flags})
			return err
		}
	}
	tests := []struct {
		name      string
		first     *discordgo.InteractionResponse
		then      func(*client, *discordgo.Interaction) error
		alex, sam []string // what they hear
	}{
		{"at once", whispered(answerWords, "kept", "b"), nil, []string{"how was it?", "kept"}, []string{"how was it?"}},
		{"a promise that an edit keeps", whispered(answerPromise, "", ""), later, []string{"how was it?", "kept"}, []string{"how was it?"}},
		{"a promise that a message keeps, as private as it was promised", whispered(answerPromise, "", ""), also(0), []string{"how was it?", "kept"}, []string{"how was it?"}},
		{"an open promise stays open", words(answerPromise, "", 0), also(discordgo.MessageFlagsEphemeral), []string{"how was it?", "kept"}, []string{"how was it?", "kept"}},
		{"a second message", whispered(answerWords, "one moment", ""), also(discordgo.MessageFlagsEphemeral), []string{"how was it?", "one moment", "kept"}, []string{"how was it?"}},
		{"a second message for all", whispered(answerWords, "one moment", ""), also(0), []string{"how was it?", "one moment", "kept"}, []string{"how was it?", "kept"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
				alex, sam = alex.In("3001"), sam.In("3001")
				if _, err := c.ChannelMessageSendComplex("3001", prompt("a")); err != nil {
					t.Fatal(err)
				}
				alex.Press("Answer")
				asked := c.last(t)
				if err := c.InteractionRespond(asked, tt.first); err != nil {
					t.Fatal(err)
				}
				if tt.then != nil {
					time.Sleep(time.Minute)
					if err := tt.then(c, asked); err != nil {
						t.Fatal(err)
					}
				}
				if a, b := alex.Heard(), sam.Heard(); !slices.Equal(a, tt.alex) || !slices.Equal(b, tt.sam) {
					t.Errorf("Alex and Sam hear %q and %q, want %q and %q", a, b, tt.alex, tt.sam)
				}
				if list, err := c.ChannelMessages("3001", 100, "", "", ""); err != nil || len(list) != len(tt.sam) {
					t.Errorf("ChannelMessages: got %d, %v, want the %d that all see", len(list), err, len(tt.sam))
				}
				alex.Press("Answer")
				if pressed := c.last(t); pressed.MessageComponentData().CustomID != "b" || pressed.Message.Content != "kept" {
					t.Errorf("press: got %s under %q, want b under kept", pressed.MessageComponentData().CustomID, pressed.Message.Content)
				}
			})
		})
	}
}

// TestWhisperedFirst shows that nothing is left of a whisper for anybody else, be it
// in what a channel says of itself or when it is taken away.
func TestWhisperedFirst(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Server, c *client, alex, sam *User) {
		everywhere := []discordgo.InteractionContextType{0, 1}
		if _, err := c.ApplicationCommandBulkOverwrite(app, "", []*discordgo.ApplicationCommand{{Name: "help", Description: "Help", Contexts: &everywhere}}); err != nil {
			t.Fatal(err)
		}
		alex, sam = alex.In("3001"), sam.In("3001")
		alex.Run("help", nil)
		asked := c.last(t)
		answer := whispered(answerWords, "here", "")
		answer.Data.Components = []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
			discordgo.SelectMenu{CustomID: "m", Options: []discordgo.SelectMenuOption{{Label: "one", Value: "1"}}},
		}}}
		if err := c.InteractionRespond(asked, answer); err != nil {
			t.Fatal(err)
		}
		if there, err := c.Channel("3001"); err != nil || there.LastMessageID != "" {
			t.Errorf("Channel: got %+v, %v, want one in which nothing was said", there, err)
		}
		whisper := alex.Sees()[0]
		if sam.Choose(whisper.ID, "m", "1") != nil || alex.Choose(whisper.ID, "m", "1") == nil {
			t.Error("the menu can be used by Sam or cannot by Alex, want Alex only")
		}
		_, edit := c.ChannelMessageEdit("3001", whisper.ID, "there")
		gone := c.ChannelMessageDelete("3001", whisper.ID)
		if got := fmt.Sprint(code(t, edit), code(t, gone)); got != "10008 10008" {
			t.Errorf("edit and deletion as of a message: got %s, want 10008 for both", got)
		}
		if err := c.InteractionResponseDelete(asked); err != nil {
			t.Fatal(err)
		}
		if got := c.heard(); got != "asked, asked" || len(alex.Sees()) != 0 {
			t.Errorf("events: got %q and Alex sees %d, want no more than was asked, and nothing", got, len(alex.Sees()))
		}
	})
}

// TestWhisperGone takes back a whisper in direct messages, where a bot hears of all
// that is taken away.
func TestWhisperGone(t *testing.T) {
	for _, tt := range []struct {
		flags discordgo.MessageFlags
		want  string
	}{{0, "said how was it?, asked, said kept, MESSAGE_DELETE"}, {discordgo.MessageFlagsEphemeral, "said how was it?, asked"}} {
		inBubble(t, func(t *testing.T, _ *Server, c *client, alex, _ *User) {
			if _, err := c.ChannelMessageSendComplex(alex.Channel(), prompt("a")); err != nil {
				t.Fatal(err)
			}
			alex.Press("Answer")
			asked := c.last(t)
			if err := c.InteractionRespond(asked, words(answerWords, "kept", tt.flags)); err != nil {
				t.Fatal(err)
			}
			if err := c.InteractionResponseDelete(asked); err != nil {
				t.Fatal(err)
			}
			if got := c.heard(); got != tt.want || len(alex.Heard()) != 1 {
				t.Errorf("events with flags %d: got %q and %q heard, want %q and the question", tt.flags, got, alex.Heard(), tt.want)
			}
		})
	}
}
