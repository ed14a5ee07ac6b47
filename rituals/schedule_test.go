package rituals

import (
	"strings"
	"testing"
	"time"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := Location(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func clock(t testing.TB, s string) Wall {
	t.Helper()
	w, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return Wall(w)
}

func TestAfterWhereClocksChange(t *testing.T) {
	tests := []struct {
		name  string
		spec  string
		zone  string
		after string // a reading there
		want  []string
	}{
		{"Berlin keeps its evening when summer ends", "30 21 * * *", "Europe/Berlin", "2026-10-24 12:00",
			[]string{"2026-10-24 for 2026-10-24T21:30:00+02:00", "2026-10-25 for 2026-10-25T21:30:00+01:00"}},
		{"Berlin's half past two moves to three in spring", "30 2 * * *", "Europe/Berlin", "2026-03-28 12:00",
			[]string{"2026-03-29 for 2026-03-29T03:00:00+02:00", "2026-03-30 for 2026-03-30T02:30:00+02:00"}},
		{"Berlin's half past two comes once in autumn", "30 2 * * *", "Europe/Berlin", "2026-10-24 12:00",
			[]string{"2026-10-25 for 2026-10-25T02:30:00+02:00", "2026-10-26 for 2026-10-26T02:30:00+01:00"}},
		{"Lord Howe, half an hour, loses no day", "0 21 * * *", "Australia/Lord_Howe", "2026-10-02 22:00",
			[]string{"2026-10-03 for 2026-10-03T21:00:00+10:30", "2026-10-04 for 2026-10-04T21:00:00+11:00", "2026-10-05 for 2026-10-05T21:00:00+11:00"}},
		{"Lord Howe's quarter past two is half an hour's gap", "15 2 * * *", "Australia/Lord_Howe", "2026-10-03 12:00",
			[]string{"2026-10-04 for 2026-10-04T02:30:00+11:00", "2026-10-05 for 2026-10-05T02:15:00+11:00"}},
		{"Beirut's Sunday evening comes on its spring day", "0 21 * * 0", "Asia/Beirut", "2026-03-23 00:00",
			[]string{"2026-03-29 for 2026-03-29T21:00:00+03:00", "2026-04-05 for 2026-04-05T21:00:00+03:00"}},
		{"Havana's missing midnight is one o'clock", "0 0 * * *", "America/Havana", "2026-03-07 12:00",
			[]string{"2026-03-08 for 2026-03-08T01:00:00-04:00", "2026-03-09 for 2026-03-09T00:00:00-04:00"}},
		{"Havana's two midnights are the first", "0 0 * * *", "America/Havana", "2026-10-31 12:00",
			[]string{"2026-11-01 for 2026-11-01T00:00:00-04:00", "2026-11-02 for 2026-11-02T00:00:00-05:00"}},
		{"Cairo's missing midnight is one o'clock", "0 0 * * *", "Africa/Cairo", "2026-04-23 12:00",
			[]string{"2026-04-24 for 2026-04-24T01:00:00+03:00", "2026-04-25 for 2026-04-25T00:00:00+03:00"}},
		{"Cairo's half past eleven comes twice and is the first", "30 23 * * *", "Africa/Cairo", "2026-10-29 12:00",
			[]string{"2026-10-29 for 2026-10-29T23:30:00+03:00", "2026-10-30 for 2026-10-30T23:30:00+02:00"}},
		{"Santiago's missing midnight is one o'clock", "0 0 * * *", "America/Santiago", "2026-09-05 12:00",
			[]string{"2026-09-06 for 2026-09-06T01:00:00-03:00", "2026-09-07 for 2026-09-07T00:00:00-03:00"}},
		{"Chatham, where the clock changes at a quarter to three", "45 3 * * *", "Pacific/Chatham", "2026-09-26 12:00",
			[]string{"2026-09-27 for 2026-09-27T03:45:00+13:45", "2026-09-28 for 2026-09-28T03:45:00+13:45"}},
		{"Chatham in autumn", "45 3 * * *", "Pacific/Chatham", "2026-04-04 12:00",
			[]string{"2026-04-05 for 2026-04-05T03:45:00+12:45", "2026-04-06 for 2026-04-06T03:45:00+12:45"}},
		{"Nuuk's Saturday evening fires on Sunday and is Saturday's", "30 23 * * 6", "America/Nuuk", "2026-03-28 12:00",
			[]string{"2026-03-28 for 2026-03-29T00:00:00-01:00", "2026-04-04 for 2026-04-04T23:30:00-01:00"}},
		{"Apia had no 30 December 2011", "30 21 * * *", "Pacific/Apia", "2011-12-28 22:00",
			[]string{"2011-12-29 for 2011-12-29T21:30:00-10:00", "2011-12-31 for 2011-12-31T21:30:00+14:00"}},
		{"Apia's midnight after the lost day is its own", "@daily", "Pacific/Apia", "2011-12-28 22:00",
			[]string{"2011-12-29 for 2011-12-29T00:00:00-10:00", "2011-12-31 for 2011-12-31T00:00:00+14:00"}},
		{"the last day of a leap year", "30 21 * * *", "America/New_York", "2040-12-30 12:00",
			[]string{"2040-12-30 for 2040-12-30T21:30:00-05:00", "2040-12-31 for 2040-12-31T21:30:00-05:00"}},
		{"a leap day skips the year 2100", "0 9 29 2 *", "UTC", "2096-03-01 00:00",
			[]string{"2104-02-29 for 2104-02-29T09:00:00Z"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := ParseSchedule(tt.spec)
			if err != nil {
				t.Fatal(err)
			}
			loc := zone(t, tt.zone)
			at, ok := clock(t, tt.after).In(loc)
			if !ok {
				t.Fatalf("%s does not exist", tt.after)
			}
			for _, want := range tt.want {
				var day Day
				before := at
				at, day, ok = s.After(before, loc)
				if got := string(day) + " for " + at.Format(time.RFC3339); got != want || !ok {
					t.Fatalf("After(%v) = %q, %v; want %q", before, got, ok, want)
				}
			}
		})
	}
}

func TestAfterInTheSecondOfTwoHours(t *testing.T) {
	s, err := ParseSchedule("30 2 * * *")
	if err != nil {
		t.Fatal(err)
	}
	second := time.Date(2026, 10, 25, 1, 10, 0, 0, time.UTC) // 02:10 in Berlin for the second time
	at, day, ok := s.After(second, zone(t, "Europe/Berlin"))
	if want := time.Date(2026, 10, 26, 1, 30, 0, 0, time.UTC); !ok || !at.Equal(want) || day != "2026-10-26" {
		t.Errorf("After(%v) = %v for %s, %v; want %v", second, at, day, ok, want)
	}
}

func TestParseScheduleRefuses(t *testing.T) {
	tests := []struct {
		name, spec, want string
	}{
		{"nothing", " ", "it is empty; write five fields"},
		{"a zone", "TZ=Europe/Berlin 30 21 * * *", "leave out the zone"},
		{"a zone without anything after it", "TZ=Europe/Berlin", "leave out the zone"},
		{"a zone in cron's words", "CRON_TZ=UTC", "leave out the zone"},
		{"an interval", "@every 24h", "none of @daily, @weekly and @monthly"},
		{"an hourly word", "@hourly", "none of @daily, @weekly and @monthly"},
		{"a yearly word", "@yearly", "none of @daily, @weekly and @monthly"},
		{"a start of the program", "@reboot", "none of @daily, @weekly and @monthly"},
		{"four fields", "30 21 * *", "it has 4 fields and needs five"},
		{"seconds", "0 30 21 * * *", "it has 6 fields and needs five"},
		{"every minute", "* 21 * * *", `minute "*" would be more than once a day; write one number from 0 to 59`},
		{"two hours", "30 9,21 * * *", `hour "9,21" would be more than once a day; write one number from 0 to 23`},
		{"a range of hours", "0 9-17 * * *", `hour "9-17" would be more than once a day`},
		{"a step with several values", "*/30 21 * * *", `minute "*/30" would be more than once a day`},
		{"an hour there is not", "30 24 * * *", `hour "24" is not understood; write one number from 0 to 23`},
		{"a word", "half 21 * * *", `minute "half" is not understood`},
		{"a lone comma", "30 21 , * *", `day of month "," is not understood`},
		{"Sunday as seven", "30 21 * * 7", `day of week "7" is not understood; write *, numbers from 0 for Sunday`},
		{"31 February", "30 21 31 2 *", "no month of it has a day 31"},
		{"31 of short months", "30 21 31 4,6,9,11 *", "no month of it has a day 31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := ParseSchedule(tt.spec)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("ParseSchedule(%q) = %v, %v; want an error with %q", tt.spec, s, err, tt.want)
			}
		})
	}
}

func TestParseScheduleAccepts(t *testing.T) {
	tests := []struct {
		spec   string
		hour   int
		minute int
		next   string // after Monday 2026-11-23 12:00
	}{
		{"30 21 * * *", 21, 30, "2026-11-23 21:30"},
		{"  5   8 * * mon-fri ", 8, 5, "2026-11-24 08:05"},
		{"0 9 1-7 * *", 9, 0, "2026-12-01 09:00"},
		{"0 9 */2 jan,MAR *", 9, 0, "2027-01-01 09:00"},
		{"0 18 24 12 *", 18, 0, "2026-12-24 18:00"},
		{"0-0 20/12 * * 0", 20, 0, "2026-11-29 20:00"},
		{"0 9 29 2 *", 9, 0, "2028-02-29 09:00"},
		{"@daily", 0, 0, "2026-11-24 00:00"},
		{"@weekly", 0, 0, "2026-11-29 00:00"},
		{"@Monthly", 0, 0, "2026-12-01 00:00"},
	}
	for _, tt := range tests {
		t.Run(tt.spec, func(t *testing.T) {
			s, err := ParseSchedule(tt.spec)
			if err != nil {
				t.Fatal(err)
			}
			if hour, minute := s.TimeOfDay(); hour != tt.hour || minute != tt.minute {
				t.Errorf("TimeOfDay() = %d, %d; want %d, %d", hour, minute, tt.hour, tt.minute)
			}
			from := clock(t, "2026-11-23 12:00")
			next, ok := s.Next(from)
			if got := next.Time().Format("2006-01-02 15:04"); !ok || got != tt.next {
				t.Errorf("Next(%v) = %s, %v; want %s", from.Time(), got, ok, tt.next)
			}
			if again, err := ParseSchedule(tt.spec); again != s || err != nil {
				t.Errorf("ParseSchedule(%q) a second time = %p, %v; want the same %p", tt.spec, again, err, s)
			}
		})
	}
}

func TestAtALostDay(t *testing.T) {
	s, err := ParseSchedule("30 21 * * *")
	if err != nil {
		t.Fatal(err)
	}
	if at, ok := s.At("2011-12-30", zone(t, "Pacific/Apia")); ok {
		t.Errorf("At(2011-12-30) in Apia = %v; want none", at)
	}
}

// FuzzParseSchedule looks for a spec that panics, never ends, or fires twice on
// one day.
func FuzzParseSchedule(f *testing.F) {
	for _, spec := range []string{"30 21 * * *", "TZ=", "CRON_TZ=x", "@every 1s", "0 0 29 2 *", "/ - , ? *", "0 0 1-31/7 */3 ?"} {
		f.Add(spec)
	}
	from := Day("2024-01-01").At(0, 0)
	f.Fuzz(func(t *testing.T, spec string) {
		s, err := parseSchedule(spec)
		if err != nil {
			return
		}
		first, ok := s.Next(from)
		if !ok {
			t.Fatalf("Next(%v) of %q = none", from.Time(), spec)
		}
		if second, ok := s.Next(first); !ok || DayOf(second) <= DayOf(first) {
			t.Fatalf("Next(%v) of %q = %v, %v; want a later day", first.Time(), spec, second.Time(), ok)
		}
	})
}

func BenchmarkAfter(b *testing.B) {
	for _, spec := range []string{"30 21 * * *", "30 21 * * 0", "30 21 1 * *", "30 21 24 12 *"} {
		for _, name := range []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"} {
			b.Run(strings.ReplaceAll(spec, " ", "_")+"/"+name, func(b *testing.B) {
				loc := zone(b, name)
				at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
				b.ReportAllocs()
				for b.Loop() {
					s, err := ParseSchedule(spec)
					if err != nil {
						b.Fatal(err)
					}
					if _, _, ok := s.After(at, loc); !ok {
						b.Fatal("never again")
					}
				}
			})
		}
	}
}
