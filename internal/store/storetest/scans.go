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
}

var stretches = []promise{
	{"Stretches/cover exactly once", func(t *testing.T, s Stores) {
		rs := spread(t, s, 203)
		other := answered("worries", "2126-05-03", "other")
		other.Area = "elsewhere"
		_, err := s.Append(t.Context(), other)
		must(t, err)
		list, err := s.Stretches(t.Context(), rs[0].Area, "worries")
		must(t, err)
		var read []survey.Response
		for _, one := range list {
			part := all(t, s, one.Range)
			same(t, one.Received, len(part))
			read = append(read, part...)
		}
		same(t, read, rs)
		same(t, len(list), 10)
	}},
	{"Stretches/of nothing", func(t *testing.T, s Stores) {
		list, err := s.Stretches(t.Context(), "riverside", "worries")
		must(t, err)
		same(t, list, []survey.Stretch(nil))
	}},
	{"Stretches/change where something comes or goes, and only there", func(t *testing.T, s Stores) {
		rs := spread(t, s, 50)
		look := func() []survey.Stretch {
			list, err := s.Stretches(t.Context(), rs[0].Area, "worries")
			must(t, err)
			return list
		}
		first := look()
		_, err := s.Append(t.Context(), rs...) // again
		must(t, err)
		same(t, look(), first)
		must(t, s.Withdraw(t.Context(), rs[7].Ref))
		_, err = s.Append(t.Context(), answered("worries", rs[40].Day, "new"))
		must(t, err)
		second := look()
		for i := range first {
			if changed := i == 1 || i == 8; changed == (first[i] == second[i]) {
				t.Errorf("%d: %v became %v", i, first[i], second[i])
			}
		}
		must(t, s.Withdraw(t.Context(), rs[5].Ref))
		third := look()
		if third[1] == second[1] || third[1] == first[1] || third[1].Received != 5 {
			t.Errorf("%v became %v", second[1], third[1])
		}
		seen := map[survey.Stretch]bool{third[2]: true}
		for _, h := range []struct {
			i   int
			why survey.Hold
		}{{11, survey.HeldPerson}, {12, survey.HeldPerson}, {11, ""}, {11, survey.HeldUnreal}, {12, ""}} {
			must(t, s.Hold(t.Context(), rs[h.i].Ref, h.why))
			if now := look()[2]; seen[now] {
				t.Errorf("after %v it looks as before: %v", h, now)
			} else {
				seen[now] = true
			}
		}
	}},
	{"Stretches/of a large day", func(t *testing.T, s Stores) {
		rs := make([]survey.Response, 5000)
		for i := range rs {
			rs[i] = survey.Response{Ref: survey.Ref{Area: "riverside", Survey: "worries", Day: "2126-05-01", ID: fmt.Sprintf("%04x", 13*i)}}
		}
		_, err := s.Append(t.Context(), rs...)
		must(t, err)
		list, err := s.Stretches(t.Context(), "riverside", "worries")
		must(t, err)
		if len(list) != 4 {
			t.Fatalf("%d stretches", len(list))
		}
		read := 0
		for _, one := range list {
			n := 0
			for _, err := range s.Scan(t.Context(), one.Range) {
				must(t, err)
				n++
			}
			same(t, one.Received, n)
			read += n
		}
		same(t, read, len(rs))
	}},
}
