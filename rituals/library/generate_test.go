package library

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"attune/rituals"
)

// The schemas for editors are made of the tables of keys. They keep to what every
// draft since the seventh understands, so that every editor does.

const draft = "http://json-schema.org/draft-07/schema#"

// schemaOf returns the schema of a file that has these keys.
func schemaOf(title string, keys []key) *jsonschema.Schema {
	s := object(keys)
	s.Version, s.Title = draft, title
	s.Definitions = jsonschema.Definitions{
		"text":  textSchema(`\S`, "A sentence, or one for each language by its two letters. Filled in: "+strings.Join(placeholdersOf(""), ", ")+"."),
		"label": textSchema(`\S`, "A few words, or some for each language by its two letters. Nothing is filled in."),
	}
	return s
}

// object returns the schema of a mapping that has these keys and no others.
func object(keys []key) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, k := range keys {
		v := k.is.schema(k)
		v.Description = plain(k.about)
		s.Properties.Set(k.name, v)
		if k.need {
			s.Required = append(s.Required, k.name)
		}
	}
	return s
}

// schema returns the schema of the value of a key of that shape.
func (is shape) schema(k key) *jsonschema.Schema {
	str := func(pattern string) *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Pattern: pattern} }
	switch is {
	case anID:
		return str(idPattern.String())
	case aText:
		return &jsonschema.Schema{AllOf: []*jsonschema.Schema{{Ref: "#/$defs/text"}}}
	case aLabel:
		return &jsonschema.Schema{AllOf: []*jsonschema.Schema{{Ref: "#/$defs/label"}}}
	case anyText:
		return textSchema("", "")
	case aCommand:
		return textSchema(`^[^\s/A-Z]{1,32}$`, "")
	case aSchedule:
		s := str(`^\s*(@[A-Za-z]+|\S+(\s+\S+){4})\s*$`)
		s.Examples = []any{"30 21 * * *", "0 11 * * sun"}
		return s
	case anHour:
		s := str(`^\d{1,2}:\d{2}$`)
		s.Examples = []any{"18:00"}
		return s
	case aLength:
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Const: 0}, str(`^([0-9.]+[a-zµμ]+)+$|^0$`)}, Examples: []any{"45m", "6h30m"}}
	case seconds:
		s := str(`^([0-9.]+[a-zµμ]+)+$`)
		s.Examples = []any{"30s", "2m30s"}
		return s
	case aFlag:
		return &jsonschema.Schema{Type: "boolean"}
	case aCount:
		return &jsonschema.Schema{Type: "integer", Minimum: "0", Maximum: "100000"}
	case aWord:
		s := &jsonschema.Schema{}
		for _, w := range k.words {
			s.Enum = append(s.Enum, w)
		}
		return s
	case someSteps:
		return listOf(stepSchema(), maxSteps)
	case someOptions:
		return listOf(object(optionKeys), 0)
	case someCards:
		return listOf(object(cardKeys), 0)
	case someTones:
		return listOf(object(toneKeys), 0)
	case someDecks:
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{str(idPattern.String()), listOf(str(idPattern.String()), 0)}}
	case someAnswers:
		answer := &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "integer"}}}
		return &jsonschema.Schema{Type: "object", MinProperties: count(1), AdditionalProperties: &jsonschema.Schema{
			AnyOf: []*jsonschema.Schema{answer, listOf(answer, 0)},
		}}
	}
	panic("no schema of " + is)
}

// stepSchema returns the schema of a step: it is of one kind, and has only keys that
// are for it.
func stepSchema() *jsonschema.Schema {
	s := object(stepKeys)
	for _, k := range stepKinds {
		s.OneOf = append(s.OneOf, &jsonschema.Schema{Required: []string{string(k.kind)}})
	}
	for _, k := range stepKeys {
		if k.kinds == nil {
			continue
		}
		var one []*jsonschema.Schema
		for _, kind := range k.kinds {
			one = append(one, &jsonschema.Schema{Required: []string{string(kind)}})
		}
		s.AllOf = append(s.AllOf, &jsonschema.Schema{
			If:   &jsonschema.Schema{Required: []string{k.name}},
			Then: &jsonschema.Schema{AnyOf: one, Description: fmt.Sprintf("%s is for %s.", k.name, list(words(k.kinds), "and"))},
		})
	}
	s.AllOf = append(s.AllOf, &jsonschema.Schema{
		If:   &jsonschema.Schema{Required: []string{string(rituals.Choose)}},
		Then: &jsonschema.Schema{Required: []string{"options"}},
	}, &jsonschema.Schema{
		If:   &jsonschema.Schema{Required: []string{string(rituals.Draw)}},
		Then: &jsonschema.Schema{Required: []string{"deck"}},
	}, &jsonschema.Schema{
		If:   &jsonschema.Schema{Required: []string{string(rituals.Check)}},
		Then: &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Required: []string{"options"}}, {Required: []string{"deck"}}}},
	})
	for _, k := range stepKinds {
		acts := actsOf(k.kind)
		if len(acts) == 0 || len(acts) == len(optionActs) {
			continue
		}
		act := &jsonschema.Schema{}
		for _, a := range acts {
			act.Enum = append(act.Enum, a)
		}
		s.AllOf = append(s.AllOf, &jsonschema.Schema{
			If:   &jsonschema.Schema{Required: []string{string(k.kind)}},
			Then: having("options", &jsonschema.Schema{Items: having("act", act)}),
		})
	}
	return s
}

// textSchema returns the schema of a text each of whose sentences matches a pattern.
func textSchema(pattern, about string) *jsonschema.Schema {
	one := &jsonschema.Schema{Type: "string", Pattern: pattern}
	return &jsonschema.Schema{Description: plain(about), AnyOf: []*jsonschema.Schema{one, {
		Type:                 "object",
		MinProperties:        count(1),
		PropertyNames:        &jsonschema.Schema{Pattern: language.String()},
		AdditionalProperties: one,
	}}}
}

// listOf returns the schema of a list of one or more, and at most so many; 0 is any
// number.
func listOf(s *jsonschema.Schema, most int) *jsonschema.Schema {
	l := &jsonschema.Schema{Type: "array", Items: s, MinItems: count(1)}
	if most > 0 {
		l.MaxItems = count(most)
	}
	return l
}

func count(n int) *uint64 {
	u := uint64(n)
	return &u
}

// having returns the schema of a mapping in which a key, if it is there, has that
// schema.
func having(name string, s *jsonschema.Schema) *jsonschema.Schema {
	m := &jsonschema.Schema{Properties: jsonschema.NewProperties()}
	m.Properties.Set(name, s)
	return m
}

// plain returns a sentence without the marks of code in it.
func plain(s string) string { return strings.ReplaceAll(s, "`", "'") }

// generated returns a schema as it is written to its file.
func generated(s *jsonschema.Schema) ([]byte, error) {
	data, err := json.MarshalIndent(s, "", "  ")
	return slices.Concat(data, []byte("\n")), err
}
