package host

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"attune/rituals"
)

// notesPage is how many check-ins a page of notes shows.
const notesPage = 3

// notes shows a member their own past answers, newest first. From /notes it is a
// message of its own; from the buttons under it, it changes in place: first is the
// event that asked for the first page.
func (d *decision) notes(page int, first string) {
	v := d.voice(d.me)
	me := d.me.ID
	page = max(page, 0)
	list, ok := find(d, "notes", func(ctx context.Context, r Reader, _ Store) ([]rituals.Note, error) {
		return r.Notes(ctx, me, page*notesPage, notesPage+1)
	})
	if _, looked := d.seen.found["notes"]; !ok && !looked {
		return
	}
	more := len(list) > notesPage
	list = list[:min(len(list), notesPage)]
	var blocks []rituals.Block
	for _, n := range list {
		blocks = append(blocks, d.note(n)...)
	}
	if len(blocks) == 0 {
		blocks = paragraphs(v.Say("notes.none"))
	}
	m := rituals.Message{Blocks: blocks}
	first = d.inPlace(&m, "notes", first)
	var row []rituals.Choice
	if more {
		row = append(row, rituals.Choice{Label: v.Say("notes.earlier"), Action: action(doNotes, strconv.Itoa(page+1), first)})
	}
	if page > 0 {
		row = append(row, rituals.Choice{Label: v.Say("notes.later"), Action: action(doNotes, strconv.Itoa(page-1), first)})
	}
	if row != nil {
		m.Choices = [][]rituals.Choice{row}
	}
	d.say(d.me, m)
}

// notesTap settles the buttons under a page of notes.
func (d *decision) notesTap(a parsedAction) {
	page, err := strconv.Atoi(a.arg(0))
	if err != nil || page > 10_000 {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	d.notes(page, a.arg(1))
}

// note sets one check-in of the past: its day and title, then the answers.
func (d *decision) note(n rituals.Note) []rituals.Block {
	v := d.voice(d.me)
	title := n.Ritual.Title.In(d.me.Language)
	blocks := []rituals.Block{{Kind: rituals.Heading, Text: v.Say("notes.head",
		"title", title, "day", v.Weekday(int(n.Day.Weekday())), "date", string(n.Day))}}
	index := func(r rituals.Reply) int {
		return slices.IndexFunc(n.Ritual.Steps, func(s rituals.Step) bool { return s.ID == stepOf(r.Step) })
	}
	slices.SortStableFunc(n.Replies, func(a, b rituals.Reply) int {
		if a.Member != b.Member {
			if a.Member == d.me.ID {
				return -1
			}
			if b.Member == d.me.ID {
				return 1
			}
			return cmp.Compare(a.Member, b.Member)
		}
		return index(a) - index(b)
	})
	for _, r := range n.Replies {
		s := n.Ritual.Step(stepOf(r.Step))
		if s == nil || s.Aside || s.Kind == rituals.Timer || r.Empty() || (s.ID != r.Step && !r.Spoken()) {
			continue
		}
		if text := d.noteCard(n, r, s); text != "" {
			blocks = append(blocks, rituals.Block{Kind: rituals.Heading, Text: text})
		}
		b := rituals.Block{Kind: rituals.Quote, Label: s.Label.In(d.me.Language), Text: wordsOfReply(&r, d.me.Language)}
		if r.Member != d.me.ID {
			b.By = d.memberName(r.Member)
		} else {
			b.By = d.me.Name
		}
		if o := option(s, r.Choice); o != nil && s.Kind == rituals.Mood {
			b.Face = o.Label.In(d.me.Language)
		} else {
			b.Text = joinLines(d.tappedText(&rituals.CheckIn{Ritual: n.Ritual, Day: n.Day, Walks: n.Walks}, d.me, s, &r, d.me.Language), b.Text)
		}
		blocks = append(blocks, b)
		if r.Mine && r.Member == d.me.ID {
			blocks = append(blocks, rituals.Para(v.Say("notes.mine")))
		}
	}
	if len(blocks) == 1 {
		return nil // only how they took part
	}
	return blocks
}

// noteCard is the card that an answer of the past belongs to; empty if it is none's, or
// another member's and the one above.
func (d *decision) noteCard(n rituals.Note, r rituals.Reply, s *rituals.Step) string {
	c := &rituals.CheckIn{Ritual: n.Ritual, Day: n.Day, Walks: n.Walks}
	card, own := c.Card(r.Member, s), c.Card(d.me.ID, s)
	answered := slices.ContainsFunc(n.Replies, func(o rituals.Reply) bool { return o.Member == d.me.ID && o.Step == s.ID })
	if r.Step != s.ID || card == nil || (r.Member != d.me.ID && answered && own != nil && own.Key() == card.Key()) {
		return ""
	}
	dealt := d.s.MemberBy(r.Member)
	if dealt == nil {
		dealt = d.me
	}
	return d.cardText(card, dealt, c, d.me.Language)
}

// memberName is what another member is called, if they are of this couple.
func (d *decision) memberName(m rituals.MemberID) string {
	if o := d.s.MemberBy(m); o != nil {
		return o.Name
	}
	return d.voice(d.me).Say("somebody")
}

// streak says how many evenings were kept, to who asked.
func (d *decision) streak() {
	v := d.voice(d.me)
	outcomes, ok := d.outcomes()
	if !ok {
		return
	}
	s := rituals.StreakOf(d.daylight(outcomes))
	if s.Total == 0 {
		d.tell(d.me, v.Say("streak.none"))
		return
	}
	var lines []string
	if s.Current > 0 {
		lines = append(lines, v.Count("streak.current", s.Current))
	}
	if s.Longest > s.Current {
		lines = append(lines, v.Count("streak.longest", s.Longest))
	}
	d.tell(d.me, strings.Join(append(lines, v.Count("streak.total", s.Total)), "\n"))
}

// daylight leaves out evenings that were not kept until it is morning for all:
// before that one that opens in the morning would look another than one that does
// not.
func (d *decision) daylight(outcomes []rituals.Outcome) []rituals.Outcome {
	return slices.DeleteFunc(slices.Clone(outcomes), func(o rituals.Outcome) bool {
		if o.State != rituals.Missed {
			return false
		}
		morning := o.Day.Add(1).At(morningAt, 0).Time()
		return slices.ContainsFunc(d.s.Members, func(m rituals.Member) bool {
			return d.wall(&m).Time().Before(morning)
		})
	})
}

// help shows what can be asked for.
func (d *decision) help() {
	v := d.voice(d.me)
	var items []string
	for _, c := range Commands(d.lib) {
		name := c.Name
		if local := c.Names.In(v.Language); local != "" {
			name = local
		}
		items = append(items, "/"+name+": "+c.About.In(v.Language))
	}
	d.tellPerson(append(paragraphs(v.Say("help")), rituals.Block{Kind: rituals.List, Items: items},
		rituals.Para(v.Say("help.people"))))
}

// helpNow shows people to talk to, only to who asked, and can be cleared.
func (d *decision) helpNow() {
	v := d.voice(d.me)
	key := "help/" + d.cause()
	told := v.Say("help.now.nobody")
	if d.me != nil && len(d.others(d.me)) > 0 {
		told = v.Say("help.now.partner", "partner", d.partner(d.me))
	}
	if d.event.Aside { // it is in no chat from which it could be cleared
		d.answerPerson(rituals.Message{Blocks: append(paragraphs(v.Say("help.now")), rituals.Para(told+" "+v.Say("help.now.aside")))})
		return
	}
	d.answerPerson(rituals.Message{
		Key:     key,
		Blocks:  append(paragraphs(v.Say("help.now")), rituals.Para(told+" "+v.Say("help.now.clear"))),
		Choices: [][]rituals.Choice{{{Label: v.Say("help.clear"), Action: action(doClear, d.event.ID)}}},
	})
}

// clear takes a message of help away.
func (d *decision) clear(a parsedAction) {
	m := rituals.Message{Edits: "help/" + string(d.event.Chat.Platform) + "/" + a.arg(0), To: d.event.Chat}
	d.put(m)
}
