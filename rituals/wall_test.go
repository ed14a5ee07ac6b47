package rituals

import (
	"sync"
	"testing"
	"time"
)

func TestLocation(t *testing.T) {
	for _, name := range []string{"", "Local", "localtime", "Berlin", "../etc/localtime", "Europe/Atlantis"} {
		if loc, err := Location(name); err == nil {
			t.Errorf("Location(%q) = %v, nil; want an error", name, loc)
		}
	}
	first, err := Location("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	if second, err := Location("Asia/Tokyo"); second != first || err != nil {
		t.Errorf("Location a second time = %p, %v; want the same %p", second, err, first)
	}
}

func TestWallAtIn(t *testing.T) {
	tests := []struct {
		name, zone, wall, want string // want: empty for none
	}{
		{"an ordinary evening", "Europe/Berlin", "2026-11-23 21:30", "2026-11-23T21:30:00+01:00"},
		{"a time that does not come", "Europe/Berlin", "2026-03-29 02:30", "2026-03-29T03:00:00+02:00"},
		{"the first minute of a gap", "Europe/Berlin", "2026-03-29 02:00", "2026-03-29T03:00:00+02:00"},
		{"the last minute before a gap", "Europe/Berlin", "2026-03-29 01:59", "2026-03-29T01:59:00+01:00"},
		{"a time that comes twice", "Europe/Berlin", "2026-10-25 02:30", "2026-10-25T02:30:00+02:00"},
		{"the first minute after both", "Europe/Berlin", "2026-10-25 03:00", "2026-10-25T03:00:00+01:00"},
		{"a date that does not exist", "Pacific/Apia", "2011-12-30 12:00", ""},
		{"the date before it", "Pacific/Apia", "2011-12-29 23:59", "2011-12-29T23:59:00-10:00"},
		{"a date lost before the remembered years", "Pacific/Kwajalein", "1993-08-21 12:00", ""},
		{"a date that came twice", "America/Juneau", "1867-10-18 20:00", "1867-10-18T20:00:00+15:02"},
		{"a zone without changes", "Asia/Kolkata", "2026-03-29 02:30", "2026-03-29T02:30:00+05:30"},
		{"a year past the remembered ones", "Europe/Berlin", "2150-03-29 02:30", "2150-03-29T03:00:00+02:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			loc := zone(t, tt.zone)
			got, ok := clock(t, tt.wall).In(loc)
			if tt.want == "" {
				if ok {
					t.Errorf("In(%v) = %v; want none", loc, got)
				}
				return
			}
			if s := got.Format(time.RFC3339); !ok || s != tt.want {
				t.Errorf("In(%v) = %s, %v; want %s", loc, s, ok, tt.want)
			}
		})
	}
}

// Reading the clock at the instant a reading stands for gives the reading back,
// to the nanosecond.
func TestWallAtGivesBackWhatIn(t *testing.T) {
	loc := zone(t, "America/St_Johns")
	w := Wall(time.Date(2026, 11, 23, 21, 30, 0, 123, time.UTC))
	at, ok := w.In(loc)
	if got := WallAt(at, loc); !ok || got != w {
		t.Errorf("WallAt(%v) = %v, %v; want %v", at, got.Time(), ok, w.Time())
	}
}

func TestZoneThatWasNotRemembered(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at, ok := clock(t, "2026-03-29 02:30").In(loc)
	if got := at.Format(time.RFC3339); !ok || got != "2026-03-29T03:00:00+02:00" {
		t.Errorf("In(a zone loaded elsewhere) = %s, %v; want 2026-03-29T03:00:00+02:00", got, ok)
	}
}

// Everybody's first question about a zone may come at the same moment.
func TestZonesAndSchedulesTogether(t *testing.T) {
	from := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	want := time.Date(2026, 11, 23, 19, 57, 0, 0, time.UTC)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			loc, err := Location("Europe/Sofia")
			if err != nil {
				t.Error(err)
				return
			}
			s, err := ParseSchedule("57 21 * * *")
			if err != nil {
				t.Error(err)
				return
			}
			if at, _, ok := s.After(from, loc); !ok || !at.Equal(want) {
				t.Errorf("After(%v) = %v, %v; want %v", from, at, ok, want)
			}
		})
	}
	wg.Wait()
}

func TestWindowEnd(t *testing.T) {
	tests := []struct {
		name, open string
		window     time.Duration
		want       string
	}{
		{"an evening ends at four", "2026-11-23 21:30", 6*time.Hour + 30*time.Minute, "2026-11-24 04:00"},
		{"a long window ends at four all the same", "2026-11-23 21:30", 20 * time.Hour, "2026-11-24 04:00"},
		{"a short one ends by itself", "2026-11-23 08:00", 3 * time.Hour, "2026-11-23 11:00"},
		{"one begun after midnight ends the same night", "2026-11-24 00:40", 6 * time.Hour, "2026-11-24 04:00"},
		{"one begun at four has a day", "2026-11-24 04:00", 30 * time.Hour, "2026-11-25 04:00"},
		{"one begun just before four has a minute", "2026-11-24 03:59", time.Hour, "2026-11-24 04:00"},
		{"the clock changes and the window does not mind", "2026-10-24 21:30", 5 * time.Hour, "2026-10-25 02:30"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := WindowEnd(clock(t, tt.open), tt.window)
			if s := got.Time().Format("2006-01-02 15:04"); s != tt.want {
				t.Errorf("WindowEnd(%s, %v) = %s; want %s", tt.open, tt.window, s, tt.want)
			}
		})
	}
}

func TestEveningDay(t *testing.T) {
	tests := []struct {
		name, wall string
		want       Day
	}{
		{"an evening", "2026-11-23 21:30", "2026-11-23"},
		{"after midnight", "2026-11-24 00:40", "2026-11-23"},
		{"just before four", "2026-11-24 03:59", "2026-11-23"},
		{"at four", "2026-11-24 04:00", "2026-11-24"},
		{"on New Year's night", "2027-01-01 01:00", "2026-12-31"},
	}
	for _, tt := range tests {
		if got := EveningDay(clock(t, tt.wall)); got != tt.want {
			t.Errorf("%s: EveningDay(%s) = %s; want %s", tt.name, tt.wall, got, tt.want)
		}
	}
}

func TestQuiet(t *testing.T) {
	tests := []struct {
		at   string
		want bool
	}{{"22:29", false}, {"22:30", true}, {"00:00", true}, {"07:29", true}, {"07:30", false}, {"12:00", false}}
	for _, tt := range tests {
		if got := Quiet(clock(t, "2026-11-23 "+tt.at)); got != tt.want {
			t.Errorf("Quiet(%s) = %v; want %v", tt.at, got, tt.want)
		}
	}
}

func TestDay(t *testing.T) {
	d, err := ParseDay("2028-02-28")
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Add(1); got != "2028-02-29" {
		t.Errorf("Add(1) = %s; want the leap day", got)
	}
	if got := d.Weekday(); got != time.Monday {
		t.Errorf("Weekday() = %v; want Monday", got)
	}
	for _, s := range []string{"", "2026-2-3", "2026-02-30", "23.11.2026"} {
		if got, err := ParseDay(s); err == nil {
			t.Errorf("ParseDay(%q) = %q, nil; want an error", s, got)
		}
	}
}
