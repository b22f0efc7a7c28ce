package storetest

import (
	"fmt"
	"testing"
	"time"

	"sayso/internal/people"
)

// spends adds tokens that are gone at the time.
func spends(tokens float64, gone time.Time) func(*people.Spending) {
	return func(v *people.Spending) { v.Tokens, v.At, v.Gone = v.Tokens+tokens, moment, gone }
}

var spendings = []promise{
	{"Spendings/begin with nothing and add up", func(t *testing.T, s Stores) {
		var seen []people.Spending
		look := func(v *people.Spending) { seen = append(seen, *v); spends(2.5, moment.Add(time.Hour))(v) }
		for i := range 3 {
			v, err := s.Spend(t.Context(), "k", look)
			must(t, err)
			same(t, v, people.Spending{Tokens: 2.5 * float64(i+1), At: kept, Gone: kept.Add(time.Hour)})
		}
		same(t, seen[:2], []people.Spending{{}, {Tokens: 2.5, At: kept, Gone: kept.Add(time.Hour)}})
		other, err := s.Spend(t.Context(), "another", spends(1, moment))
		must(t, err)
		same(t, other.Tokens, 1.0)
	}},
	{"Spendings/spenders never overwrite each other", func(t *testing.T, s Stores) {
		for _, err := range together(16, func(int) error {
			_, err := s.Spend(t.Context(), "k", spends(1, moment))
			return err
		}) {
			must(t, err)
		}
		v, err := s.Spend(t.Context(), "k", spends(0, moment))
		must(t, err)
		same(t, v.Tokens, 16.0)
	}},
	{"Spendings/end", func(t *testing.T, s Stores) {
		hour := func(n int) time.Time { return kept.Add(time.Duration(n) * time.Hour) }
		for i := range 6 {
			_, err := s.Spend(t.Context(), fmt.Sprint(i), spends(1, hour(i)))
			must(t, err)
		}
		n, err := s.ExpireSpendings(t.Context(), hour(4))
		must(t, err)
		same(t, n, 4)
		for i := range 6 {
			v, err := s.Spend(t.Context(), fmt.Sprint(i), spends(1, hour(i)))
			must(t, err)
			same(t, v.Tokens, float64(1+i/4))
		}
	}},
}
