package host

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"attune/rituals"
	"attune/rituals/phrases"
)

// settings shows what can be set.
func (d *decision) settings() {
	v := d.voice(d.me)
	var items []string
	var rows [][]rituals.Choice
	var times []rituals.Choice
	for _, f := range d.hours() {
		title := f.Title.In(d.me.Language)
		items = append(items, fmt.Sprintf("%s: %s", title, d.timeOf(d.me, f)))
		times = append(times, rituals.Choice{Label: title, Action: action(doTime, f.ID)})
	}
	items = append(items,
		d.clockLine(),
		v.Say("settings.name", "me", d.me.Name),
		v.Say("settings.language", "language", v.Say("language.name")))
	rows = append(rows, inRows(times, 2)...)
	var more []rituals.Choice
	if len(d.spare()) > 0 {
		more = append(more, rituals.Choice{Label: v.Say("settings.more.button"), Action: action(doSettings, "more")})
	}
	if d.s.Couple.Complete() && d.draws() {
		more = append(more, rituals.Choice{Label: v.Say("cards.button"), Action: action(doCards)})
	}
	if len(d.alone()) > 0 {
		more = append(more, rituals.Choice{Label: v.Say("alone.button"), Action: action(doAlone)})
	}
	rows = append(rows, inRows(more, 2)...)
	rows = append(rows,
		[]rituals.Choice{
			{Label: v.Say("settings.zone.button"), Action: action(doSettings, "zone")},
			{Label: v.Say("settings.name.button"), Action: action(doSettings, "name")},
		})
	if row := d.homeRow(); row != nil {
		rows = append(rows, row)
	}
	if d.s.Couple.Place != nil {
		rows = append(rows, []rituals.Choice{{Label: v.Say("here.off.button"), Action: action(doHere, "off")}})
	}
	if len(phrases.Languages) > 1 {
		rows = append(rows, []rituals.Choice{{Label: v.Say("settings.language.button"), Action: action(doSettings, "language")}})
	}
	d.say(d.me, rituals.Message{
		Blocks:  append(paragraphs(v.Say("settings")), rituals.Block{Kind: rituals.List, Items: items}),
		Choices: rows,
	})
}

// clockLine says what the member's clock shows, if that is known.
func (d *decision) clockLine() string {
	v := d.voice(d.me)
	if d.me.Zone == "" && d.s.Couple.Zone == "" {
		return v.Say("settings.zone.none")
	}
	return v.Say("settings.zone", "time", clock(d.wall(d.me)))
}

// timeOf says to a member when the couple keeps a ritual: "21:30", "21:30 on Sunday",
// "21:30 for you, 20:30 for Sam".
func (d *decision) timeOf(m *rituals.Member, f *rituals.Ritual) string {
	r, ok := d.s.Couple.Keeps(f)
	if !ok {
		return d.voice(m).Say("time.off")
	}
	return d.allReadings(m, r)
}

// when says at what time a schedule is due.
func when(v *phrases.Voice, schedule string) string {
	s, err := rituals.ParseSchedule(schedule)
	if err != nil {
		return schedule
	}
	h, m := s.TimeOfDay()
	text := clock(rituals.Day("2000-01-01").At(h, m))
	fields := strings.Fields(schedule)
	if len(fields) != 5 {
		return text
	}
	if n, err := strconv.Atoi(fields[2]); err == nil && fields[4] == "*" {
		return v.Say("time.monthly", "time", text, "n", strconv.Itoa(n))
	}
	var days []string
	for day := range strings.SplitSeq(fields[4], ",") {
		n, err := strconv.Atoi(day)
		if err != nil {
			return text
		}
		days = append(days, v.Weekday(n%7))
	}
	return v.Say("time.weekly", "time", text, "day", v.List(days))
}

// settingsTap settles the buttons under /settings.
func (d *decision) settingsTap(a parsedAction) {
	v := d.voice(d.me)
	switch a.arg(0) {
	case "zone":
		d.askHour(d.me)
	case "name":
		if d.me.Asked.Step == "name" && d.now.Sub(d.me.Asked.At) < time.Minute {
			return
		}
		d.me.Asked = rituals.Asked{Step: "name", At: d.now}
		d.touchMember(d.me)
		d.say(d.me, rituals.Message{Blocks: paragraphs(v.Say("name.ask", "me", d.me.Name)), Input: form(v)})
	case "more":
		page, _ := strconv.Atoi(a.arg(1))
		d.moreRituals(page, a.arg(2))
	case "language":
		var row []rituals.Choice
		for _, code := range phrases.Languages {
			row = append(row, rituals.Choice{Label: phrases.In(code).Say("language.name"), Action: action(doLanguage, code)})
		}
		d.tell(d.me, v.Say("language.ask"), row)
	}
}

// languageTap settles which language who acted reads.
func (d *decision) languageTap(a parsedAction) {
	if !phrases.Speaks(a.arg(0)) {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	d.me.Language = a.arg(0)
	d.touchMember(d.me)
	d.tell(d.me, d.voice(d.me).Say("language.done"))
}

// input settles words that answer one of the host's own questions.
func (d *decision) input(step string) {
	text := strings.TrimSpace(d.event.Text)
	what, arg, _ := strings.Cut(step, "/")
	switch what {
	case askedCity:
		d.city(text)
	case "name":
		name := personName(text)
		if name == nobody {
			d.tell(d.me, d.voice(d.me).Say("name.ask", "me", d.me.Name))
			return
		}
		d.me.Name = name
		d.askedDone()
		d.touchMember(d.me)
		d.tell(d.me, d.voice(d.me).Say("name.done", "me", d.me.Name))
	case "card":
		d.writtenCard(text)
	case "time":
		hhmm, ok := parseClock(text)
		if !ok {
			d.tell(d.me, d.voice(d.me).Say("time.unclear"))
			return
		}
		d.proposeTime(arg, hhmm)
	default:
		d.stray()
	}
}

// parseClock reads a time of day as people write it: "21:15", "21.15", "2115", "9",
// "9 pm".
func parseClock(s string) (string, bool) {
	s = strings.NewReplacer("a.m.", "am", "p.m.", "pm", " ", "").Replace(strings.ToLower(s))
	s, am := strings.CutSuffix(s, "am")
	s, pm := strings.CutSuffix(s, "pm")
	s = strings.NewReplacer(".", ":", "h", ":").Replace(s)
	s = strings.TrimSuffix(s, ":")
	if len(s) == 4 && !strings.Contains(s, ":") {
		s = s[:2] + ":" + s[2:]
	}
	hour, minute, ok := strings.Cut(s, ":")
	if !ok {
		minute = "00"
	}
	h, err1 := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	if (am || pm) && (h < 1 || h > 12) {
		return "", false
	}
	if (am && h == 12) || (pm && h < 12) {
		h = (h + 12) % 24
	}
	if err1 != nil || err2 != nil || h < 0 || h > 23 || m < 0 || m > 59 {
		return "", false
	}
	return fmt.Sprintf("%02d%02d", h, m), true
}

// timeTap settles the buttons about a ritual's hour.
func (d *decision) timeTap(a parsedAction) {
	f := d.lib.Ritual(a.arg(0))
	if f == nil || f.Schedule == "" || !d.s.Couple.Complete() {
		d.toast(d.voice(d.me).Say("passed"))
		return
	}
	switch what := a.arg(1); what {
	case "":
		d.askTime(f)
	case "off":
		d.apply(d.s.Couple.Setting(f.ID).Switched(f, false))
	case "day":
		d.dayTap(f, a.arg(2))
	case "on":
		d.propose(d.s.Couple.Setting(f.ID).Switched(f, true))
	default:
		d.proposeTime(f.ID, what)
	}
}

// askTime asks for a ritual's new hour, with some near the one it has.
func (d *decision) askTime(f *rituals.Ritual) {
	v := d.voice(d.me)
	r, ok := d.s.Couple.Keeps(f)
	switch {
	case !ok && f.Off:
		d.showSpare(f)
		return
	case !ok:
		d.tell(d.me, v.Say("time.is.off", "title", f.Title.In(d.me.Language)),
			[]rituals.Choice{{Label: v.Say("time.on"), Action: action(doTime, f.ID, "on")}})
		return
	}
	s, err := rituals.ParseSchedule(d.scheduleFor(d.me, r))
	if err != nil {
		return
	}
	h, m := s.TimeOfDay()
	var row []rituals.Choice
	for _, step := range []int{-60, -30, 30, 60} {
		t := clock(rituals.Day("2000-01-02").At(h, m+step))
		row = append(row, rituals.Choice{Label: t, Action: action(doTime, f.ID, strings.ReplaceAll(t, ":", ""))})
	}
	last := []rituals.Choice{{Label: v.Say("time.never"), Action: action(doTime, f.ID, "off")}}
	if f.Acts(rituals.ActTogether) {
		last = append(last, rituals.Choice{Label: v.Say("together.button"), Action: action(doTime, f.ID, "day")})
	}
	d.me.Asked = rituals.Asked{Step: "time/" + f.ID, At: d.now}
	d.touchMember(d.me)
	d.say(d.me, rituals.Message{
		Blocks:  paragraphs(v.Say("time.ask", "title", f.Title.In(d.me.Language), "time", d.allReadings(d.me, r), "partner", d.partner(d.me))),
		Choices: [][]rituals.Choice{row, last},
		Input:   form(v),
	})
}
