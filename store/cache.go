package store

import (
	"slices"
	"sync"

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

	// What is read while a commit that concerns it is under way may or may not
	// hold the change, and must not be kept. turn grows as commits begin and end;
	// the maps hold the turn in which the last one began.
	turn      int
	ofCouples map[rituals.CoupleID]int
	ofMembers map[rituals.MemberID]int
	floor     int // what was read in an earlier turn is not kept
}

// A seat is where to find a person.
type seat struct {
	member rituals.MemberID
	couple rituals.CoupleID
}

// busy is how many couples are kept, at about ten kilobytes each.
const busy = 256

// marks is how many turns are remembered.
const marks = 8192

func newCache() *cache {
	c := &cache{turn: 1, ofCouples: make(map[rituals.CoupleID]int), ofMembers: make(map[rituals.MemberID]int)}
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

// bonded reports whether a couple is known to have been stored, in the version
// that p was loaded with, with the bonds that p has: nearly always it was.
func (c *cache) bonded(p *rituals.Couple) bool {
	c.mu.Lock()
	kept := c.couples[p.ID]
	c.mu.Unlock()
	return kept != nil && kept.Couple.Version == p.Version && slices.EqualFunc(kept.Couple.Bonds, p.Bonds, same)
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
	if c.stale(kept, turn) {
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

// stale reports whether a commit that concerns a state may have come between its
// reading, begun in turn, and this moment.
func (c *cache) stale(st *rituals.State, turn int) bool {
	if turn < c.floor || c.ofCouples[st.Couple.ID] >= turn {
		return true
	}
	return slices.ContainsFunc(st.Members, func(m rituals.Member) bool { return c.ofMembers[m.ID] >= turn })
}

// begin notes whom a commit that is about to be made concerns.
func (c *cache) begin(changes []*change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.ofCouples)+len(c.ofMembers) > marks {
		clear(c.ofCouples)
		clear(c.ofMembers)
		c.floor = c.turn + 1
	}
	c.turn++
	for _, ch := range changes {
		c.mark(&ch.Change)
	}
}

func (c *cache) mark(ch *rituals.Change) {
	if c.regroups(ch) {
		c.floor = c.turn + 1
		return
	}
	if p := ch.Couple; p != nil {
		c.ofCouples[p.ID] = c.turn
		for i := range p.Bonds {
			c.ofMembers[p.Bonds[i].Member] = c.turn
		}
	}
	for i := range ch.CheckIns {
		c.ofCouples[ch.CheckIns[i].Couple] = c.turn
	}
	for i := range ch.Members {
		c.ofMembers[ch.Members[i].ID] = c.turn
	}
	for i := range ch.Replies {
		c.ofMembers[ch.Replies[i].Member] = c.turn
	}
}

// end brings the states up to what a commit wrote.
func (c *cache) end(written []*change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
	for _, ch := range written {
		c.apply(&ch.Change)
	}
}
