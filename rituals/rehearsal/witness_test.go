package rehearsal

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"attune/rituals"
	"attune/rituals/library"
)

// A witness is told of every change and hears what everybody hears, and says where
// that breaks what always has to hold. What it believes about answers, rests and
// questions it works out for itself.
type witness struct {
	mu  sync.Mutex
	lib *library.Library
	log *complaints

	now      time.Time // of the last change
	members  map[rituals.MemberID]rituals.Member
	couple   rituals.Couple
	checkIns map[rituals.CheckInID]*rituals.CheckIn
	keys     map[string]rituals.CheckInID // (ritual, day, n)
	held     map[int64]rituals.Held

	open    map[string]bool // words that others than their writer may know
	writers map[string]rituals.Person
	asked   map[string]int // what was said to somebody unasked
	prompts map[string][]rituals.CheckInID

	still    bool // nothing may change
	problems []error
	messages int
	settled  map[string]bool
	kept     int
}

func newWitness(lib *library.Library, log *complaints) *witness {
	return &witness{
		lib:      lib,
		log:      log,
		members:  map[rituals.MemberID]rituals.Member{},
		checkIns: map[rituals.CheckInID]*rituals.CheckIn{},
		keys:     map[string]rituals.CheckInID{},
		held:     map[int64]rituals.Held{},
		open:     map[string]bool{},
		writers:  map[string]rituals.Person{},
		asked:    map[string]int{},
		prompts:  map[string][]rituals.CheckInID{},
		settled:  map[string]bool{},
	}
}

func (w *witness) broken(format string, args ...any) {
	w.problems = append(w.problems, fmt.Errorf(format, args...))
}

// err returns what was broken by now.
func (w *witness) err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return errors.Join(append([]error{w.log.err()}, w.problems...)...)
}

// idle says whether what comes has been settled before.
func (w *witness) idle(still bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.still = still
}

// note takes a change in and looks whether it may be.
func (w *witness) note(c rituals.Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = c.Now
	if c.Event != nil && c.Event.ID != "" {
		key := string(c.Event.Person.Platform) + c.Event.ID
		brought := c.Event.Kind != rituals.Undelivered // else what waited meets somebody who is gone
		if w.settled[key] || w.still && brought {
			w.broken("event %s is settled twice", c.Event.ID)
		}
		w.settled[key] = true
	}
	if c.Park != nil {
		w.broken("an event was set aside: %s", c.Park.Reason)
	}
	for _, m := range c.Members {
		w.assumes(m.Name, w.members[m.ID].Version, m.Version)
		m.Version++
		w.members[m.ID] = m
		w.tokens(m.Name, func(t string) { w.open[t] = true }) // they have chosen to be called so
	}
	if c.Couple != nil {
		w.assumes("the couple", w.couple.Version, c.Couple.Version)
		w.couple = *c.Couple.Clone()
		w.couple.Version++
	}
	before := w.answers(&c)
	for _, m := range c.Say {
		w.message(&c, &m, before)
	}
	for _, h := range c.Hold {
		w.held[h.ID] = h
	}
	for _, h := range c.LetGo {
		delete(w.held, h)
	}
}

// assumes looks whether what a change writes whole is what was written last, and changed.
func (w *witness) assumes(who string, is, assumed int64) {
	if is != assumed {
		w.broken("a change takes %s for what was so %d changes ago", who, is-assumed)
	}
}

// answers takes in what a change does to check-ins, and returns how the replies it
// writes were before.
func (w *witness) answers(c *rituals.Change) (before []rituals.Reply) {
	for i := range c.CheckIns {
		k := &c.CheckIns[i]
		old := w.checkIns[k.ID]
		kept := k.Clone()
		if k.State == rituals.Kept && (old == nil || old.State != rituals.Kept) {
			w.kept++
		}
		if old != nil {
			w.passes(c, old, k)
			kept.Replies = old.Replies
		} else {
			key := fmt.Sprint(k.Ritual.ID, " ", k.Day, " ", k.N)
			if w.keys[key] != 0 {
				w.broken("there are two check-ins of %s", key)
			}
			w.keys[key] = k.ID
			kept.Replies = nil
		}
		w.checkIns[k.ID] = kept
	}
	for _, r := range c.Replies {
		k := w.checkIns[r.CheckIn]
		if k == nil {
			w.broken("a reply to a check-in that is not there")
			continue
		}
		if old := k.Reply(r.Member, r.Step); old != nil {
			before = append(before, *old)
		}
		k.Put(r)
		if s := k.Ritual.Step(r.Step); k.State == rituals.Kept && s != nil && s.Opens != "" && comesOut(k, &r) { // it is for the morning
			w.tokens(r.Text(), func(t string) { w.open[t] = true })
		}
	}
	for _, m := range c.Erase {
		for _, k := range w.checkIns {
			k.Replies = slices.DeleteFunc(k.Replies, func(r rituals.Reply) bool { return r.Member == m })
		}
	}
	for i := range c.CheckIns {
		if k := w.checkIns[c.CheckIns[i].ID]; k.State == rituals.Kept {
			w.opens(c, k)
		}
	}
	return before
}

// passes looks whether a check-in may go from one state to another: what has ended
// stays as it ended. Only a day on which somebody tried by hand, before its own hour
// that could then not come, is excused after it was missed.
func (w *witness) passes(c *rituals.Change, old, k *rituals.CheckIn) {
	if old.Hash != k.Hash || old.Day != k.Day || old.N != k.N || old.Couple != k.Couple {
		w.broken("the check-in of %s on %s has become another's", old.Ritual.ID, old.Day)
	}
	hour := c.Alarm != nil && c.Alarm.Kind == rituals.AlarmOpen && c.Alarm.Ritual == k.Ritual.ID
	switch {
	case old.State == k.State, old.State == rituals.Open:
	case old.State == rituals.Missed && k.State == rituals.Excused && k.N > 0 && hour:
	default:
		w.broken("the check-in of %s on %s was %s and is %s", k.Ritual.ID, k.Day, old.State, k.State)
	}
}

// opens looks whether a check-in that is kept may be, and notes whose words others
// may know from then on.
func (w *witness) opens(c *rituals.Change, k *rituals.CheckIn) {
	for _, b := range w.couple.Bonds {
		shown := 0
		for _, r := range k.Replies {
			if r.Member == b.Member && k.Talk == nil && comesOut(k, &r) {
				shown++
				for _, said := range r.Words {
					w.tokens(said.Text, func(t string) { w.open[t] = true })
				}
			}
		}
		walk := k.Walk(b.Member)
		switch {
		case k.Given(): // and perhaps listened to afterwards
			if b.Member == k.Starter && k.Talk == nil && shown == 0 {
				w.broken("%s on %s is given, and there is nothing in it", k.Ritual.ID, k.Day)
			}
		case k.Talk != nil: // nothing opens: they sit together
			if walk == nil || walk.Left {
				w.broken("%s on %s is kept together, and %s takes no part", k.Ritual.ID, k.Day, w.members[b.Member].Name)
			}
		case k.Ritual.Reveal != rituals.Together:
		case shown == 0:
			w.broken("%s on %s opened, and %s has shared nothing", k.Ritual.ID, k.Day, w.members[b.Member].Name)
		case walk == nil || walk.Left || (!walk.Done && k.At(b.Member) != nil):
			w.broken("%s on %s opened, and %s is on the way", k.Ritual.ID, k.Day, w.members[b.Member].Name)
		case !k.Morning.IsZero() && c.Now.Before(k.Morning):
			w.broken("%s on %s opened before the morning that was asked for", k.Ritual.ID, k.Day)
		}
	}
}

// comesOut reports whether a reply is among what opens when its check-in is kept.
func comesOut(k *rituals.CheckIn, r *rituals.Reply) bool {
	before := false
	for i := range k.Ritual.Steps {
		s := &k.Ritual.Steps[i]
		if s.Kind == rituals.Reveal && !before {
			return false
		}
		before = before || s.ID == r.Step
		if o := option(k, r.Member, s); o != nil && o.Act == rituals.ActMine {
			return false
		}
	}
	s := k.Ritual.Step(r.Step)
	return s != nil && s.Question() && !s.Aside && !r.Mine && !r.Skipped && onWay(k, r.Member, s) &&
		(r.Choice != "" || len(r.Words) > 0)
}

// joint reports whether all want what is said in a check-in as if each had asked for
// it: they keep it together.
func joint(k *rituals.CheckIn) bool {
	return k != nil && (k.Talk != nil || !slices.ContainsFunc(k.Walks, func(w rituals.Walk) bool { return !k.Chose(w.Member, rituals.ActTogether) }))
}

// option returns what a member has chosen at a step on their way, or nil.
func option(k *rituals.CheckIn, m rituals.MemberID, s *rituals.Step) *rituals.Option {
	r := k.Reply(m, s.ID)
	if r == nil || r.Skipped || !s.Question() || !onWay(k, m, s) {
		return nil
	}
	return s.Option(r.Choice)
}

// onWay reports whether a member comes by a step.
func onWay(k *rituals.CheckIn, m rituals.MemberID, s *rituals.Step) bool {
	for _, when := range s.When {
		r := k.Reply(m, when.Step)
		if r == nil || r.Skipped || !(slices.Contains(when.Options, r.Choice) ||
			slices.Contains(when.Options, rituals.Said) && r.Spoken()) {
			return false
		}
	}
	return true
}

// token is a word that is said once in a world.
var token = regexp.MustCompile(`\bWord\d+\b`)

func (w *witness) tokens(text string, f func(string)) {
	if !strings.Contains(text, "Word") {
		return
	}
	for _, t := range token.FindAllString(text, -1) {
		f(t)
	}
}

// says notes what somebody says: whoever says a word first has made it up.
func (w *witness) says(who rituals.Person, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens(text, func(t string) {
		if w.writers[t] == (rituals.Person{}) {
			w.writers[t] = who
		}
	})
}

// reads looks whether somebody may read what they read.
func (w *witness) reads(who rituals.Person, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens(text, func(t string) {
		if from := w.writers[t]; from != who && !w.open[t] {
			w.broken("%s reads %q, which is %s's and sealed", who.ID, t, from.ID)
		}
	})
}
