package store

import (
	"context"
	"errors"
	"testing"

	"attune/rituals"
)

var lex = rituals.Person{Platform: rituals.Discord, ID: "3003"} // Alex on another platform

// placed is a couple with a place, as written.
func placed(s rituals.State) rituals.Couple {
	c := *s.Couple.Clone()
	c.Lobby = rituals.Address{Platform: rituals.Discord, Chat: "500"}
	c.Place = &rituals.Place{
		Address:  rituals.Address{Platform: rituals.Discord, Chat: "600"},
		Readers:  rituals.Readers{Kind: rituals.Channel, Name: "evenings", Roles: []string{"Family"}, Mark: "a1"},
		Language: "en", People: map[rituals.MemberID]rituals.Person{alexID: lex, samID: sam},
	}
	return c
}

// reopened returns the same database as its file has it.
func reopened(t *testing.T, s *Store) *Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	return openAt(t, s.Path())
}

func TestPlaceIsOneCouples(t *testing.T) {
	ctx := context.Background()
	s := paired(t)
	c := placed(load(t, s))
	commit(t, s, rituals.Change{Couple: &c})
	want := c
	want.Version++
	got, err := s.LoadPlace(ctx, c.Place.Address)
	if err != nil {
		t.Fatalf("LoadPlace: %v", err)
	}
	equal(t, "LoadPlace", got.Couple, want)
	s = reopened(t, s)
	got, err = s.LoadPlace(ctx, c.Place.Address)
	if err != nil {
		t.Fatalf("LoadPlace of the file: %v", err)
	}
	equal(t, "LoadPlace of the file", got.Couple, want)

	other := rituals.Couple{ID: 33, Since: at("09:00"), Place: c.Place}
	if err := s.Commit(ctx, rituals.Change{Couple: &other}); !errors.Is(err, rituals.ErrConflict) {
		t.Errorf("Commit of the same place for another couple: got %v, want %v", err, rituals.ErrConflict)
	}
	gone := *got.Couple.Clone()
	gone.Place = nil
	commit(t, s, rituals.Change{Couple: &gone})
	if got, err := s.LoadPlace(ctx, c.Place.Address); err != nil || got.Couple.ID != 0 {
		t.Errorf("LoadPlace of what is nobody's: got couple %d, %v, want none", got.Couple.ID, err)
	}
	commit(t, s, rituals.Change{Couple: &other})
}

func TestSecondAddress(t *testing.T) {
	ctx := context.Background()
	s := paired(t)
	homes := func() []rituals.Home {
		hs, err := s.Homes(ctx, alexID, samID)
		if err != nil {
			t.Fatalf("Homes: %v", err)
		}
		return hs
	}
	first := rituals.Home{Member: alexID, Person: alex, Chat: "1001"}
	second := rituals.Home{Member: alexID, Person: lex, Chat: "88"}
	sams := rituals.Home{Member: samID, Person: sam, Chat: "77"}
	equal(t, "Homes at first", homes(), []rituals.Home{first, sams})

	load(t, s) // so that a state is kept
	commit(t, s, rituals.Change{Homes: []rituals.Home{second}})
	equal(t, "Homes with a second", homes(), []rituals.Home{first, second, sams})
	st, err := s.Load(ctx, lex)
	if err != nil || st.Member.ID != alexID || st.Couple.ID != pairID {
		t.Errorf("Load by the second address: got member %d of couple %d, %v, want Alex", st.Member.ID, st.Couple.ID, err)
	}
	err = s.Commit(ctx, rituals.Change{Homes: []rituals.Home{{Member: alexID, Person: sam, Chat: "77"}}})
	if !errors.Is(err, rituals.ErrConflict) {
		t.Errorf("Commit that makes Sam's address Alex's: got %v, want %v", err, rituals.ErrConflict)
	}
	commit(t, s, rituals.Change{Unlink: []rituals.Person{alex}})
	equal(t, "Homes after a move", homes(), []rituals.Home{second, sams})
	if st, err := s.Load(ctx, alex); err != nil || st.Member.ID != 0 {
		t.Errorf("Load by the address that was let go: got member %d, %v, want nobody", st.Member.ID, err)
	}
}

func TestAddressOfALeftCoupleCanBecomeAnothers(t *testing.T) {
	s := paired(t)
	alone := rituals.Member{ID: 9, Person: lex, Address: rituals.Address{Platform: rituals.Discord, Chat: "88"}, Name: "Lex"}
	ended := rituals.Couple{ID: 34, Since: at("08:00"), Ended: at("09:00"), Bonds: []rituals.Bond{{Member: 9, Joined: at("08:00")}}}
	commit(t, s, rituals.Change{Members: []rituals.Member{alone}, Couple: &ended})
	commit(t, s, rituals.Change{Homes: []rituals.Home{{Member: alexID, Person: lex, Chat: "88"}}})
	st, err := s.Load(context.Background(), lex)
	if err != nil || st.Member.ID != alexID {
		t.Errorf("Load: got member %d, %v, want Alex", st.Member.ID, err)
	}
}

func TestMediaAreKeptWithWords(t *testing.T) {
	ctx := context.Background()
	s := furnished(t)
	picture := rituals.Media{Kind: rituals.Picture, Platform: rituals.Telegram, File: "abc", Size: 12345}
	reply := rituals.Reply{CheckIn: 10, Step: "heart", Member: alexID, At: at("21:40"), Words: []rituals.Words{
		{Source: "5", Text: "The sea"}, {Source: "6", Media: []rituals.Media{picture}}, {Source: "7", Text: "and rain"}}}
	held := rituals.Held{ID: 5, Member: alexID, Couple: pairID, Source: "8", Media: []rituals.Media{picture}, Until: at("23:00")}
	commit(t, s, rituals.Change{Replies: []rituals.Reply{reply}, Hold: []rituals.Held{held}})
	for range 2 {
		k, err := s.CheckIn(ctx, 10)
		if err != nil {
			t.Fatalf("CheckIn: %v", err)
		}
		equal(t, "replies", k.Replies, []rituals.Reply{reply})
		hs, err := s.Held(ctx, alexID)
		if err != nil {
			t.Fatalf("Held: %v", err)
		}
		equal(t, "held", hs[1:], []rituals.Held{held})
		s = reopened(t, s)
	}
}

func TestInviteForOne(t *testing.T) {
	s := paired(t)
	i := rituals.Invite{Code: "abc", Couple: pairID, By: alexID, Until: at("23:00"), Link: true, For: sam}
	commit(t, s, rituals.Change{Invites: []rituals.Invite{i}})
	got, err := s.Invite(context.Background(), "abc")
	if err != nil {
		t.Fatalf("Invite: %v", err)
	}
	equal(t, "Invite", got, i)
}
