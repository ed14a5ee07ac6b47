// Package phrases holds everything the host says, in every language it speaks.
//
// Sentences stand in one JSON file for each language, by key. {name}s in them are
// filled in as they are in ritual files; a sentence that counts has a form for
// each plural category of its language.
package phrases

import (
	"embed"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"attune/rituals"
)

//go:embed *.json
var files embed.FS

// Languages are the codes of the languages spoken, English first.
var Languages = languages()

func languages() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // the files are embedded
	}
	codes := []string{"en"}
	for _, e := range entries {
		if code := strings.TrimSuffix(e.Name(), ".json"); code != "en" {
			codes = append(codes, code)
		}
	}
	return codes
}

// load reads the sentences of every language by key, and keeps those that count apart:
// they are few, and there is much to each.
func load() (plain map[string]map[string]string, counting *i18n.Bundle) {
	plain, counting = make(map[string]map[string]string), i18n.NewBundle(language.English)
	for _, code := range Languages {
		var all map[string]any
		data, err := files.ReadFile(code + ".json")
		if err == nil {
			err = json.Unmarshal(data, &all)
		}
		if err != nil {
			panic(err) // the files are embedded
		}
		plain[code] = make(map[string]string, len(all))
		for key, said := range all {
			if text, ok := said.(string); ok {
				plain[code][key] = text
				continue
			}
			m, err := i18n.NewMessage(said)
			if err != nil {
				panic(err)
			}
			m.ID = key
			counting.MustAddMessages(language.Make(code), m)
		}
	}
	return plain, counting
}

// A Voice says things in one language, to the members of a couple: to two, unless
// [Voice.Of] says otherwise. {both} and {two} in what it says are filled in with words
// for as many.
type Voice struct {
	Language  string
	plain     map[string]string
	counting  *i18n.Localizer
	members   int
	both, two string
}

// A sentence that reads otherwise to more than two has another under its key with
// many behind it.
const many = ".many"

var voices = func() map[string]*Voice {
	m := make(map[string]*Voice, len(Languages))
	plain, counting := load()
	for _, code := range Languages {
		v := &Voice{Language: code, plain: plain[code], counting: i18n.NewLocalizer(counting, code)}
		m[code] = v.Of(2)
	}
	return m
}()

// mostInWords is the largest number of members that is said as a word.
const mostInWords = 6

// Of returns the voice as it speaks to that many members.
func (v *Voice) Of(members int) *Voice {
	if members = max(members, 2); members == v.members {
		return v
	}
	of := *v
	of.members = members
	of.both = of.Say("both")
	if of.two = strconv.Itoa(members); members <= mostInWords {
		of.two = of.Say("two." + of.two)
	}
	return &of
}

// Fill fills in a text of a ritual's as Say does.
func (v *Voice) Fill(text string, pairs ...string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	return rituals.Fill(text, append(slices.Clip(pairs), "both", v.both, "two", v.two)...)
}

// In returns the voice for a two-letter code, or the English one.
func In(code string) *Voice {
	if v, ok := voices[code]; ok {
		return v
	}
	return voices["en"]
}

// Speaks reports whether there is a voice for that code.
func Speaks(code string) bool { return slices.Contains(Languages, code) }

// Say returns a sentence with its {name}s filled in: Say("hello", "me", "Sam").
// A key that does not exist is returned as it is; a test holds the host to keys
// that do.
func (v *Voice) Say(key string, pairs ...string) string {
	if v.members > 2 {
		if s, ok := v.plain[key+many]; ok {
			return v.Fill(s, pairs...)
		}
	}
	s, ok := v.plain[key]
	if !ok {
		return key
	}
	return v.Fill(s, pairs...)
}

// Count is Say for a sentence about n things; {n} is filled in.
func (v *Voice) Count(key string, n int, pairs ...string) string {
	s, err := v.counting.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n})
	if err != nil {
		return key
	}
	return v.Fill(s, append(pairs, "n", strconv.Itoa(n))...)
}

// Text returns a sentence in every language, for a platform's menus.
func Text(key string) rituals.Text {
	t := make(rituals.Text, len(Languages))
	for _, code := range Languages {
		t[code] = In(code).Say(key)
	}
	return t
}

// Date writes a day as it reads inside a sentence: "Monday, 30 November".
func (v *Voice) Date(d rituals.Day) string {
	t := d.At(0, 0).Time()
	return v.Say("date", "day", v.Weekday(int(t.Weekday())), "n", strconv.Itoa(t.Day()), "month", v.Say("month."+strconv.Itoa(int(t.Month()))))
}

// List joins names as people do: "Alex, Sam and Robin".
func (v *Voice) List(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + v.Say("names.and") + " " + names[last]
}

// Weekday returns the name of a day of the week, 0 being Sunday.
func (v *Voice) Weekday(day int) string { return v.Say("weekday." + strconv.Itoa(day)) }
