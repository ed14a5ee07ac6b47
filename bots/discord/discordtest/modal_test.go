package discordtest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestModalsRefused(t *testing.T) {
	a := func(n int) string { return strings.Repeat("ü", n) }
	modal := func(title, id string, inputs ...string) string {
		var rows []string
		for _, in := range inputs {
			rows = append(rows, `{"type":1,"components":[{"type":4,`+in+`}]}`)
		}
		return fmt.Sprintf(`{"type":9,"data":{"title":%q,"custom_id":%q,"components":[%s]}}`, title, id, strings.Join(rows, ","))
	}
	input := func(id, label, more string) string {
		return fmt.Sprintf(`"style":2,"custom_id":%q,"label":%q%s`, id, label, more)
	}
	plain := input("q", "One", "")
	tests := []struct {
		name, body string
		want       int
	}{
		{"a title too long", modal(a(46), "w", plain), 50035},
		{"no title", modal("", "w", plain), 50035},
		{"a custom id too long", modal("Today", a(101), plain), 50035},
		{"no input", modal("Today", "w"), 50035},
		{"six inputs", modal("Today", "w", input("1", "a", ""), input("2", "a", ""), input("3", "a", ""), input("4", "a", ""), input("5", "a", ""), input("6", "a", "")), 50035},
		{"two inputs of one custom id", modal("Today", "w", plain, plain), 50035},
		{"an input without a label", modal("Today", "w", input("q", "", "")), 50035},
		{"a label too long", modal("Today", "w", input("q", a(46), "")), 50035},
		{"more than 4000 letters", modal("Today", "w", input("q", "One", `,"max_length":4001`)), 50035},
		{"a value longer than may be", modal("Today", "w", input("q", "One", `,"max_length":2,"value":"abc"`)), 50035},
		{"a hint too long", modal("Today", "w", input("q", "One", `,"placeholder":"`+a(101)+`"`)), 50035},
		{"an input of no style", modal("Today", "w", `"custom_id":"q","label":"One"`), 50035},
		{"a way to answer that there is not", `{"type":3}`, 50035},
		{"all as long as may be", modal(a(45), a(100), input(a(100), a(45), `,"max_length":4000,"value":"`+a(4000)+`"`)), 0},
	}
	s := New(secret, app)
	alex := s.User("2001", "Alex", "en-US").Install()
	asked := alex.SubmitAs("w", nil)
	asked.kind = askCommand // what is answered matters not, but that it is no modal
	where := api + "/interactions/" + asked.id + "/" + asked.token + "/callback"
	for _, tt := range tests {
		if _, got := ask(t, s.Transport(), "", http.MethodPost, where, tt.body); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
	if m := alex.Modal(); m == nil || asked.Modal() != m || len(m.Inputs) != 1 {
		t.Errorf("modal: got %+v, want the last", m)
	}
}
