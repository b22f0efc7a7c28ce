package disclosure

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sayso/internal/fault"
)

func (l Ledger) line() string {
	out := []string{l.Total.String()}
	for _, e := range l.Entries {
		out = append(out, strings.Join(e.Parts, "+")+" "+e.Figure.String())
	}
	return strings.Join(out, ", ")
}

func parts(counts ...int64) (total int64, out []Part) {
	names := []string{"themed", "not themed", "held back", "withdrawn"}
	for i, n := range counts {
		total += n
		out = append(out, Part{names[i], n})
	}
	return total, out
}

func TestRulesOfLedgers(t *testing.T) {
	for _, c := range []struct {
		rule   string
		counts []int64
		want   string
	}{
		{"parts are rounded so that they sum to the total", []int64{82, 32, 22, 12}, "150, themed 85, not themed 35, held back 20, withdrawn 10"},
		{"small parts are merged with each other", []int64{100, 50, 6, 4}, "160, themed 100, not themed 50, held back+withdrawn 10"},
		{"small parts that stay small are merged with the smallest other", []int64{100, 50, 3, 0}, "155, themed 100, not themed+held back 55, withdrawn 0"},
		{"nought is shown", []int64{100, 50, 0, 0}, "150, themed 100, not themed 50, held back 0, withdrawn 0"},
		{"one part may take all in", []int64{11, 0, 1, 0}, "10, themed+held back 10, not themed 0, withdrawn 0"},
		{"fewer than ten voices are not shown", []int64{9, 0, 0, 0}, "*, themed *, not themed *, held back *, withdrawn *"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			total, parts := parts(c.counts...)
			got, err := PublishLedger(Standard(), total, parts)
			if err != nil {
				t.Fatal(err)
			}
			if got.line() != c.want {
				t.Errorf("got  %s\nwant %s", got.line(), c.want)
			}
		})
	}
}

func TestLedgerThatDoesNotAddUpIsRefused(t *testing.T) {
	_, parts := parts(82, 32, 22, 12)
	if _, err := PublishLedger(Standard(), 149, parts); !fault.Is(err, fault.Internal) {
		t.Errorf("got %v", err)
	}
}

func TestPublishedLedgersAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := Standard()
		var in []Part
		var total int64
		for i, n := range rapid.SliceOfN(rapid.Int64Range(0, 60), 1, 8).Draw(t, "counts") {
			in = append(in, Part{fmt.Sprint("part", i), n})
			total += n
		}
		ledger, err := PublishLedger(rules, total, in)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		var sum int64
		for _, e := range ledger.Entries {
			names = append(names, e.Parts...)
			sum += e.Figure.n
			var true int64
			for _, p := range in {
				if slices.Contains(e.Parts, p.Name) {
					true += p.Count
				}
			}
			if e.Figure.shown && (rules.small(true) || e.Figure.n%rules.Base != 0 || e.Figure.n-true >= rules.Base || true-e.Figure.n >= rules.Base) {
				t.Fatalf("%v stands for %d", e.Figure, true)
			}
		}
		if ledger.Total.shown != (total >= rules.Floor) || sum != ledger.Total.n || len(names) != len(in) {
			t.Fatalf("%s is not the account of %v", ledger.line(), in)
		}
		b, err := json.Marshal(ledger)
		if err != nil {
			t.Fatal(err)
		}
		var again Ledger
		if err := json.Unmarshal(b, &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(ledger, again, cmp.AllowUnexported(Figure{})); diff != "" {
			t.Fatal(diff)
		}
	})
}
