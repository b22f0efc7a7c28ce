package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// spread appends n responses over ten days in random order, and returns them in the order of the log.
func spread(t testing.TB, s Stores, n int) []survey.Response {
	t.Helper()
	var rs []survey.Response
	for i := range n {
		r := answered("worries", exercise.Day(fmt.Sprintf("2126-05-%02d", 1+i*10/n)), fmt.Sprintf("id%05d", i))
		r.Version = i
		if i%5 == 0 {
			r.About = nil
		}
		rs = append(rs, r)
	}
	mixed := slices.Clone(rs)
	rand.New(rand.NewPCG(3, 3)).Shuffle(n, func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	_, err := s.Append(t.Context(), mixed...)
	must(t, err)
	return rs
}

var scans = []promise{
	{"Scan/order of the log", func(t *testing.T, s Stores) {
		rs := spread(t, s, 700)
		same(t, all(t, s, whole(rs[0])), rs)
	}},
	{"Scan/only its area and survey", func(t *testing.T, s Stores) {
		var want []survey.Response
		for _, area := range []string{"a", "ab", "a b", "b", "A"} {
			for _, id := range []string{"w", "w2", "w 2", "W"} {
				r := answered(id, "2126-05-01", area+id)
				r.Area = area
				_, err := s.Append(t.Context(), r)
				must(t, err)
				if area == "a" && id == "w" {
					want = append(want, r)
				}
			}
		}
		same(t, all(t, s, survey.Range{Area: "a", Survey: "w"}), want)
		if n, err := s.CountResponses(t.Context(), "a", "w"); err != nil || n != 1 {
			t.Error(n, err)
		}
		same(t, all(t, s, survey.Range{Area: "c", Survey: "w"}), []survey.Response(nil))
	}},
	{"Scan/bounds", func(t *testing.T, s Stores) {
		rs := spread(t, s, 50)
		at := func(i int) survey.Position { return survey.Position{Day: rs[i].Day, ID: rs[i].ID} }
		for _, b := range []struct {
			from, to    survey.Position
			first, last int
		}{
			{survey.Position{}, at(7), 0, 7}, {at(7), survey.Position{}, 7, 50}, {at(12), at(13), 12, 13}, {at(12), at(12), 12, 12},
			{survey.Position{Day: "2126-05-03"}, survey.Position{Day: "2126-05-05"}, 10, 20}, {at(20), at(10), 20, 20},
			{survey.Position{Day: "2127"}, survey.Position{}, 50, 50},
		} {
			r := whole(rs[0])
			r.From, r.To = b.from, b.to
			same(t, all(t, s, r), rs[b.first:b.last])
		}
	}},
	{"Scan/early break, and use of the store meanwhile", func(t *testing.T, s Stores) {
		rs := spread(t, s, 300)
		for range 40 { // more often than there are connections
			for r, err := range s.Scan(t.Context(), whole(rs[0])) {
				must(t, err)
				if r.ID == rs[2].ID {
					break
				}
			}
		}
		errs := together(20, func(int) error {
			for r, err := range s.Scan(t.Context(), whole(rs[0])) {
				if err != nil {
					return err
				}
				if r.Version%100 == 0 {
					if _, err := s.Response(t.Context(), r.Ref); err != nil {
						return err
					}
				}
			}
			return nil
		})
		for _, err := range errs {
			must(t, err)
		}
	}},
	{"Scan/appends meanwhile", func(t *testing.T, s Stores) {
		rs := spread(t, s, 600)
		read := 0
		for r, err := range s.Scan(t.Context(), whole(rs[0])) {
			must(t, err)
			if r.ID == rs[read].ID {
				read++
			}
			if r.Version == 5 {
				_, err := s.Append(t.Context(), answered("worries", "2126-04-01", "earlier"))
				must(t, err)
				must(t, s.Withdraw(t.Context(), rs[599].Ref))
			}
		}
		if read != len(rs) {
			t.Errorf("read %d of %d", read, len(rs))
		}
	}},
	{"Split/covers exactly once", func(t *testing.T, s Stores) {
		rs := spread(t, s, 203)
		for _, n := range []int{1, 2, 3, 7, 203, 1000} {
			ranges, err := s.Split(t.Context(), rs[0].Area, "worries", n)
			must(t, err)
			if len(ranges) > n || len(ranges) == 0 {
				t.Errorf("%d ranges for %d", len(ranges), n)
			}
			var read []survey.Response
			for _, r := range ranges {
				part := all(t, s, r)
				if len(part) > 2*len(rs)/len(ranges)+2 {
					t.Errorf("%d of %d responses lie in one of %d ranges", len(part), len(rs), len(ranges))
				}
				read = append(read, part...)
			}
			same(t, read, rs)
		}
	}},
	{"Split/of nothing", func(t *testing.T, s Stores) {
		ranges, err := s.Split(t.Context(), "riverside", "worries", 4)
		must(t, err)
		for _, r := range ranges {
			same(t, all(t, s, r), []survey.Response(nil))
		}
	}},
	{"Split/bounds are open", func(t *testing.T, s Stores) {
		rs := spread(t, s, 40)
		ranges, err := s.Split(t.Context(), rs[0].Area, "worries", 4)
		must(t, err)
		early, late := answered("worries", "2120-01-01", "early"), answered("worries", "2130-01-01", "late")
		_, err = s.Append(t.Context(), early, late)
		must(t, err)
		read := 0
		for _, r := range ranges {
			read += len(all(t, s, r))
		}
		if read != 42 {
			t.Errorf("read %d, want 42: what came meanwhile too", read)
		}
	}},
}
