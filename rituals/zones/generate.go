//go:build ignore

// Generate writes places.tsv.gz and countries.tsv from GeoNames' lists of cities
// and countries, as Debian's package libtimezonemap-data carries them, and from
// the time zone database's zone.tab and tzdata.zi.
//
// The corrections to them are in corrections.go. Run it by "go generate" on a Debian machine with the package tzdata; or name a
// folder that holds the unpacked package by -from.
package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"attune/rituals/zones"
)

const (
	smallest = 40_000  // people in a city that is listed whatever its country
	atLeast  = 8       // cities that a country has listed, if it has as many
	known    = 400_000 // people in a city that is listed under its other names too
	famous   = 1_000_000
)

type city struct {
	name, country, region, zone string
	people                      int
	keys                        []string
}

func main() {
	log.SetFlags(0)
	from := flag.String("from", "", "folder with the unpacked package")
	tz := flag.String("tz", "/usr/share/zoneinfo", "folder with zone.tab and tzdata.zi")
	flag.Parse()
	if *from == "" {
		*from = fetch()
	}
	data := filepath.Join(*from, "usr/share/libtimezonemap/ui")
	valid, links, principal := embedded(), aliases(filepath.Join(*tz, "tzdata.zi")), table(filepath.Join(*tz, "zone.tab"))

	var cities []city
	regions := make(map[string]string)
	for _, f := range rows(filepath.Join(data, "admin1Codes.txt")) {
		regions[f[0]] = f[1]
	}
	for _, f := range rows(filepath.Join(data, "cities15000.txt")) {
		if c, ok := read(f, regions); ok {
			c.zone = settle(c, f[10], links, principal)
			if !valid[c.zone] {
				log.Fatalf("%s in %s has no zone: %s", c.name, c.country, c.zone)
			}
			cities = append(cities, c)
		}
	}
	cities = choose(cities, principal)
	write("places.tsv.gz", cities)
	countries("countries.tsv", filepath.Join(data, "countryInfo.txt"), cities)
}

// fetch unpacks the package into a temporary folder.
func fetch() string {
	dir, err := os.MkdirTemp("", "zones")
	check(err)
	cmd := exec.Command("sh", "-c", "apt-get download libtimezonemap-data && dpkg-deb -x libtimezonemap-data_*.deb .")
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	check(cmd.Run())
	return dir
}

// read returns the city of a row of GeoNames' table: id, name, ASCII name, other
// names, latitude, longitude, class, code, country, …, region, …, population at
// 14 and zone at 17.
func read(f []string, regions map[string]string) (city, bool) {
	people, err := strconv.Atoi(f[14])
	check(err)
	// Parts of a city and places that are no more have codes of their own. The
	// City of London has London's people in the list.
	if f[7] == "PPLX" || f[7] == "PPLQ" || f[7] == "PPLH" || f[7] == "PPLW" || f[17] == "" || f[1] == "City of London" {
		return city{}, false
	}
	if name, ok := renamed[f[8]+" "+f[1]]; ok {
		f[1], f[3] = name, f[1]+","+f[3]
	}
	c := city{name: f[1], country: f[8], region: regions[f[8]+"."+f[10]], zone: f[17], people: people}
	c.keys = keys(f[1], f[2], f[3], people, f[7] == "PPLC")
	return c, true
}

// keys returns what a city is found by: its name, its name in ASCII, and if it is
// well known its other names.
func keys(name, ascii, others string, people int, capital bool) []string {
	all := []string{zones.Fold(name)}
	add := func(s string) {
		if s = zones.Fold(s); s != "" && !slices.ContainsFunc(all, func(k string) bool { return strings.HasPrefix(k, s) }) {
			all = append(all, s)
		}
	}
	add(ascii)
	if people < known && !capital {
		return all
	}
	for s := range strings.SplitSeq(others, ",") {
		// Three capitals are an airport; a script is kept where it is read by
		// many and the city is known to them.
		latin := strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }) < 0
		if len(s) <= 3 && strings.ToUpper(s) == s || len([]rune(s)) > 22 {
			continue
		}
		if latin || people >= famous && strings.IndexFunc(s, func(r rune) bool {
			return unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Arabic, unicode.Hebrew, unicode.Han, unicode.Hangul, unicode.Katakana)
		}) >= 0 {
			add(s)
		}
	}
	return all
}

// settle returns the zone of a city as the time zone database has it.
func settle(c city, region string, links map[string]string, principal []city) string {
	if z, ok := splits[c.country+"."+region]; ok {
		return z
	}
	if c.name == "Ciudad Juárez" {
		return "America/Ciudad_Juarez"
	}
	listed := func(z string) bool {
		return slices.ContainsFunc(principal, func(p city) bool { return p.zone == z })
	}
	if to, ok := links[c.zone]; ok && !listed(c.zone) {
		for _, p := range principal { // the alias that is the country's own
			if p.country == c.country && (p.zone == to || links[p.zone] == to) {
				return p.zone
			}
		}
		return to
	}
	return c.zone
}

// choose returns the cities to list, largest first: those of some size, some of
// each country, and the place each zone is named for if none is in it.
func choose(cities, principal []city) []city {
	slices.SortStableFunc(cities, func(a, b city) int {
		return cmp.Or(cmp.Compare(b.people, a.people), cmp.Compare(a.name, b.name))
	})
	number := make(map[string]int)
	seen := make(map[string]bool)
	var chosen []city
	for _, c := range cities {
		if c.people < smallest && number[c.country] >= atLeast && seen[c.zone] {
			continue
		}
		number[c.country]++
		seen[c.zone] = true
		chosen = append(chosen, c)
	}
	for _, p := range principal {
		if !seen[p.zone] {
			chosen = append(chosen, p)
		}
	}
	// A region is told only where it tells two cities of a country apart.
	same := make(map[string]int)
	for _, c := range chosen {
		same[c.country+c.keys[0]]++
	}
	for i, c := range chosen {
		if same[c.country+c.keys[0]] < 2 {
			chosen[i].region = ""
		}
	}
	return chosen
}

func write(name string, cities []city) {
	var text bytes.Buffer
	for _, c := range cities {
		fmt.Fprintf(&text, "%s\t%s\t%s\t%s\t%d\t|%s|\n", c.name, c.region, c.country, c.zone, rounded(c.people), strings.Join(c.keys, "|"))
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	check(err)
	_, err = w.Write(text.Bytes())
	check(err)
	check(w.Close())
	check(os.WriteFile(name, packed.Bytes(), 0o644))
	log.Printf("%s: %d cities, %d bytes, %d unpacked", name, len(cities), packed.Len(), text.Len())
}

// rounded returns the number of people in thousands, with two digits: what is
// needed to order cities.
func rounded(people int) int {
	n, unit := max(people/1000, 1), 1
	for n >= 100*unit {
		unit *= 10
	}
	return n / unit * unit
}

// countries writes a row for each country with a place in it: code, name, and
// what else it is called.
func countries(name, info string, cities []city) {
	var text strings.Builder
	n := 0
	for _, f := range rows(info) {
		if slices.ContainsFunc(cities, func(c city) bool { return c.country == f[0] }) {
			all := []string{zones.Fold(f[4])}
			for s := range strings.SplitSeq(spelt[f[0]]+","+called[f[0]], ",") {
				if s = zones.Fold(s); s != "" && !slices.Contains(all, s) {
					all = append(all, s)
				}
			}
			fmt.Fprintf(&text, "%s\t%s\t|%s|\n", f[0], cmp.Or(spelt[f[0]], f[4]), strings.Join(all, "|"))
			n++
		}
	}
	check(os.WriteFile(name, []byte(text.String()), 0o644))
	log.Printf("%s: %d countries", name, n)
}

// embedded returns the zones that Go's own list has.
func embedded() map[string]bool {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	check(err)
	r, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib/time/zoneinfo.zip"))
	check(err)
	defer r.Close()
	names := make(map[string]bool)
	for _, f := range r.File {
		_, err := time.LoadLocation(f.Name)
		names[f.Name] = err == nil
	}
	return names
}

// aliases returns where the links of tzdata.zi lead.
func aliases(file string) map[string]string {
	to := make(map[string]string)
	for _, line := range lines(file) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "L" {
			to[f[2]] = f[1]
		}
	}
	return to
}

// table returns the places that the zones of zone.tab are named for.
func table(file string) []city {
	var all []city
	for _, f := range rows(file) {
		name := strings.ReplaceAll(f[2][strings.LastIndex(f[2], "/")+1:], "_", " ")
		all = append(all, city{name: name, country: f[0], zone: f[2], people: 1, keys: []string{zones.Fold(name)}})
	}
	return all
}

// rows returns the rows of a table whose columns are parted by tabs.
func rows(file string) [][]string {
	var all [][]string
	for _, line := range lines(file) {
		all = append(all, strings.Split(line, "\t"))
	}
	return all
}

func lines(file string) []string {
	text, err := os.ReadFile(file)
	check(err)
	var all []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSuffix(line, "\n"); line != "" && line[0] != '#' {
			all = append(all, line)
		}
	}
	return all
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
