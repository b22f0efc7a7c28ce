package storetest

import (
	"testing"

	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
)

// between: somebody else changes a document while change runs. That is one after the other, and so the same each time.
var between = []promise{
	{"Between/drafts", func(t *testing.T, s Stores) {
		must(t, s.CreateDraft(t.Context(), survey.Draft{ID: "one", LastPage: "2126-05-01"}))
		interfere(t, func(change func(*int)) error {
			_, err := s.UpdateDraft(t.Context(), "one", func(d *survey.Draft) error { change(&d.Version); return nil })
			return err
		})
		d, err := s.Draft(t.Context(), "one")
		must(t, err)
		same(t, []int{d.Version, d.Revision}, []int{2, 3})
	}},
	{"Between/staff", func(t *testing.T, s Stores) {
		must(t, s.CreateStaff(t.Context(), people.Staff{ID: "one"}))
		interfere(t, func(change func(*int)) error {
			_, err := s.UpdateStaff(t.Context(), "one", func(m *people.Staff) error { change(&m.Failures); return nil })
			return err
		})
		m, err := s.Staff(t.Context(), "one")
		must(t, err)
		same(t, []int{m.Failures, m.Revision}, []int{2, 3})
	}},
	{"Between/sessions", func(t *testing.T, s Stores) {
		must(t, s.CreateSession(t.Context(), people.Session{Hash: "h", Begun: moment, Seen: moment}))
		interfere(t, func(change func(*int)) error {
			_, err := s.UpdateSession(t.Context(), "h", func(v *people.Session) error {
				n := len(v.CSRF)
				change(&n)
				v.CSRF = "xx"[:n]
				return nil
			})
			return err
		})
		v, err := s.Session(t.Context(), "h")
		must(t, err)
		same(t, v.CSRF, "xx")
	}},
	{"Between/spendings", func(t *testing.T, s Stores) {
		for want := 2; want <= 4; want += 2 { // the first time there is nothing yet
			interfere(t, func(change func(*int)) error {
				_, err := s.Spend(t.Context(), "k", func(v *people.Spending) {
					n := int(v.Tokens)
					change(&n)
					v.Tokens = float64(n)
				})
				return err
			})
			v, err := s.Spend(t.Context(), "k", func(*people.Spending) {})
			must(t, err)
			same(t, v.Tokens, float64(want))
		}
	}},
	{"Between/reports", func(t *testing.T, s Stores) {
		must(t, s.CreateRecord(t.Context(), report.Record{Survey: "worries", Number: 1}))
		interfere(t, func(change func(*int)) error {
			_, err := s.UpdateRecord(t.Context(), "worries", 1, func(r *report.Record) error {
				n := len(r.DecidedBy)
				change(&n)
				r.DecidedBy = "xx"[:n]
				return nil
			})
			return err
		})
		r, err := s.Record(t.Context(), "worries", 1)
		must(t, err)
		same(t, r.DecidedBy, "xx")
		same(t, r.Revision, 3)
	}},
}

// interfere counts up by update, and once more in the middle of that.
func interfere(t *testing.T, update func(change func(*int)) error) {
	t.Helper()
	calls := 0
	must(t, update(func(n *int) {
		if calls++; calls == 1 {
			must(t, update(func(n *int) { *n++ }))
		}
		*n++
	}))
	if calls != 2 {
		t.Errorf("change was called %d times, want again on a fresh copy", calls)
	}
}
