package store

import (
	"cmp"
	"slices"
	"time"

	"attune/rituals"
)

// apply replaces the states that a change has made old. Where working out what
// follows would be more than putting values in their place, it lets the state go
// instead.
func (c *cache) apply(ch *rituals.Change) {
	if c.regroups(ch) {
		c.clear()
		return
	}
	touched := make(map[rituals.CoupleID]*rituals.State, 1)
	touch := func(id rituals.CoupleID) *rituals.State {
		if st := touched[id]; st != nil || c.couples[id] == nil {
			return st
		}
		st := *c.couples[id]
		touched[id] = &st
		return &st
	}
	for i := range ch.Members {
		m := &ch.Members[i]
		if st := touch(c.members[m.ID]); st != nil {
			st.Members = slices.Clone(st.Members)
			old := st.MemberBy(m.ID)
			person := old.Person // which is written once
			*old = wroteMember(m)
			old.Person = person
		}
	}
	if ch.Couple != nil {
		if st := touch(ch.Couple.ID); st != nil {
			st.Couple = wroteCouple(ch.Couple)
		}
	}
	for i := range ch.CheckIns {
		k := &ch.CheckIns[i]
		if st := touch(k.Couple); st != nil && !putCheckIn(st, k) {
			c.evict(k.Couple)
		}
	}
	for i := range ch.Replies {
		r := &ch.Replies[i]
		if st := touch(c.members[r.Member]); st != nil {
			putReply(st, r)
		}
	}
	for id, st := range touched {
		if c.couples[id] != nil {
			st.CheckIns = young(st.CheckIns)
			c.couples[id] = st
		}
	}
}

// regroups reports whether a change may alter who is who or in which couple, or
// takes words away.
func (c *cache) regroups(ch *rituals.Change) bool {
	if ch.Leaves != nil || len(ch.Erase) > 0 || len(ch.Homes) > 0 || len(ch.Unlink) > 0 {
		return true
	}
	if slices.ContainsFunc(ch.Members, func(m rituals.Member) bool { return m.Version == 0 }) {
		return true
	}
	if ch.Couple == nil {
		return false
	}
	if ch.Couple.Version == 0 || !ch.Couple.Ended.IsZero() {
		return true
	}
	for i := range ch.Couple.Bonds {
		if id, ok := c.members[ch.Couple.Bonds[i].Member]; ok && id != ch.Couple.ID {
			return true
		}
	}
	st := c.couples[ch.Couple.ID]
	return st != nil && !slices.EqualFunc(st.Couple.Bonds, ch.Couple.Bonds, func(a, b rituals.Bond) bool {
		return a.Member == b.Member && millis(a.Joined) == millis(b.Joined)
	})
}

// putCheckIn puts a check-in that was written into a state, in its place by age.
// It reports false if that cannot be known from the state alone.
func putCheckIn(st *rituals.State, k *rituals.CheckIn) bool {
	st.CheckIns = slices.Clone(st.CheckIns)
	if old := st.CheckIn(k.ID); old != nil {
		if millis(old.Opened) != millis(k.Opened) {
			return false
		}
		n := *old
		n.State, n.Closes, n.Morning = k.State, instant(k.Closes), instant(k.Morning)
		n.Walks, n.Talk = wroteWalks(k.Walks), wroteTalk(k.Talk)
		*old = n
		return true
	}
	if n := len(st.CheckIns); k.Ritual == nil || (n > 0 && k.Opened.Before(st.CheckIns[n-1].Opened)) {
		return false
	}
	n := *k
	n.Opened, n.Closes, n.Morning = instant(k.Opened), instant(k.Closes), instant(k.Morning)
	n.Walks, n.Replies, n.Talk = wroteWalks(k.Walks), nil, wroteTalk(k.Talk)
	st.CheckIns = append(st.CheckIns, n)
	slices.SortFunc(st.CheckIns, func(a, b rituals.CheckIn) int {
		return cmp.Or(a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID))
	})
	return true
}

func putReply(st *rituals.State, r *rituals.Reply) {
	st.CheckIns = slices.Clone(st.CheckIns)
	k := st.CheckIn(r.CheckIn)
	if k == nil {
		return
	}
	k.Replies = slices.Clone(k.Replies)
	k.Put(wroteReply(r))
	slices.SortFunc(k.Replies, func(a, b rituals.Reply) int {
		return cmp.Or(cmp.Compare(a.Member, b.Member), cmp.Compare(a.Step, b.Step))
	})
}

// young leaves out what recentCheckIns would.
func young(ks []rituals.CheckIn) []rituals.CheckIn {
	if len(ks) == 0 {
		return nil
	}
	newest := slices.MaxFunc(ks, func(a, b rituals.CheckIn) int { return a.Opened.Compare(b.Opened) }).Opened
	old := func(k rituals.CheckIn) bool {
		return k.State != rituals.Open && newest.Sub(k.Opened) > recent
	}
	if !slices.ContainsFunc(ks, old) {
		return ks
	}
	return slices.DeleteFunc(slices.Clone(ks), old)
}

// instant returns t as it would be read.
func instant(t time.Time) time.Time {
	if ms := millis(t); ms != 0 {
		return time.UnixMilli(ms).UTC()
	}
	return time.Time{}
}
