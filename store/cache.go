package store

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"attune/rituals"
)

// A cache holds the states of couples that are busy, kept current with what is
// committed: a couple that answers back and forth is read from the database once.
// It can be trusted because one process owns the database and all it writes goes
// through the writer. A state in it is never changed, only replaced.
type cache struct {
	mu      sync.Mutex
	couples map[rituals.CoupleID]*rituals.State
	members map[rituals.MemberID]rituals.CoupleID // a member is in one state at most
	seats   map[rituals.Person]seat

	// turn is odd while a commit is under way: what is read then may or may not
	// hold the change, and must not be kept.
	turn int
}

// A seat is where to find a person.
type seat struct {
	member rituals.MemberID
	couple rituals.CoupleID
}

// busy is how many couples are kept, at about ten kilobytes each.
const busy = 256

func newCache() *cache {
	c := &cache{}
	c.clear()
	return c
}

func (c *cache) clear() {
	c.couples = make(map[rituals.CoupleID]*rituals.State)
	c.members = make(map[rituals.MemberID]rituals.CoupleID)
	c.seats = make(map[rituals.Person]seat)
}

// person returns the state of a person's couple; nil if it is not kept. With it
// comes the turn for keep.
func (c *cache) person(who rituals.Person) (*rituals.State, int) {
	c.mu.Lock()
	at := c.seats[who]
	kept, turn := c.couples[at.couple], c.turn
	c.mu.Unlock()
	if kept == nil {
		return nil, turn
	}
	st := cloneState(kept)
	st.Person, st.Member = who, *st.MemberBy(at.member)
	return st, turn
}

func (c *cache) couple(id rituals.CoupleID) (*rituals.State, int) {
	c.mu.Lock()
	kept, turn := c.couples[id], c.turn
	c.mu.Unlock()
	if kept == nil {
		return nil, turn
	}
	return cloneState(kept), turn
}

// keep keeps what was read since turn, unless something was committed since.
func (c *cache) keep(st *rituals.State, turn int) {
	if st.Couple.ID == 0 || !st.Couple.Ended.IsZero() {
		return
	}
	kept := cloneState(st)
	kept.Person, kept.Member = rituals.Person{}, rituals.Member{}
	c.mu.Lock()
	defer c.mu.Unlock()
	if turn != c.turn || turn%2 == 1 {
		return
	}
	if len(c.couples) >= busy {
		for id := range c.couples {
			c.evict(id)
			break
		}
	}
	for _, m := range kept.Members {
		if other, ok := c.members[m.ID]; ok && other != kept.Couple.ID {
			c.evict(other)
		}
		c.members[m.ID] = kept.Couple.ID
	}
	c.couples[kept.Couple.ID] = kept
	if st.Member.ID != 0 {
		c.seats[st.Person] = seat{st.Member.ID, kept.Couple.ID}
	}
}

func (c *cache) evict(id rituals.CoupleID) {
	st := c.couples[id]
	if st == nil {
		return
	}
	delete(c.couples, id)
	for _, m := range st.Members {
		if c.members[m.ID] == id {
			delete(c.members, m.ID)
		}
	}
	for p, s := range c.seats {
		if s.couple == id {
			delete(c.seats, p)
		}
	}
}

// begin marks a commit as under way, end brings the states up to what it wrote.
func (c *cache) begin() {
	c.mu.Lock()
	c.turn++
	c.mu.Unlock()
}

func (c *cache) end(changes []*rituals.Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
	for _, ch := range changes {
		c.apply(ch)
	}
}

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

// regroups reports whether a change may alter who is in which couple, or takes
// words away.
func (c *cache) regroups(ch *rituals.Change) bool {
	if ch.Leaves != nil || len(ch.Erase) > 0 {
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
		n.State, n.Closes, n.Morning, n.Walks = k.State, instant(k.Closes), instant(k.Morning), wroteWalks(k.Walks)
		*old = n
		return true
	}
	if n := len(st.CheckIns); k.Ritual == nil || (n > 0 && k.Opened.Before(st.CheckIns[n-1].Opened)) {
		return false
	}
	n := *k
	n.Opened, n.Closes, n.Morning = instant(k.Opened), instant(k.Closes), instant(k.Morning)
	n.Walks, n.Replies = wroteWalks(k.Walks), nil
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
