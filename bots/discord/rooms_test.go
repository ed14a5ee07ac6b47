package discord_test

import (
	"errors"
	"strings"
	"testing"

	"attune/bots"
	"attune/bots/discord/discordtest"
	"attune/rituals"
)

// roomFor returns what is said first in a private thread for these people.
func roomFor(all ...*discordtest.User) bots.Parcel {
	p := in("room/600/" + all[0].ID())
	for _, u := range all {
		p.Message.For = append(p.Message.For, (someone{u}).Person())
	}
	return p
}

// moved says something in a room until it is known where that is.
func moved(t *testing.T, s *stage, p bots.Parcel) string {
	t.Helper()
	for range 3 {
		_, err := s.bot.Send(t.Context(), p)
		if gone := (*bots.GoneError)(nil); errors.As(err, &gone) && gone.Moved != "" {
			if gone.Chat || gone.Readers == nil || gone.Readers.People != len(p.Message.For) {
				t.Errorf("Send to a room: got %+v, want it moved to a thread of %d", gone, len(p.Message.For))
			}
			return gone.Moved
		}
		if retry := (*bots.RetryError)(nil); !errors.As(err, &retry) {
			t.Fatalf("Send to a room: got %v, want where it is, or another try", err)
		}
	}
	t.Fatal("Send to a room: got three failures, want where it is")
	return ""
}

func TestRoomLeftHalfMade(t *testing.T) {
	for _, tt := range []struct {
		name, route string
		faults      []discordtest.Fault
	}{
		{"before the thread is made", discordtest.StartThread, []discordtest.Fault{discordtest.CutBefore}},
		{"after the thread is made", discordtest.StartThread, []discordtest.Fault{discordtest.BadGatewayAfter}},
		{"before anybody is in it", discordtest.AddToThread, []discordtest.Fault{discordtest.ServerError}},
		{"before the second is in it", discordtest.AddToThread, []discordtest.Fault{discordtest.None, discordtest.CutBefore}},
		{"after the second is in it", discordtest.AddToThread, []discordtest.Fault{discordtest.None, discordtest.CutAfter}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			play(t, nil, func(t *testing.T, s *stage) {
				sam := s.server.User("2002", "Sam", "en-US")
				s.guild.Join(sam)
				s.guild.Channel("600", "general")
				s.server.Fail(tt.route, tt.faults...)
				p := roomFor(s.alex, sam)
				id := moved(t, s, p)
				if made := s.server.Threads("600"); len(made) != 1 || made[0] != id {
					t.Errorf("threads: got %q, want %q only", made, id)
				}
				p.Message.To.Chat, p.Message.Readers = id, "2"
				if _, err := s.bot.Send(t.Context(), p); err != nil {
					t.Errorf("Send to the thread: got %v, want nil", err)
				}
			})
		})
	}
}

// TestRoomsOfOneChannel makes threads for several couples in one channel.
func TestRoomsOfOneChannel(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		sam := s.server.User("2002", "Sam", "en-US")
		robin := s.server.User("2003", "Robin", "en-US")
		s.guild.Join(sam)
		s.guild.Join(robin)
		s.guild.Channel("600", "general")
		var rooms []string
		for _, u := range []*discordtest.User{s.alex, robin} {
			before := len(s.book.Settled())
			u.In("600").Run("evening", nil)
			s.wait()
			rooms = append(rooms, s.book.Settled()[before].Readers.Room)
		}
		if rooms[0] == rooms[1] {
			t.Errorf("rooms of Alex and Robin: got %q for both, want one for each", rooms[0])
		}
		p := roomFor(s.alex, sam)
		ours := moved(t, s, p)
		p.Message.To.Chat = ours
		if _, err := s.bot.Send(t.Context(), p); err != nil {
			t.Fatalf("Send to the thread: got %v, want nil", err)
		}
		s.guild.Expel(sam, ours)
		if theirs := moved(t, s, roomFor(s.alex, robin)); theirs == ours {
			t.Error("Alex and Robin: got the thread in which Alex and Sam have read, want another")
		}
		if again := moved(t, s, roomFor(robin, s.alex)); again == ours || len(s.server.Threads("600")) != 2 {
			t.Errorf("Robin and Alex: got %q of %q, want the same as for Alex and Robin", again, s.server.Threads("600"))
		}
	})
}

// TestThreadOfOthers says something in a thread in which somebody has come in the
// place of another.
func TestThreadOfOthers(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		sam := s.server.User("2002", "Sam", "en-US")
		robin := s.server.User("2003", "Robin", "en-US")
		s.guild.Join(sam)
		s.guild.Join(robin)
		s.guild.Channel("600", "general")
		p := roomFor(s.alex, sam)
		p.Message.To.Chat, p.Message.Readers = moved(t, s, p), "2"
		s.guild.Expel(sam, p.Message.To.Chat)
		s.guild.Let(robin, p.Message.To.Chat)
		_, err := s.bot.Send(t.Context(), p)
		var gone *bots.GoneError
		if !errors.As(err, &gone) || gone.Chat || gone.Readers == nil || gone.Readers.Mark == "2" {
			t.Errorf("Send to a thread with Robin in the place of Sam: got %v, want it refused with who can read it", err)
		}
	})
}

func TestRoomForNobody(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.guild.Channel("600", "general")
		p := in("room/600/2001")
		p.Message.For = []rituals.Person{{Platform: rituals.Telegram, ID: "5"}}
		_, err := s.bot.Send(t.Context(), p)
		var gone *bots.GoneError
		if !errors.As(err, &gone) || gone.Moved != "" || len(s.server.Threads("600")) != 0 {
			t.Errorf("Send to a room for nobody on Discord: got %v, want it refused", err)
		}
	})
}

func TestRoom(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		sam := s.server.User("2002", "Sam", "en-US")
		s.guild.Join(sam)
		s.guild.Channel("600", "general")
		p := in("room/600/2001")
		p.Message.For = []rituals.Person{(someone{s.alex}).Person(), (someone{sam}).Person()}
		var made [2]string
		for i := range made {
			_, err := s.bot.Send(t.Context(), p)
			var gone *bots.GoneError
			if !errors.As(err, &gone) || gone.Moved == "" || gone.Readers == nil {
				t.Fatalf("Send to a room: got %v, want where the thread is", err)
			}
			made[i] = gone.Moved
			if r := gone.Readers; r.Kind != rituals.Thread || r.People != 2 || r.Mark != "2" {
				t.Errorf("readers of the thread: got %+v, want the two", r)
			}
		}
		if made[0] != made[1] || s.server.Thread("600") != made[0] {
			t.Errorf("threads: got %q, want one for both tries", made)
		}
		p.Message.To.Chat, p.Message.Readers = made[0], "2"
		if _, err := s.bot.Send(t.Context(), p); err != nil {
			t.Fatalf("Send to the thread: got %v, want nil", err)
		}
		if heard := sam.In(made[0]).Heard(); !strings.HasSuffix(heard[len(heard)-1], "Ten minutes?") {
			t.Errorf("Sam hears in the thread: got %q, want the question last", heard)
		}
		robin := s.server.User("2003", "Robin", "en-US")
		s.guild.Join(robin)
		s.guild.Let(robin, made[0])
		var gone *bots.GoneError
		if _, err := s.bot.Send(t.Context(), p); !errors.As(err, &gone) || gone.Readers == nil || gone.Readers.People != 3 {
			t.Errorf("Send with a third in the thread: got %v, want it refused with three", err)
		}
		stranger := rituals.Person{Platform: rituals.Discord, ID: "2999"}
		p.Message.To.Chat, p.Message.For = "room/600/2001", []rituals.Person{(someone{s.alex}).Person(), stranger}
		if _, err := s.bot.Send(t.Context(), p); !errors.As(err, &gone) || gone.Moved != "" || !gone.Chat {
			t.Errorf("Send to a room for somebody who is not there: got %v, want it refused", err)
		}
		if id := s.server.Thread("600"); id == made[0] || !s.server.Archived(id) {
			t.Errorf("the thread for nobody: got %q, want it put away", id)
		}
	})
}
