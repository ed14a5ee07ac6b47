package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"attune/rituals"
	"attune/rituals/library"
)

type ritualsCommand struct {
	Check  checkCommand  `cmd:"" help:"Check a folder of ritual files."`
	Next   nextCommand   `cmd:"" help:"Show when rituals come, for two zones side by side."`
	Schema schemaCommand `cmd:"" help:"Print the JSON Schema of ritual files, or of decks, for an editor."`
}

type checkCommand struct {
	Dir string `arg:"" help:"The folder with the files."`
}

// Run prints all that is wrong with the folder, or the rituals that would be
// kept with it.
func (c checkCommand) Run(t terminal) error {
	lib, err := library.Load(c.Dir)
	if err != nil {
		return explain(t.err, err)
	}
	fmt.Fprintf(t.out, "%d rituals and %d decks, all good\n\n", len(lib.All()), len(lib.Decks()))
	table := tabwriter.NewWriter(t.out, 0, 0, 3, ' ', 0)
	for _, r := range lib.All() {
		from := "shipped with Attune"
		if f := lib.File(r.ID); f != "" {
			from = f
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.ID, r.Title.In("en"), next(r, time.Now()), from)
	}
	return table.Flush()
}

// explain writes what is wrong with ritual files.
func explain(w io.Writer, err error) error {
	var problems library.Problems
	if !errors.As(err, &problems) {
		return err
	}
	what := "1 problem"
	if n := len(problems); n > 1 {
		what = fmt.Sprintf("%d problems", n)
	}
	fmt.Fprintf(w, "%v\n\n%s\n", problems, what)
	return errReported
}

// next says when a ritual comes next, on the clock of this machine.
func next(r *rituals.Ritual, now time.Time) string {
	switch {
	case r.Schedule != "":
		s, err := rituals.ParseSchedule(r.Schedule)
		if err != nil {
			return err.Error() // the library holds only rituals whose schedule can be read
		}
		at, _, ok := s.After(now, time.Local)
		if !ok {
			return "not within ten years"
		}
		return "next " + at.Format("Mon 2006-01-02 15:04")
	case r.Pairing:
		return "when two have joined"
	case r.Follows != "":
		return fmt.Sprintf("%s after %s", strings.TrimSuffix(r.Wait.String(), "0m0s"), r.Follows)
	}
	return "on /" + r.ID
}

type nextCommand struct {
	Dir  string   `arg:"" optional:"" help:"A folder with ritual files of your own."`
	Zone []string `default:"UTC" help:"Where the two live, such as Europe/Berlin. The first is the couple's own."`
	Days int      `default:"14" help:"How many days to show, up to 400."`
	From string   `help:"The first of them, such as 2026-11-23; today if left out."`
	Off  bool     `help:"Show also what comes with Attune and is off until a couple switches it on."`
}

// Validate is called before Run.
func (c nextCommand) Validate() error {
	if c.Days < 1 || c.Days > 400 {
		return fmt.Errorf("--days is %d; write a number from 1 to 400", c.Days)
	}
	return nil
}

// Run prints a line for every day and ritual. A ritual on the couple's clock
// comes at one moment for all; one on each member's clock at the same time of
// day for each. It is as for a couple that has kept many evenings and has switched
// nothing on or off.
func (c nextCommand) Run(t terminal) error {
	lib, err := library.Load(c.Dir)
	if err != nil {
		return explain(t.err, err)
	}
	var zones []*time.Location
	for _, name := range c.Zone {
		loc, err := rituals.Location(name)
		if err != nil {
			return err
		}
		zones = append(zones, loc)
	}
	first := rituals.DayOf(rituals.WallAt(time.Now(), zones[0]))
	if c.From != "" {
		if first, err = rituals.ParseDay(c.From); err != nil {
			return err
		}
	}
	comes := slices.DeleteFunc(slices.Clone(lib.All()), func(r *rituals.Ritual) bool {
		return r.Off && !c.Off && lib.File(r.ID) == ""
	})
	return calendar{zones, first, c.Days}.print(t.out, comes)
}

// A calendar is a stretch of days as it is in some zones. The first zone is the
// couple's own.
type calendar struct {
	zones []*time.Location
	first rituals.Day
	days  int
}

// print writes when the rituals come.
func (c calendar) print(w io.Writer, all []*rituals.Ritual) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprint(table, "\t")
	for _, z := range c.zones {
		fmt.Fprintf(table, "\t%s", z)
	}
	fmt.Fprintln(table)
	marked, off := false, false
	for i := range c.days {
		day := c.first.Add(i)
		date := day.Weekday().String()[:3] + " " + string(day)
		for _, line := range c.lines(day, all) {
			name := line.ritual.ID
			if line.ritual.Off {
				name, off = name+" (off)", true
			}
			fmt.Fprintf(table, "%s\t%s", date, name)
			for j, at := range line.at {
				mark := ""
				if clockChanges(day, c.zones[j]) {
					mark, marked = " *", true
				}
				fmt.Fprintf(table, "\t%s%s", reading(at, day), mark)
			}
			fmt.Fprintln(table)
			date = ""
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if marked || off {
		fmt.Fprintln(w)
	}
	if marked {
		fmt.Fprintln(w, "* the clock changes on this day")
	}
	if off {
		fmt.Fprintln(w, "(off) only where a couple has switched it on")
	}
	return nil
}

// A line is one ritual on one day: when it comes in each zone.
type line struct {
	ritual *rituals.Ritual
	at     []time.Time // zero: not on that day
}

// lines returns the rituals of a day in the order in which they come.
func (c calendar) lines(day rituals.Day, all []*rituals.Ritual) []line {
	var lines []line
	for _, r := range all {
		if r.Private {
			continue // it comes only to who has asked for it
		}
		l := line{ritual: r}
		for _, z := range c.zones {
			own := z
			if r.Clock == rituals.ByCouple {
				own = c.zones[0]
			}
			at := comes(r, day, own)
			if !at.IsZero() {
				at = at.In(z)
			}
			l.at = append(l.at, at)
		}
		if slices.ContainsFunc(l.at, func(t time.Time) bool { return !t.IsZero() }) {
			lines = append(lines, l)
		}
	}
	lines = slices.DeleteFunc(lines, func(l line) bool {
		return slices.ContainsFunc(all, func(r *rituals.Ritual) bool {
			return r.Instead == l.ritual.ID && !r.Off && !comes(r, day, c.zones[0]).IsZero()
		})
	})
	slices.SortStableFunc(lines, func(a, b line) int { return a.at[0].Compare(b.at[0]) })
	return lines
}

// comes returns when a ritual comes for a day in a zone, or the zero time.
func comes(r *rituals.Ritual, day rituals.Day, loc *time.Location) time.Time {
	if r.Schedule == "" {
		return time.Time{}
	}
	s, err := rituals.ParseSchedule(r.Schedule)
	if err != nil {
		return time.Time{} // the library holds only rituals whose schedule can be read
	}
	w, ok := s.Next(day.At(0, 0).Add(-time.Minute))
	if !ok || rituals.DayOf(w) != day {
		return time.Time{}
	}
	at, _ := w.In(loc)
	return at
}

// reading returns the time of day, with the date if it is not that day's.
func reading(at time.Time, day rituals.Day) string {
	switch {
	case at.IsZero():
		return "-"
	case at.Format(time.DateOnly) != string(day):
		return at.Format("15:04 (Mon 02)")
	}
	return at.Format("15:04")
}

// clockChanges reports whether a day begins and ends at different distances from
// UTC.
func clockChanges(day rituals.Day, loc *time.Location) bool {
	from, ok := day.At(0, 0).In(loc)
	to, ok2 := day.Add(1).At(0, 0).In(loc)
	_, before := from.Zone()
	_, after := to.Zone()
	return ok && ok2 && before != after
}
