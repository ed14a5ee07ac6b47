package rehearsal

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"attune/rituals"
)

// A statement is a line that begins with a word of its own.
type statement struct {
	word  string
	verb  verb
	kind  kind
	parse func(p *parser, l *line, rest string) error
}

func statements() []statement {
	return []statement{
		{"couple", "", remark, (*parser).couple},
		{"person", "", remark, (*parser).person},
		{"operator", "", remark, (*parser).operator},
		{"allow", "", remark, (*parser).allow},
		{"group", "", remark, (*parser).group},
		{"gently", "", remark, (*parser).gently},
		{"at", at, act, (*parser).at},
		{"later", later, act, (*parser).later},
		{"back", back, act, (*parser).back},
		{"together", together, act, (*parser).together},
		{"again", again, act, (*parser).bare},
		{"down", down, act, (*parser).bare},
		{"up", up, act, (*parser).up},
		{"restart", restart, act, (*parser).bare},
		{"rituals", rereads, act, (*parser).rereads},
		{"jumps", jumps, act, (*parser).jumps},
		{"dies", dies, act, (*parser).dies},
		{"disk", disk, act, (*parser).disk},
		{"overtaken", overtaken, act, (*parser).overtaken},
		{"streak", streak, check, (*parser).streak},
		{"kept", outcome, check, (*parser).outcome},
		{"missed", outcome, check, (*parser).outcome},
		{"excused", outcome, check, (*parser).outcome},
		{"open", outcome, check, (*parser).outcome},
		{"stored", stored, check, (*parser).stored},
		{"nothing", nothing, check, (*parser).waits},
		{"something", something, check, (*parser).waits},
	}
}

func (p *parser) bare(l *line, rest string) error {
	if rest != "" {
		return fmt.Errorf("%s stands alone on its line", l.verb)
	}
	if p.now.IsZero() {
		return errors.New("say first when the play begins, such as: at 2026-11-23 21:30 Europe/Berlin")
	}
	return nil
}

var (
	memberForm = `(\pL+) \((\w+), ([\w/+-]+), (\w\w)\)`
	memberPart = pattern(memberForm)
	coupleLine = pattern(`^` + memberForm + `(?:, ` + memberForm + `)* and ` + memberForm + `$`)
	personLine = pattern(`^(\pL+) \((\w+), (\w\w)\)$`)
)

func (p *parser) couple(l *line, rest string) error {
	if !coupleLine().MatchString(rest) {
		return errors.New("write: couple Alex (telegram, Europe/Berlin, en) and Sam (telegram, America/New_York, en)")
	}
	if len(p.play.people) > 0 {
		return errors.New("the couple comes first, and once; introduce others after it with: person Robin (telegram, en)")
	}
	for _, m := range memberPart().FindAllStringSubmatch(rest, -1) {
		if _, err := rituals.Location(m[3]); err != nil {
			return err
		}
		if err := p.introduce(m[1], m[2], m[3], m[4]); err != nil {
			return err
		}
		p.play.couple++
	}
	return nil
}

func (p *parser) person(l *line, rest string) error {
	m := personLine().FindStringSubmatch(rest)
	if m == nil {
		return errors.New("write: person Alex (telegram, en)")
	}
	return p.introduce(m[1], m[2], "", m[3])
}

func (p *parser) introduce(name, platform, zone, language string) error {
	switch platform := rituals.Platform(platform); {
	case p.acted:
		return errors.New("introduce everybody before the play begins")
	case p.play.knows(name):
		return fmt.Errorf("%s is introduced twice", name)
	case platform != rituals.Telegram && platform != rituals.Discord && platform != rituals.Console:
		return fmt.Errorf("the platform is telegram, discord or console, not %q", platform)
	default:
		p.play.people = append(p.play.people, person{name, platform, zone, language})
		return nil
	}
}

func (p *parser) operator(l *line, rest string) error {
	if rest == "" {
		return errors.New("write who runs the server: operator Robin")
	}
	p.play.operator = rest
	return nil
}

func (p *parser) allow(l *line, rest string) error {
	for name := range strings.SplitSeq(rest, ",") {
		if name = strings.TrimSpace(name); !p.play.knows(name) {
			return fmt.Errorf("write the names of people introduced above (%s): allow Alex, Sam", p.play.cast())
		}
		p.play.allow = append(p.play.allow, name)
	}
	return nil
}

// rereads names the folder of rituals that are read anew.
func (p *parser) rereads(l *line, rest string) error {
	if rest == "" || p.now.IsZero() {
		return errors.New("write, after an at line, which folder beside the play is read: rituals changed")
	}
	l.text = rest
	return nil
}

// gently lets the steps of rituals come after as many evenings as their files say.
func (p *parser) gently(_ *line, rest string) error {
	if rest != "" || p.acted {
		return errors.New("gently stands alone on its line, before the play begins")
	}
	p.play.gently = true
	return nil
}

const atForm = "write: at 2026-11-23 21:30 Europe/Berlin, or shorter for the same zone and day: at 21:45"

func (p *parser) at(l *line, rest string) error {
	words := strings.Fields(rest)
	if n := len(words); n > 0 && unicode.IsLetter(rune(words[n-1][0])) {
		zone, err := rituals.Location(words[n-1])
		if err != nil {
			return err
		}
		p.zone, words = zone, words[:n-1]
	}
	if p.zone == nil || len(words) == 0 || len(words) > 2 || (len(words) == 1 && p.now.IsZero()) {
		return errors.New(atForm)
	}
	if len(words) == 1 {
		words = []string{p.now.In(p.zone).Format(time.DateOnly), words[0]}
	}
	layout := "2006-01-02 15:04:05"
	wall, err := time.Parse(layout[:min(len(layout), 11+len(words[1]))], strings.Join(words, " "))
	if err != nil {
		return errors.New(atForm)
	}
	when, ok := rituals.Wall(wall).In(p.zone)
	if !ok {
		return fmt.Errorf("%s has no such day", p.zone)
	}
	return p.moves(l, when)
}

func (p *parser) moves(l *line, to time.Time) error {
	if to.Before(p.now) {
		return fmt.Errorf("that is before %s, when the play is by then; to set the clock back write: back 1h",
			p.now.In(p.zone).Format("2006-01-02 15:04:05"))
	}
	if p.now.IsZero() {
		p.play.starts = to
	}
	p.now, l.when = to, to
	return nil
}

func (p *parser) later(l *line, rest string) error {
	d, err := time.ParseDuration(rest)
	if err != nil || d <= 0 || p.now.IsZero() {
		return errors.New("write, after an at line, how much later: later 20m, later 1h30m")
	}
	return p.moves(l, p.now.Add(d))
}

func (p *parser) back(l *line, rest string) error {
	d, err := time.ParseDuration(rest)
	if err != nil || d <= 0 || p.now.IsZero() {
		return errors.New("write, after an at line, how far the clock is set back: back 1h")
	}
	p.now = p.now.Add(-d)
	l.when = p.now
	return nil
}

func (p *parser) streak(l *line, rest string) error {
	n, err := strconv.Atoi(rest)
	if err != nil {
		return errors.New("write the number of days: streak 3")
	}
	l.text = fmt.Sprintf("streak %d", n)
	return nil
}

func (p *parser) outcome(l *line, rest string) error {
	day, err := rituals.ParseDay(rest)
	state, _ := cut(strings.TrimSpace(l.raw[0]))
	if err != nil {
		return fmt.Errorf("write the day: %s 2026-11-23", state)
	}
	l.object = string(day)
	l.text = state + " " + l.object
	return nil
}

var storedLine = pattern(`^(\pL+): (\d+) answers?$`)

func (p *parser) stored(l *line, rest string) error {
	m := storedLine().FindStringSubmatch(rest)
	if m == nil || !p.play.knows(m[1]) {
		return errors.New("write whose and how many: stored Alex: 2 answers")
	}
	n, err := strconv.Atoi(m[2])
	if err != nil {
		return errors.New("write whose and how many: stored Alex: 2 answers")
	}
	l.object, l.text = m[1], answers(m[1], n)
	return nil
}

func (p *parser) waits(l *line, rest string) error {
	if l.text = strings.TrimSpace(l.raw[0]); l.text == string(nothing) {
		return nil
	}
	if !strings.HasPrefix(rest, "waits for ") {
		return errors.New("write: nothing waits, or: something waits for Alex, Sam")
	}
	return nil
}
