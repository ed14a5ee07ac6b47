package rituals_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"attune/rituals"
)

// list returns a check-in of two with a tick list of n options, whose reveal is mutual.
func list(id rituals.CheckInID, n int) (*rituals.CheckIn, *rituals.Step) {
	r := &rituals.Ritual{Steps: []rituals.Step{{ID: "ticks", Kind: rituals.Check}, {ID: "open", Kind: rituals.Reveal, Mutual: true}}}
	for i := range n {
		r.Steps[0].Options = append(r.Steps[0].Options, rituals.Option{ID: strconv.Itoa(i)})
	}
	return &rituals.CheckIn{ID: id, Ritual: r, Walks: []rituals.Walk{{Member: 1}, {Member: 2}}}, &r.Steps[0]
}

func TestToggled(t *testing.T) {
	c, s := list(1, 3)
	for _, tt := range []struct {
		do, choice string
		answer     bool
	}{
		{"2", ",2", false},
		{"0", ",0,2", false},
		{"done", "0,2", true},
		{"1", "0,1,2", true},
		{"0", "1,2", true},
		{"1", "2", true},
		{"2", ",", false}, // nothing is left of the answer
		{"1", ",1", false},
		{"1", ",", false},
		{"done", "", false},
		{"0", ",0", false},
	} {
		r := c.Toggled(1, s, tt.do)
		if tt.do == "done" {
			r = c.Ticked(1, s)
		}
		c.Put(r)
		if r.Choice != tt.choice || r.Empty() == tt.answer {
			t.Errorf("%s: the reply is %q, an answer: %v; want %q, %v", tt.do, r.Choice, !r.Empty(), tt.choice, tt.answer)
		}
		if at := c.At(1); (at == nil) != (tt.answer || r.Skipped) {
			t.Errorf("%s: the member stands at %v", tt.do, at)
		}
	}
}

func TestCommon(t *testing.T) {
	for _, tt := range []struct {
		name, one, two string
		opens          int
	}{
		{"nothing common", "0,1", "2,3", 0},
		{"one has not answered", "0,1", "", 0},
		{"one is not done", "0,1", ",0,1", 0},
		{"the one that is common", "0,1,2", "2,3", 1},
		{"of two one", "0,1", "0,1", 1},
		{"of five three", "0,1,2,3,4", "0,1,2,3,4,5", 3},
		{"of many five", "0,1,2,3,4,5,6,7,8,9,10,11", "0,1,2,3,4,5,6,7,8,9,10,11", 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := make(map[string]bool)
			for id := range rituals.CheckInID(40) {
				c, s := list(id, 12)
				c.Put(rituals.Reply{Step: "ticks", Member: 1, Choice: tt.one})
				c.Put(rituals.Reply{Step: "ticks", Member: 2, Choice: tt.two})
				common := c.Common(s)
				if len(common) != tt.opens {
					t.Fatalf("Common = %v, want %d", common, tt.opens)
				}
				for _, id := range common {
					if !strings.Contains(","+tt.one+",", ","+id+",") || !strings.Contains(","+tt.two+",", ","+id+",") {
						t.Errorf("%s opens, and not both have ticked it", id)
					}
				}
				got[fmt.Sprint(common)] = true
				if open, want := len(c.Opens(1)), min(1, tt.opens); open != want || len(c.Opens(2)) != want {
					t.Errorf("Opens = %v and %v, want %d of each", c.Opens(1), c.Opens(2), want)
				}
				members := []rituals.Member{{ID: 1}, {ID: 2}}
				if ready := c.Ready(members); ready != (tt.opens > 0) {
					t.Errorf("Ready = %v with %d to open", ready, tt.opens)
				}
			}
			if tt.opens > 1 && len(got) == 1 {
				t.Errorf("the same opens every time: %v", got)
			}
		})
	}
}

// Whoever ticks everything cannot tell what the other has not ticked: whatever does not
// open could be common as well, for all that anybody knows about the lots.
func TestTickingEverythingTellsNothing(t *testing.T) {
	const n = 8
	all := "0,1,2,3,4,5,6,7"
	opens := func(id rituals.CheckInID, other string) string {
		c, s := list(id, n)
		c.Put(rituals.Reply{Step: "ticks", Member: 1, Choice: all})
		c.Put(rituals.Reply{Step: "ticks", Member: 2, Choice: other})
		return strings.Join(c.Common(s), ",")
	}
	for _, other := range []string{"0", "0,1", "0,1,2", "2,3,5,7", all} {
		seen := opens(1, other)
		for i := range n {
			option := strconv.Itoa(i)
			if strings.Contains(seen, option) {
				continue
			}
			could := false
			for mask := range 1 << n {
				var more []string
				for j := range n {
					if j == i || mask&(1<<j) != 0 || strings.Contains(seen, strconv.Itoa(j)) {
						more = append(more, strconv.Itoa(j))
					}
				}
				for id := rituals.CheckInID(0); id < 30 && !could; id++ {
					could = opens(id, strings.Join(more, ",")) == seen
				}
			}
			if !could {
				t.Errorf("of %s opens %s, and that tells that %s is not common", other, seen, option)
			}
		}
	}
}
