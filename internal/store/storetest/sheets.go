package storetest

import (
	"errors"
	"fmt"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/fault"
)

func printed(hash string) ballot.Sheet {
	return ballot.Sheet{Hash: hash, Revision: 1, Exercise: "early", Language: "ur", Twice: true, State: ballot.Blank}
}

var sheets = []promise{
	{"Sheets/create and read", func(t *testing.T, s Stores) {
		_, err := s.Sheet(t.Context(), "k1:a")
		wantFault(t, err, fault.NotFound)
		_, err = s.UpdateSheet(t.Context(), "k1:a", func(*ballot.Sheet) error { t.Error("called"); return nil })
		wantFault(t, err, fault.NotFound)
		fresh, err := s.CreateSheets(t.Context(), []ballot.Sheet{printed("k1:a"), printed("k1:b")})
		must(t, err)
		same(t, fresh, 2)
		got, err := s.Sheet(t.Context(), "k1:a")
		must(t, err)
		same(t, got, printed("k1:a"))
	}},
	{"Sheets/those that are there stay as they are", func(t *testing.T, s Stores) {
		_, err := s.CreateSheets(t.Context(), []ballot.Sheet{printed("k1:a")})
		must(t, err)
		want, err := s.UpdateSheet(t.Context(), "k1:a", func(sh *ballot.Sheet) error {
			sh.State, sh.Typings = ballot.Once, []ballot.Typing{{By: "one", Marks: []ballot.Mark{{Item: "voice", Value: "self"}, {Item: "p-room", Value: "3"}}}}
			return nil
		})
		must(t, err)
		fresh, err := s.CreateSheets(t.Context(), []ballot.Sheet{printed("k1:0"), printed("k1:a"), printed("k1:b")})
		must(t, err)
		same(t, fresh, 2)
		got, err := s.Sheet(t.Context(), "k1:a")
		must(t, err)
		same(t, got, want)
		same(t, got.Revision, 2)
	}},
	{"Sheets/an error of change keeps nothing", func(t *testing.T, s Stores) {
		_, err := s.CreateSheets(t.Context(), []ballot.Sheet{printed("k1:a")})
		must(t, err)
		mine := errors.New("mine")
		if _, err := s.UpdateSheet(t.Context(), "k1:a", func(sh *ballot.Sheet) error { sh.State = ballot.Spoilt; return mine }); err != mine {
			t.Errorf("got %v, want the error as it was", err)
		}
		got, err := s.Sheet(t.Context(), "k1:a")
		must(t, err)
		same(t, got, printed("k1:a"))
	}},
	{"Sheets/of many who type one is first", func(t *testing.T, s Stores) {
		_, err := s.CreateSheets(t.Context(), []ballot.Sheet{printed("k1:a")})
		must(t, err)
		taken := fault.New(fault.Conflict, "paper.changed")
		oneWins(t, together(16, func(int) error {
			_, err := s.UpdateSheet(t.Context(), "k1:a", func(sh *ballot.Sheet) error {
				if sh.State != ballot.Blank {
					return taken
				}
				sh.State = ballot.Counted
				return nil
			})
			return err
		}), fault.Conflict)
	}},
	{"Sheets/scan in order", func(t *testing.T, s Stores) {
		var made, want []ballot.Sheet
		for i := range 600 { // more than a page of any store
			made = append(made, printed(fmt.Sprintf("k1:%04d", (i*7)%600)))
			want = append(want, printed(fmt.Sprintf("k1:%04d", i)))
		}
		other := printed("k1:other")
		other.Exercise = "late"
		fresh, err := s.CreateSheets(t.Context(), append(made, other))
		must(t, err)
		same(t, fresh, 601)
		same(t, collect(t, s.ScanSheets(t.Context(), "early")), want)
		same(t, collect(t, s.ScanSheets(t.Context(), "none")), []ballot.Sheet{})
		for _, err := range s.ScanSheets(t.Context(), "early") {
			must(t, err)
			break // a caller may stop
		}
	}},
}
