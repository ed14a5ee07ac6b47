package rituals

import "time"

// An EventKind says what a person did.
type EventKind string

const (
	Wrote       EventKind = "wrote"       // sent words: Text, Source, maybe ReplyTo
	Tapped      EventKind = "tapped"      // pressed a button: Action
	Edited      EventKind = "edited"      // changed words sent before: Source, Text
	Joined      EventKind = "joined"      // unblocked the bot or came to its chat
	Left        EventKind = "left"        // blocked the bot or left its chat
	Moved       EventKind = "moved"       // the chat has another id: Chat is the old one, Text the new
	Filled      EventKind = "filled"      // sent a form: Action, Entries, Source
	Changed     EventKind = "changed"     // others can read Chat than before: Readers says who; nil: the bot cannot speak there
	Undelivered EventKind = "undelivered" // a message could not be said: Message, Gone or Readers
)

// An Event is something a person did, or a delivery that failed for good.
type Event struct {
	ID       string // the platform's own; the same event has the same id
	Kind     EventKind
	Person   Person
	Chat     Address // where it happened
	Private  bool    // only this person and the bot are in Chat
	Name     string  // how the platform calls the person
	Language string  // two letters, as far as the platform knows

	// Home is the person's own chat with the bot: Chat, if that is private; empty
	// if it is not known.
	Home Address
	// Aside is set where several people are in Chat and the answer is nevertheless
	// seen by this person alone.
	Aside bool

	Text    string  // words; the same for a command: "/start abc"
	Media   []Media // pictures and voice messages
	Other   bool    // something else came that is not words, such as a sticker
	Source  string  // the platform's id of the message with the words
	ReplyTo string  // the platform's id of the message these words reply to
	Action  string  // of the button or the form
	Entries []Entry // of the form

	Mention *Mention // whom a command names
	Readers *Readers // who can read Chat, if several people are in it and the platform tells

	// For Undelivered, which has Readers if others can read Chat than the message
	// was meant for.
	Message Message
	Gone    bool // nothing can be delivered there: blocked, left, deleted; otherwise Until had passed
}

// A Mention is somebody on the same platform whom a person has named.
type Mention struct {
	Person Person
	Name   string // how the platform calls them
}

// An AlarmKind says what is due.
type AlarmKind string

const (
	AlarmOpen   AlarmKind = "open"   // a ritual's hour
	AlarmLater  AlarmKind = "later"  // a member asked to be asked again
	AlarmSettle AlarmKind = "settle" // an optional question was left alone
	AlarmFree   AlarmKind = "free"   // a member has paused in the middle: what was kept back may go
	AlarmWait   AlarmKind = "wait"   // a step that comes a while after the one before
	AlarmNudge  AlarmKind = "nudge"  // one gentle word to who has not answered
	AlarmClose  AlarmKind = "close"  // a window's end
	AlarmResume AlarmKind = "resume" // a rest's end
	AlarmOwn    AlarmKind = "own"    // ask a member about words that did not open
	AlarmDawn   AlarmKind = "dawn"   // what was written for the morning is read
	AlarmOffer  AlarmKind = "offer"  // ask both whether to be asked less
	AlarmGrow   AlarmKind = "grow"   // offer all something that they could keep as well
	AlarmWeekly AlarmKind = "weekly" // nobody answered that: evenings become weekly
	AlarmFollow AlarmKind = "follow" // a ritual that comes after another
	AlarmReturn AlarmKind = "return" // the end of a break that a member has set
	AlarmHere   AlarmKind = "here"   // a member who was there is taken to be there no longer
	AlarmLetGo  AlarmKind = "letgo"  // held words are forgotten
	AlarmTimer  AlarmKind = "timer"  // a timed step is over, or a break is
	AlarmSweep  AlarmKind = "sweep"  // what is kept for some days only is forgotten; of no couple
)

// An Alarm is something due at an instant. (Couple, Name) is its key: setting an
// alarm replaces the one of that key.
type Alarm struct {
	Couple  CoupleID
	Name    string
	Kind    AlarmKind
	At      time.Time
	Ritual  string
	Day     Day // the day it was set for, whenever it rings
	Member  MemberID
	CheckIn CheckInID
	Tries   int // how often it was put off after a failure
}
