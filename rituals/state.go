package rituals

import "time"

// A State is all that is needed to decide about one person and their couple. It
// is a value: nothing in it changes behind the decider's back.
type State struct {
	Person Person
	Member Member // ID 0: not known
	Couple Couple // ID 0: in none

	Members  []Member  // the couple's, in the order of its bonds; Member is among them if there is a couple
	CheckIns []CheckIn // the couple's, open or opened within 36 hours of the newest, oldest first; with their replies
}

// MemberBy returns the member of the couple with that id, or nil.
func (s *State) MemberBy(id MemberID) *Member {
	for i := range s.Members {
		if s.Members[i].ID == id {
			return &s.Members[i]
		}
	}
	return nil
}

// CheckIn returns the check-in with that id, or nil.
func (s *State) CheckIn(id CheckInID) *CheckIn {
	for i := range s.CheckIns {
		if s.CheckIns[i].ID == id {
			return &s.CheckIns[i]
		}
	}
	return nil
}

// A Change is everything that one event or alarm does, committed whole or not at
// all.
//
// It assumes that the members and the couple it writes still have the version
// they were loaded with, that rows with version 0 do not exist, and that an
// invite it uses was unused. Where an assumption is wrong the store reports
// [ErrConflict] and nothing of the change holds; where the event or the alarm was
// settled before it reports [ErrSettled].
type Change struct {
	Now   time.Time
	Event *Event // the event it settles: Person.Platform and ID are its key
	Alarm *Alarm // the alarm it settles: the row of that key and instant goes

	Members     []Member  // written whole
	Couple      *Couple   // written whole, bonds included
	Leaves      *Couple   // a couple of one that its member leaves for Couple; written whole
	CheckIns    []CheckIn // written whole but for replies
	Definitions []Definition
	Replies     []Reply
	Invites     []Invite

	Hold  []Held  // in place of those with their ids
	LetGo []int64 // ids of held words to forget

	Set       []Alarm
	Cancel    []string  // names of this couple's alarms
	CancelFor CheckInID // all alarms of this check-in; 0: none
	CancelAll bool      // all alarms of the couple, and all words held in it

	Say     []Message
	Release []Release // messages that were kept back may go
	Drop    []Drop

	Homes  []Home   // these persons are these members
	Unlink []Person // these are nobody any more

	Erase  []MemberID // every word these members wrote is deleted
	Park   *Parked
	Forget *Forget
}

// A Release lets messages go that were kept back for an address.
type Release struct {
	To     Address
	Silent bool
}

// A Drop cancels messages that were not sent yet. Fields that are zero match
// everything; a Drop with only zero fields matches nothing.
type Drop struct {
	Couple  CoupleID
	CheckIn CheckInID
	To      Address
}

// A Definition is a ritual as it was when a check-in opened with it.
type Definition struct {
	Hash string // SHA-256 of JSON, in hex
	JSON []byte // canonical
}

// Parked is an event that could not be settled. Its body is kept as it came.
type Parked struct {
	Event  Event
	Reason string
}

// Forget says which rows have been kept long enough.
type Forget struct {
	Handled time.Time // events settled before this
	Sent    time.Time // messages sent or failed, of check-ins closed before this
	Invites time.Time // invites that ended before this
}

// A Note is one of a member's own past answers.
type Note struct {
	CheckIn CheckInID
	Ritual  *Ritual
	Day     Day
	State   CheckInState
	Walks   []Walk  // with the cards that were drawn
	Replies []Reply // the member's own; where the check-in was kept, also what opened of others
}

// An Outcome is how one day went for a ritual that counts. A day on which
// several were kept or not has one outcome: kept, if one of them was.
type Outcome struct {
	Day   Day
	State CheckInState // Kept, Excused or Missed
}
