package storetest

import (
	"fmt"
	"testing"
	"time"

	"sayso/internal/fault"
	"sayso/internal/people"
)

func entry(n int64) people.Entry {
	return people.Entry{
		Number: n, At: moment.Add(time.Duration(n) * time.Second), Staff: "one", Area: []string{"riverside", "hill", ""}[n%3],
		Act: "audit.report_approved", Subject: fmt.Sprintf("report/worries/%d", n), Details: map[string]string{"quote": "q1", "by": "hand"},
		Before: fmt.Sprint("hash", n-1), Hash: fmt.Sprint("hash", n),
	}
}

// next appends one entry behind the last, as a service does.
func next(t *testing.T, s Stores) error {
	for {
		last, err := s.LastEntry(t.Context())
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err := s.AppendEntry(t.Context(), entry(last.Number+1)); !fault.Is(err, fault.Conflict) {
			return err
		}
	}
}

func numbers(entries []people.Entry) (out []int64) {
	for _, e := range entries {
		out = append(out, e.Number)
	}
	return out
}

var audit = []promise{
	{"Audit/append and read", func(t *testing.T, s Stores) {
		_, err := s.LastEntry(t.Context())
		wantFault(t, err, fault.NotFound)
		for n := range int64(3) {
			must(t, s.AppendEntry(t.Context(), entry(n+1)))
		}
		wantFault(t, s.AppendEntry(t.Context(), entry(2)), fault.Conflict)
		want := entry(3)
		want.At = kept.Add(3 * time.Second)
		last, err := s.LastEntry(t.Context())
		must(t, err)
		same(t, last, want)
		must(t, s.AppendEntry(t.Context(), people.Entry{Number: 4, Details: map[string]string{}}))
		last, err = s.LastEntry(t.Context())
		must(t, err)
		same(t, last, people.Entry{Number: 4})
	}},
	{"Audit/no gaps under concurrency", func(t *testing.T, s Stores) {
		for _, err := range together(16, func(int) error {
			for range 5 {
				if err := next(t, s); err != nil {
					return err
				}
			}
			return nil
		}) {
			must(t, err)
		}
		for i, e := range collect(t, s.Entries(t.Context(), 0)) {
			if e.Number != int64(i)+1 {
				t.Fatalf("entry %d has number %d", i, e.Number)
			}
		}
		if last, err := s.LastEntry(t.Context()); err != nil || last.Number != 80 {
			t.Errorf("the last is %d, %v", last.Number, err)
		}
	}},
	{"Audit/streams and pages", func(t *testing.T, s Stores) {
		const n = 600
		for i := range int64(n) {
			must(t, s.AppendEntry(t.Context(), entry(i+1)))
		}
		entries := collect(t, s.Entries(t.Context(), 11))
		if len(entries) != n-10 || entries[0].Number != 11 || entries[n-11].Number != n {
			t.Errorf("%d entries", len(entries))
		}
		for e, err := range s.Entries(t.Context(), 1) {
			must(t, err)
			if e.Number == 3 {
				break
			}
		}
		for _, page := range []struct {
			areas  []string
			before int64
			limit  int
			want   []int64
		}{
			{nil, 0, 3, []int64{600, 599, 598}}, {nil, 3, 5, []int64{2, 1}}, {[]string{"hill"}, 10, 2, []int64{7, 4}},
			{[]string{"hill", "riverside"}, 0, 3, []int64{600, 598, 597}}, {[]string{"nowhere"}, 0, 3, nil}, {[]string{}, 0, 3, nil}, {nil, 1, 3, nil},
		} {
			entries, err := s.EntriesBefore(t.Context(), page.areas, page.before, page.limit)
			must(t, err)
			same(t, numbers(entries), page.want)
		}
	}},
}
