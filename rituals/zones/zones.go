// Package zones knows where people are: it finds the time zone of a city or a
// country by name, and the places whose clocks read what a person's clock reads.
//
// The cities and countries come from GeoNames (https://www.geonames.org),
// licensed under the Creative Commons Attribution 4.0 licence
// (https://creativecommons.org/licenses/by/4.0/), by way of Debian's package
// libtimezonemap-data. They were changed: smaller cities and most columns were
// left out, populations rounded, some names and all time zones brought up to
// date, and the places that zones are named for added from the time zone
// database, which is in the public domain. See LICENSE-DATA in this folder.
//
// The list is unpacked when it is first needed. All functions are safe for
// concurrent use and read no clock.
package zones

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strconv"
	"strings"
	"sync"
	_ "time/tzdata" // a zone is known on a machine that has no list of them
)

//go:generate go run generate.go corrections.go

// A Place is a city, or with an empty City a whole country that keeps one time.
type Place struct {
	City    string
	Region  string // only where a country has two cities of that name
	Country string
	Zone    string // IANA name
}

// String returns the place as it is written: "Portland, Oregon, United States".
func (p Place) String() string {
	var parts []string
	for _, s := range []string{p.City, p.Region, p.Country} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

var (
	//go:embed places.tsv.gz
	placesFile []byte
	//go:embed countries.tsv
	countriesFile string
)

// A city is a row of the list. Its strings are parts of the unpacked text.
type city struct {
	name, region string
	keys         string // folded names, each between bars
	people       int32  // in thousands
	country      uint16 // index in atlas.countries
	zone         uint16 // index in atlas.zones
}

type country struct {
	code, name string
	keys       string // folded names, each between bars
}

// An atlas is the whole list, unpacked.
type atlas struct {
	cities    []city // the largest first
	countries []country
	zones     []string
}

func (a *atlas) place(c *city) Place {
	return Place{City: c.name, Region: c.region, Country: a.countries[c.country].name, Zone: a.zones[c.zone]}
}

// list unpacks the atlas once.
var list = sync.OnceValue(unpack)

func unpack() *atlas {
	r, err := gzip.NewReader(bytes.NewReader(placesFile))
	if err != nil {
		panic(err) // the list is part of the program
	}
	var text strings.Builder
	text.Grow(768 << 10)
	if _, err := io.Copy(&text, r); err != nil {
		panic(err)
	}
	a := &atlas{cities: make([]city, 0, strings.Count(text.String(), "\n"))}
	index := make(map[string]uint16)
	for row := range strings.Lines(countriesFile) {
		f := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
		index[f[0]] = uint16(len(a.countries))
		a.countries = append(a.countries, country{code: f[0], name: f[1], keys: f[2]})
	}
	for row := range strings.Lines(text.String()) {
		a.add(strings.TrimSuffix(row, "\n"), index)
	}
	return a
}

// add appends the city of a row. The index has the place of each country by its
// code, and of each zone by its name.
func (a *atlas) add(row string, index map[string]uint16) {
	var f [6]string // name, region, country, zone, people, keys
	for i := range f {
		f[i], row, _ = strings.Cut(row, "\t")
	}
	people, err := strconv.Atoi(f[4])
	if err != nil {
		panic(err) // the list is part of the program
	}
	zone, ok := index[f[3]]
	if !ok {
		zone = uint16(len(a.zones))
		index[f[3]] = zone
		a.zones = append(a.zones, f[3])
	}
	a.cities = append(a.cities, city{
		name: f[0], region: f[1], keys: f[5], people: int32(people), country: index[f[2]], zone: zone,
	})
}
