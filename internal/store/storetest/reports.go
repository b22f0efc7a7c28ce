package storetest

import (
	"bytes"
	"fmt"
	"testing"

	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/report"
)

func snapshot(survey string, number int) report.Record {
	return report.Record{
		Survey: survey, Number: number, Area: "riverside", State: report.Made, MadeBy: "one", MadeOn: "2126-06-01",
		DecidedBy: "two", DecidedOn: "2126-06-30", Quotes: map[string]report.Decision{"q1": report.Keep, "q3": report.Drop},
		Replies: map[string]report.Reply{"noise": {Kind: report.WeWill, Text: "Quieter rooms", Lang: "en", By: "2126-12-01", On: "2126-07-01"}},
		Words:   map[string]string{"q1": "The wait was long."},
		Body:    fmt.Appendf(bytes.Repeat([]byte{0, 1, 255}, 30_000), "%d", number),
	}
}

// frozen is what the store keeps of the snapshot.
func frozen(r report.Record) report.Record {
	r.Revision = 1
	return r
}

func decide(t *testing.T, s Stores, survey string, number int, state report.State) report.Record {
	t.Helper()
	r, err := s.UpdateRecord(t.Context(), survey, number, func(r *report.Record) error { r.State = state; return nil })
	must(t, err)
	return r
}

var reports = []promise{
	{"Maps/keys of any letters", func(t *testing.T, s Stores) {
		e := people.Entry{Number: 1, Details: map[string]string{"a.b": "dot", "$set": "dollar", "ключ": "letters", "": "none"}}
		must(t, s.AppendEntry(t.Context(), e))
		last, err := s.LastEntry(t.Context())
		must(t, err)
		same(t, last, e)
		r := report.Record{Survey: "worries", Number: 1, Revision: 1}
		must(t, s.CreateRecord(t.Context(), r))
		r.Revision, r.Quotes = 2, map[string]report.Decision{"a.b": report.Keep, "$inc": report.Drop}
		updated, err := s.UpdateRecord(t.Context(), "worries", 1, func(u *report.Record) error { u.Quotes = r.Quotes; return nil })
		must(t, err)
		same(t, updated, r)
		read, err := s.Record(t.Context(), "worries", 1)
		must(t, err)
		same(t, read, r)
	}},
	{"Reports/create and read", func(t *testing.T, s Stores) {
		r := snapshot("worries", 1)
		must(t, s.CreateRecord(t.Context(), r))
		wantFault(t, s.CreateRecord(t.Context(), r), fault.Conflict)
		read, err := s.Record(t.Context(), "worries", 1)
		must(t, err)
		same(t, read, frozen(r))
		must(t, s.CreateRecord(t.Context(), report.Record{Survey: "bare", Number: 1}))
		read, err = s.Record(t.Context(), "bare", 1)
		must(t, err)
		same(t, read, report.Record{Survey: "bare", Number: 1, Revision: 1})
		_, err = s.Record(t.Context(), "worries", 2)
		wantFault(t, err, fault.NotFound)
		_, err = s.UpdateRecord(t.Context(), "joys", 1, func(*report.Record) error { return nil })
		wantFault(t, err, fault.NotFound)
	}},
	{"Reports/decisions do not change what was made", func(t *testing.T, s Stores) {
		must(t, s.CreateRecord(t.Context(), snapshot("worries", 1)))
		updated, err := s.UpdateRecord(t.Context(), "worries", 1, func(r *report.Record) error {
			r.Quotes["q2"], r.Body = report.Drop, []byte("other")
			return nil
		})
		must(t, err)
		want := frozen(snapshot("worries", 1))
		want.Revision = 2
		want.Quotes["q2"] = report.Drop
		same(t, updated, want)
		read, err := s.Record(t.Context(), "worries", 1)
		must(t, err)
		same(t, read, want)
	}},
	{"Reports/deciders never overwrite each other", func(t *testing.T, s Stores) {
		r := snapshot("worries", 1)
		r.Quotes = nil
		must(t, s.CreateRecord(t.Context(), r))
		for _, err := range together(16, func(i int) error {
			_, err := s.UpdateRecord(t.Context(), "worries", 1, func(r *report.Record) error {
				if r.Quotes == nil {
					r.Quotes = map[string]report.Decision{}
				}
				r.Quotes[fmt.Sprint(i)] = report.Keep
				return nil
			})
			return err
		}) {
			must(t, err)
		}
		read, err := s.Record(t.Context(), "worries", 1)
		must(t, err)
		if len(read.Quotes) != 16 || read.Revision != 17 {
			t.Errorf("%d decisions at revision %d", len(read.Quotes), read.Revision)
		}
	}},
	{"Reports/lists", func(t *testing.T, s Stores) {
		for _, survey := range []string{"worries", "joys", "hopes"} {
			for n := range 11 {
				must(t, s.CreateRecord(t.Context(), snapshot(survey, n+1)))
			}
		}
		var want []report.Record
		for n := 11; n > 0; n-- {
			r := frozen(snapshot("joys", n))
			r.Body = nil
			want = append(want, r)
		}
		list, err := s.Records(t.Context(), "joys")
		must(t, err)
		same(t, list, want)
		_, err = s.LatestApproved(t.Context(), "worries")
		wantFault(t, err, fault.NotFound)
		decide(t, s, "worries", 2, report.Approved)
		newest := decide(t, s, "worries", 10, report.Approved)
		decide(t, s, "worries", 11, report.Refused)
		other := decide(t, s, "hopes", 1, report.Approved)
		latest, err := s.LatestApproved(t.Context(), "worries")
		must(t, err)
		same(t, latest, newest)
		for limit, want := range [][]report.Record{1: {other}, 2: {other, newest}, 3: {other, newest}} {
			if limit > 0 {
				approved, err := s.ApprovedRecords(t.Context(), limit)
				must(t, err)
				for i := range want {
					want[i].Body = nil
				}
				same(t, approved, want)
			}
		}
	}},
}
