package zones

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestList(t *testing.T) {
	if size := len(placesFile) + len(countriesFile); size > 300_000 {
		t.Errorf("the embedded lists are %d bytes; want at most 300,000", size)
	}
	a := list()
	if n := len(a.cities); n < 5000 {
		t.Errorf("%d cities; want at least 5,000", n)
	}
	if n := len(a.countries); n < 245 {
		t.Errorf("%d countries; want all, which is at least 245", n)
	}
	for _, z := range a.zones {
		if _, err := time.LoadLocation(z); err != nil || z == "" || z == "Local" {
			t.Errorf("LoadLocation(%q) = %v; want every zone of the list to be known", z, err)
		}
	}
	for i := range a.cities {
		c := &a.cities[i]
		if i > 0 && c.people > a.cities[i-1].people {
			t.Fatalf("%s comes after %s, which is smaller", c.name, a.cities[i-1].name)
		}
		if c.name == "" || fitness(c.keys, Fold(c.name)) != exactly {
			t.Errorf("fitness(%q, %q) is not exact; want a city to be found by its name", c.keys, Fold(c.name))
		}
	}
}

// Whoever types the name of a country gets a place in it.
func TestFindEveryCountry(t *testing.T) {
	for _, c := range list().countries {
		found := Find(c.name)
		if !slices.ContainsFunc(found, func(p Place) bool { return p.Country == c.name }) {
			t.Errorf("Find(%q) = %v; want a place there", c.name, found)
		}
	}
}

func TestFind(t *testing.T) {
	tests := []struct {
		name, query string
		want        []string // the first places and their zones
	}{
		{"just the name", "Berlin", []string{"Berlin, Germany Europe/Berlin"}},
		{"in small letters, with a space", " berlin ", []string{"Berlin, Germany Europe/Berlin"}},
		{"its beginning", "copenh", []string{"Copenhagen, Denmark Europe/Copenhagen"}},
		{"without accents", "sao paulo", []string{"São Paulo, Brazil America/Sao_Paulo"}},
		{"with accents it does not have", "Bérlín", []string{"Berlin, Germany Europe/Berlin"}},
		{"its own name", "München", []string{"Munich, Germany Europe/Berlin"}},
		{"an umlaut spelt out", "Duesseldorf", []string{"Düsseldorf, Germany Europe/Berlin"}},
		{"another language", "Wien", []string{"Vienna, Austria Europe/Vienna"}},
		{"another script", "Москва", []string{"Moscow, Russia Europe/Moscow"}},
		{"a name that has changed", "Kiev", []string{"Kyiv, Ukraine Europe/Kyiv"}},
		{"Saint cut short", "st petersb", []string{"Saint Petersburg, Russia Europe/Moscow"}},
		{"a later word, after names that begin so", "york", []string{
			"York, United Kingdom Europe/London", "York, United States America/New_York", "New York City, United States America/New_York"}},
		{"the larger first", "london", []string{"London, United Kingdom Europe/London", "London, Canada America/Toronto"}},
		{"its own name before others that begin so", "san", []string{"San Marino Europe/San_Marino", "Santiago, Chile America/Santiago"}},
		{"two in one country", "portland", []string{
			"Portland, Oregon, United States America/Los_Angeles", "Portland, Maine, United States America/New_York"}},
		{"narrowed to a region", "portland, maine", []string{"Portland, Maine, United States America/New_York"}},
		{"narrowed to a country by its code", "london, ca", []string{"London, Canada America/Toronto"}},
		{"a country without a comma", "london canada", []string{"London, Canada America/Toronto"}},
		{"two words and a country", "New York usa", []string{"New York City, United States America/New_York"}},
		{"a country with one time", "Deutschland", []string{"Germany Europe/Berlin"}},
		{"a country with several", "Spain", []string{"Madrid, Spain Europe/Madrid", "Las Palmas de Gran Canaria, Spain Atlantic/Canary"}},
		{"a country in short", "usa", []string{"New York City, United States America/New_York", "Los Angeles, United States America/Los_Angeles"}},
		{"a part of a country that people call one", "Scotland", []string{"United Kingdom Europe/London"}},
		{"a city that is a country", "Singapore", []string{"Singapore Asia/Singapore"}},
		{"a zone set apart in 2016", "Saratov", []string{"Saratov, Russia Europe/Saratov"}},
		{"a zone set apart in 2022", "Ciudad Juarez", []string{"Ciudad Juárez, Mexico America/Ciudad_Juarez"}},
		{"an island with a clock of its own", "Lord Howe", []string{"Lord Howe, Australia Australia/Lord_Howe"}},
		{"nothing like it", "Atlantis upon Sea", nil},
		{"nothing", "", nil},
		{"no letters", "🙂 | \x00", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, p := range Find(tt.query) {
				got = append(got, p.String()+" "+p.Zone)
			}
			if len(got) < len(tt.want) || !slices.Equal(got[:len(tt.want)], tt.want) || tt.want == nil && got != nil {
				t.Errorf("Find(%q) = %q; want %q first", tt.query, got, tt.want)
			}
		})
	}
}

func TestFindIsNeverLong(t *testing.T) {
	for _, query := range []string{"a", "san", "new", strings.Repeat("x", 100_000), strings.Repeat("x ", 50_000), strings.Repeat("é,", 50_000)} {
		if got := Find(query); len(got) > most {
			t.Errorf("Find(%.10q…) = %d places; want at most %d", query, len(got), most)
		}
	}
}

// On a winter's evening in Berlin.
var winter = time.Date(2026, 11, 23, 19, 14, 30, 0, time.UTC)

func TestNow(t *testing.T) {
	tests := []struct {
		name         string
		t            time.Time
		hour, minute int
		want         []string // zones of the first place of each clock, in order
	}{
		{"those without summer time are told apart", winter, 20, 14,
			[]string{"Europe/Berlin", "Africa/Lagos", "Africa/Casablanca"}},
		{"a clock that is five minutes fast", winter, 20, 19,
			[]string{"Europe/Berlin", "Africa/Lagos", "Africa/Casablanca"}},
		{"India is half an hour from the others", winter, 0, 44, []string{"Asia/Kolkata"}},
		{"Nepal a quarter", winter, 0, 59, []string{"Asia/Kathmandu"}},
		{"a slow clock before midnight, where it is past", time.Date(2026, 11, 23, 18, 32, 0, 0, time.UTC), 23, 58, []string{"Asia/Kolkata"}},
		{"a clock at midnight", time.Date(2026, 11, 23, 18, 32, 0, 0, time.UTC), 0, 0, []string{"Asia/Kolkata"}},
		{"it is that time nowhere", winter, 20, 29, []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := []string{}
			for _, c := range Now(tt.t, tt.hour, tt.minute) {
				got = append(got, c.Places[0].Zone)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Now(%v, %d, %d) = %v; want %v", tt.t, tt.hour, tt.minute, got, tt.want)
			}
		})
	}
}

// Every place that Now names reads that time, also in a week when some clocks
// have changed and others have not.
func TestNowIsTrue(t *testing.T) {
	for _, at := range []time.Time{winter, time.Date(2027, 3, 20, 12, 0, 0, 0, time.UTC), time.Date(2028, 12, 31, 12, 0, 0, 0, time.UTC), time.Date(2011, 7, 1, 3, 0, 0, 0, time.UTC)} {
		places := 0
		for _, r := range Offsets(at) {
			for _, c := range Now(at, r.Hour, r.Minute) {
				for _, p := range c.Places {
					places++
					loc, err := time.LoadLocation(p.Zone)
					if err != nil {
						t.Fatal(err)
					}
					if hour, minute, _ := at.In(loc).Clock(); hour != r.Hour || minute != r.Minute {
						t.Errorf("Now(%v, %d, %d) has %v, where it is %02d:%02d", at, r.Hour, r.Minute, p, hour, minute)
					}
				}
			}
		}
		if places < 80 {
			t.Errorf("%d places at %v; want some for every clock in the world", places, at)
		}
	}
}

func TestOffsets(t *testing.T) {
	readings := Offsets(winter)
	if len(readings) < 30 {
		t.Errorf("Offsets(%v) = %d times of day; want those of the whole world", winter, len(readings))
	}
	seen := make(map[[2]int]bool)
	cities := 0
	for _, r := range readings {
		if at := [2]int{r.Hour, r.Minute}; seen[at] {
			t.Errorf("Offsets(%v) has %02d:%02d twice", winter, r.Hour, r.Minute)
		} else {
			seen[at] = true
		}
		cities += r.Cities
	}
	if want := len(list().cities); cities != want {
		t.Errorf("Offsets(%v) counts %d cities; want each of the %d once", winter, cities, want)
	}
	if i := slices.IndexFunc(readings, func(r Reading) bool { return r.Hour == 20 && r.Minute == 14 }); i < 0 || readings[i].People < 100_000_000 {
		t.Errorf("Offsets(%v) = %v; want 20:14, with all the people of central Europe", winter, readings)
	}
}

// The attribution stands where the licence wants it.
func TestAttribution(t *testing.T) {
	text, err := os.ReadFile("LICENSE-DATA")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"GeoNames", "Changes:", "Creative Commons Attribution 4.0 International Public License"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("LICENSE-DATA does not say %q", want)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	for _, query := range []string{"Berlin", "san", "usa", "Atlantis"} {
		b.Run(query, func(b *testing.B) {
			list()
			b.ReportAllocs()
			for b.Loop() {
				Find(query)
			}
		})
	}
}

func BenchmarkNow(b *testing.B) {
	for b.Loop() {
		Now(winter, 20, 14)
	}
}

// BenchmarkFirstUse unpacks the list and works out the groups of a year, and
// reports what stays in memory.
func BenchmarkFirstUse(b *testing.B) {
	var before, after runtime.MemStats
	for b.Loop() {
		latest.groups = nil
		runtime.GC()
		runtime.ReadMemStats(&before)
		a := unpack()
		g := groupsIn(a, 2026)
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(a)
		runtime.KeepAlive(g)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc), "resident-B")
}
