package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/bots/discord/discordtest"
	"attune/bots/telegram/telegramtest"
	"attune/rituals"
)

// A server is a private server of Discord's in the theatre, with a channel in it.
type server struct {
	*theatre
	alex, sam *discordtest.User
}

// channel is where the couple meets.
const channel = "600"

// onServer plays with two people on a Discord server who do not know the bot.
func onServer(t *testing.T, play func(s *server)) {
	synctest.Test(t, func(t *testing.T) {
		th := newTheatre(t, places(rituals.Discord, rituals.Discord))
		defer th.close()
		s := &server{theatre: th, alex: th.discord.User("2001", "Alex", "en-US"), sam: th.discord.User("2002", "Sam", "en-US")}
		th.discord.Guild("500", "Home", s.alex, s.sam).Channel(channel, "evenings")
		berlin, err := rituals.Location("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Until(time.Date(2026, 11, 23, 18, 0, 0, 0, berlin)))
		th.start()
		play(s)
	})
}

// press presses a button in a channel and checks what is read there, or in direct
// messages, afterwards.
func (s *server) press(u *discordtest.User, label, want string) {
	s.Helper()
	if u.Press(label) == nil {
		s.Fatalf("%s has no button %q; reads %q", u.Name(), label, u.Heard())
	}
	s.settle(settling)
	s.reads(u, want)
}

// reads checks that what somebody has read of late holds a text.
func (s *server) reads(u *discordtest.User, want string) {
	s.Helper()
	heard := u.Heard()
	late := plain(strings.Join(heard[max(0, len(heard)-4):], "\n"))
	if !strings.Contains(late, plain(want)) {
		s.Fatalf("%s reads %q, want %q in it", u.Name(), late, want)
	}
}

// fill opens a form with a button and sends it.
func (s *server) fill(u *discordtest.User, label string, values map[string]string) {
	s.Helper()
	if u.Press(label) == nil {
		s.Fatalf("%s has no button %q; reads %q", u.Name(), label, u.Heard())
	}
	s.settle(settling)
	m := u.Modal()
	if m == nil {
		s.Fatalf("%s has no form before them; reads %q", u.Name(), u.Heard())
	}
	if m.Submit(values) == nil {
		s.Fatalf("Discord would not send the form with %q", values)
	}
	s.settle(settling)
}

// meet makes the two a couple, by name, in the channel.
func (s *server) meet() {
	s.Helper()
	alex, sam := s.alex.In(channel), s.sam.In(channel)
	alex.Run("start", map[string]any{"partner": s.sam})
	s.settle(settling)
	s.reads(alex, "I ask Sam here")
	s.press(alex, "Read one page, then decide", "Who can read this")
	s.press(alex, "Yes, I'm in", "I've asked in this channel.")
	s.reads(sam, "Alex would like to try something small with you. Only you can open this.")
	s.press(sam, "Read one page, then decide", "What Alex sees")
	s.press(sam, "Yes, I'm in", "I've written to you in our own chat.")
	for _, m := range s.discord.Transcript(channel) {
		if strings.Contains(m.Content, "Who can read") {
			s.Errorf("everybody reads the page in the channel: %q", m.Content)
		}
	}
}

// TestPrivateServer lets two people meet on a server, have a private thread made, and
// keep an evening in it.
func TestPrivateServer(t *testing.T) {
	onServer(t, func(s *server) {
		s.meet()
		s.press(s.alex, "A walk", "Kept. It opens when")
		s.alex.Say("Berlin")
		s.settle(settling)
		s.press(s.sam, "A laugh", "It's 18:0")
		s.press(s.sam, "Yes", "I'll be back today at 21:30.")
		s.reads(s.alex, "A laugh")

		alex := s.alex.In(channel)
		alex.Run("here", nil)
		s.settle(settling)
		s.reads(alex, "Everyone on this server can read here")
		s.press(alex, "In a thread for the two of us", "I've asked Sam.")
		id := s.discord.Thread(channel)
		if id == "" {
			s.Fatal("there is no thread")
		}
		alex, sam := s.alex.In(id), s.sam.In(id)
		s.reads(sam, "Only you two are in this thread.")
		s.press(sam, "Good", "From now on the questions come here.")

		time.Sleep(3*time.Hour + 30*time.Minute)
		s.settle(settling)
		s.reads(alex, "Ten minutes for the two of you?")
		s.evening(alex, sam)
		robin := s.discord.User("2003", "Robin", "en-US")
		g := s.discord.Guild("500", "Home", robin)
		g.Let(robin, id)
		time.Sleep(11 * time.Hour) // the next morning
		s.settle(settling)
		s.fill(alex, "Answer", map[string]string{"mood": "🙂"})
		s.fill(sam, "Answer", map[string]string{"mood": "😐"})
		s.reads(s.alex, "How the two of you feel about today")
		s.reads(s.sam, "How the two of you feel about today")
		for _, text := range robin.In(id).Heard() {
			if strings.Contains(text, "How the two of you feel") {
				s.Errorf("a third reads what opened: %q", text)
			}
		}
		s.reads(sam, "Other people than before can read here.")
	})
}

// evening keeps an evening in a place.
func (s *server) evening(alex, sam *discordtest.User) {
	s.Helper()
	before := len(s.discord.Transcript(alex.Channel()))
	s.fill(alex, "Answer", map[string]string{"mood": "😐", "heart": "Tired, @everyone.", "glad": "You called."})
	s.reads(alex, "Kept. It opens when you have both answered.")
	if n := len(s.discord.Transcript(alex.Channel())); n != before {
		s.Errorf("others see %d messages more once one has answered, want none", n-before)
	}
	s.press(alex, "See mine", "Tired, @everyone.")
	s.fill(alex, "Change", map[string]string{"heart": "Tired."})
	s.fill(sam, "Answer", map[string]string{"mood": "🙂", "glad": "The stairs."})
	s.reads(alex, "Alex 😐 Tired. Glad of: You called.")
	s.reads(sam, "Sam 🙂 Glad of: The stairs.")
	s.press(sam, "A hug", "Sam: A hug")
	s.fill(alex, "Write back", map[string]string{"open": "I liked the coffee too."})
	s.reads(sam, "I liked the coffee too.")
}

// TestClosedDirectMessages lets somebody join who takes no direct messages: the server
// hears of it, and the channel takes their place.
func TestClosedDirectMessages(t *testing.T) {
	onServer(t, func(s *server) {
		s.sam.CloseDMs()
		s.meet()
		alex, sam := s.alex.In(channel), s.sam.In(channel)
		s.reads(sam, "Sam, Discord doesn't let me write to you alone.")
		s.press(sam, "In this channel", "Sam suggests that your questions come here")
		s.press(alex, "Good", "What would be good tonight?")
		s.fill(sam, "Answer", map[string]string{"good": "A laugh"})
		s.press(s.alex, "A laugh", "What time is it")
		s.reads(sam, "You both said: a laugh.")
	})
}

// TestPicturesCross sends a picture from Telegram and a voice message from Discord.
func TestPicturesCross(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		th := newTheatre(t, places(rituals.Telegram, rituals.Discord))
		defer th.close()
		alex, sam := th.inBerlin("2026-11-23 21:30")
		time.Sleep(time.Minute)
		th.settle(settling)
		for _, p := range []*player{alex, sam} {
			p.tap("By message", "")
			th.settle(settling)
			p.tap("🙂", "")
			th.settle(settling)
		}
		sea := &telegramtest.File{Kind: "photo", Data: []byte("waves at night")}
		alex.telegram.Attach("The sea.", sea)
		sam.discord.Speak([]byte("hm hm"), 3*time.Second)
		th.settle(settling)
		if n := len(files(sam)); n != 0 {
			t.Errorf("Sam has %d files before the reveal, want none", n)
		}
		time.Sleep(30 * time.Minute)
		for _, label := range []string{"Just read it", "That's all"} {
			alex.tap(label, "")
			sam.tap(label, "")
			th.settle(settling)
		}
		th.settle(30 * time.Second)
		if got := files(sam); len(got) != 1 || got[0] != "waves at night" {
			t.Errorf("Sam has the files %q, want Alex's picture", got)
		}
		if got := files(alex); len(got) != 1 || got[0] != "hm hm" {
			t.Errorf("Alex has the files %q, want what Sam said", got)
		}
	})
}

// files returns what the bot has sent to somebody.
func files(p *player) (all []string) {
	if p.telegram != nil {
		for _, m := range p.telegram.Sees() {
			if m.From == 0 && m.File != nil {
				all = append(all, string(m.File.Data))
			}
		}
		return all
	}
	for _, m := range p.discord.Sees() {
		for _, f := range m.Files {
			if m.From != p.discord.ID() {
				all = append(all, string(f.Data))
			}
		}
	}
	return all
}
