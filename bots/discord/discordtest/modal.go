package discordtest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Modal is a form that a person has before them.
type Modal struct {
	Title    string
	CustomID string
	Inputs   []Component // each with its Label

	user   *User
	source *Message // whose button has opened it
}

// readModal takes a modal from a request.
func readModal(q *request) (*Modal, *apiError) {
	m := &Modal{Title: q.text("title"), CustomID: q.text("custom_id")}
	var rows []Component
	if e := q.decode("components", &rows); e != nil {
		return nil, e
	}
	switch n := utf8.RuneCountInString(m.Title); {
	case n == 0 || n > 45:
		return nil, invalid("data.title", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 45 in length.")
	case !named(m.CustomID):
		return nil, invalid("data.custom_id", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	case len(rows) == 0 || len(rows) > 5:
		return nil, invalid("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	}
	seen := map[string]bool{}
	for i, row := range rows {
		at := fmt.Sprintf("data.components.%d", i)
		in := Component{}
		switch {
		case row.Type == kindRow && len(row.Components) == 1:
			in = row.Components[0]
		case row.Type == kindLabel && row.Component != nil && row.Component.Label == "":
			in = *row.Component
			in.Label, in.About, in.labelled = row.Label, row.About, true
		default:
			return nil, invalid(at, "COMPONENT_LAYOUT_INVALID", "A row or a label holds one input.")
		}
		check := in.checkInput
		if in.Type == kindMenu && in.labelled {
			check = in.checkMenu
		}
		if e := check(at); e != nil {
			return nil, e
		}
		if seen[in.CustomID] {
			return nil, invalid(at+".custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
		}
		seen[in.CustomID] = true
		m.Inputs = append(m.Inputs, in)
	}
	return m, nil
}

// named reports whether a custom id is neither missing nor too long.
func named(id string) bool { n := utf8.RuneCountInString(id); return n > 0 && n <= 100 }

// checkInput refuses an input that is not well-formed.
func (c *Component) checkInput(at string) *apiError {
	low, high := c.bounds()
	n := utf8.RuneCountInString(c.Label)
	switch {
	case c.Type != kindInput:
		return invalid(at+".type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (4,).")
	case !named(c.CustomID):
		return invalid(at+".custom_id", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	case c.Style != 1 && c.Style != 2:
		return invalid(at+".style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
	case n == 0 || n > 45:
		return invalid(at+".label", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 45 in length.")
	case utf8.RuneCountInString(c.About) > 100:
		return invalid(at+".description", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
	case low < 0 || low > 4000 || high < 1 || high > 4000 || low > high:
		return invalid(at+".max_length", "NUMBER_TYPE_MAX", "int value should be less than or equal to 4000.")
	case utf8.RuneCountInString(c.Value) > high:
		return invalid(at+".value", "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", high))
	case utf8.RuneCountInString(c.Placeholder) > 100:
		return invalid(at+".placeholder", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
	}
	return nil
}

// checkMenu refuses a menu in a modal that is not well-formed.
func (c *Component) checkMenu(at string) *apiError {
	low, high := c.choices()
	switch n := utf8.RuneCountInString(c.Label); {
	case !named(c.CustomID):
		return invalid(at+".custom_id", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	case n == 0 || n > 45:
		return invalid(at+".label", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 45 in length.")
	case utf8.RuneCountInString(c.About) > 100:
		return invalid(at+".description", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
	case len(c.Options) == 0 || len(c.Options) > 25:
		return invalid(at+".options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
	case utf8.RuneCountInString(c.Placeholder) > 150:
		return invalid(at+".placeholder", "BASE_TYPE_MAX_LENGTH", "Must be 150 or fewer in length.")
	case low < 0 || low > 25 || high < 1 || high > 25 || low > high:
		return invalid(at+".max_values", "NUMBER_TYPE_MAX", "From 0 to 25 options can be picked, and no fewer than must be.")
	case low > len(c.Options):
		return invalid(at+".min_values", "BASE_TYPE_BAD_LENGTH", "There are fewer options than must be picked.")
	case low == 0 && (c.Required == nil || *c.Required):
		return invalid(at+".min_values", "NUMBER_TYPE_MIN", "A menu that nothing need be picked from is not required.")
	}
	defaults, seen := 0, map[string]bool{}
	for i, o := range c.Options {
		in := fmt.Sprintf("%s.options.%d", at, i)
		switch {
		case !named(o.Label):
			return invalid(in+".label", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
		case !named(o.Value):
			return invalid(in+".value", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
		case utf8.RuneCountInString(o.About) > 100:
			return invalid(in+".description", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
		case seen[o.Value]:
			return invalid(in+".value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		seen[o.Value] = true
		if o.Default {
			defaults++
		}
	}
	if defaults > high {
		return invalid(at, "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "More defaults than can be picked.")
	}
	return nil
}

// bounds returns the lengths that an input takes.
func (c *Component) bounds() (low, high int) {
	high = 4000
	if c.MinLength != nil {
		low = *c.MinLength
	}
	if c.MaxLength != nil {
		high = *c.MaxLength
	}
	return low, high
}

// choices returns how many options of a menu can be picked.
func (c *Component) choices() (low, high int) {
	low, high = 1, 1
	if c.MinValues != nil {
		low = *c.MinValues
	}
	if c.MaxValues != nil {
		high = *c.MaxValues
	}
	return low, high
}

// Modal returns the modal that the person has before them, or nil.
func (u *User) Modal() *Modal {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.modal
}

// Submit fills in a modal and sends it. Values are by custom id or by label; that of a
// menu is what is written on an option, or the option's own value; of several, joined by
// " & ". An input that is not
// named keeps what it came with. It returns nil if Discord would not let the person
// send it so: something required is missing, or too long.
func (m *Modal) Submit(values map[string]string) *Interaction {
	s := m.user.s
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := []any{}
	for _, in := range m.Inputs {
		value, ok := values[in.CustomID]
		if !ok {
			value, ok = values[in.Label]
		}
		if in.Type == kindMenu {
			picked, fits := in.pick(value, ok)
			if !fits {
				return nil
			}
			rows = append(rows, menu(in.CustomID, picked))
			continue
		}
		if !ok {
			value = in.Value
		}
		low, high := in.bounds()
		n := utf8.RuneCountInString(value)
		if n == 0 && (in.Required == nil || *in.Required) || n > high || n > 0 && n < low {
			return nil
		}
		rows = append(rows, input(in.CustomID, value, in.labelled))
	}
	if m.user.modal == m {
		m.user.modal = nil
	}
	return m.user.ask(askModal, m.source, map[string]any{"custom_id": m.CustomID, "components": rows})
}

// pick returns the values of the options that a person leaves picked, and whether
// Discord would take them.
func (c *Component) pick(choice string, named bool) (values []any, fits bool) {
	values = []any{}
	choices := strings.Split(choice, " & ")
	for _, o := range c.Options {
		if named && (slices.Contains(choices, o.Label) || slices.Contains(choices, o.Value)) || !named && o.Default {
			values = append(values, o.Value)
		}
	}
	if named && choice != "" && len(values) == 0 {
		panic(fmt.Sprintf("discordtest: the menu %q has no option %q", c.Label, choice))
	}
	low, high := c.choices()
	if len(values) == 0 {
		return values, c.Required != nil && !*c.Required
	}
	return values, len(values) >= low && len(values) <= high
}

// menu returns a menu as it is sent back.
func menu(id string, values []any) map[string]any {
	return map[string]any{"type": kindLabel, "id": 1, "component": map[string]any{"type": kindMenu, "custom_id": id, "values": values, "id": 2}}
}

// input returns an input as it is sent back: in a label, or in a row.
func input(id, value string, labelled bool) map[string]any {
	in := map[string]any{"type": kindInput, "custom_id": id, "value": value, "id": 2}
	if labelled {
		return map[string]any{"type": kindLabel, "id": 1, "component": in}
	}
	return map[string]any{"type": kindRow, "id": 1, "components": []any{in}}
}

// SubmitAs sends a modal that may never have been there: an old one or a forged one.
func (u *User) SubmitAs(customID string, values map[string]string) *Interaction {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	rows := []any{}
	for id, value := range values {
		rows = append(rows, input(id, value, false))
	}
	return u.ask(askModal, nil, map[string]any{"custom_id": customID, "components": rows})
}
