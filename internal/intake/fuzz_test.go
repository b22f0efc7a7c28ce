package intake

import (
	"bytes"
	"context"
	"encoding/csv"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sayso/internal/survey"
)

// nowhere takes responses and keeps none.
type nowhere struct {
	survey.Responses
	seen map[survey.Ref]bool
}

func (n *nowhere) Append(_ context.Context, rs ...survey.Response) (added int, err error) {
	for _, r := range rs {
		if !n.seen[r.Ref] {
			added++
		}
		n.seen[r.Ref] = true
	}
	return added, nil
}

func (n *nowhere) Scan(context.Context, survey.Range) iter.Seq2[*survey.Response, error] {
	return func(yield func(*survey.Response, error) bool) {
		for ref := range n.seen {
			if !yield(&survey.Response{Ref: ref, Channel: survey.Imported}, nil) {
				return
			}
		}
	}
}

// Whatever the mapping and the table, nothing panics, the counts add up, and the second time adds nothing. What
// encoding/csv reads without a fault is read the same.
func FuzzRead(f *testing.F) {
	f.Add(plain, "Day,Mood,Words\n01/02/2026,1,\"a\nb\"\n01/02/2026,1,\"open\n\n,,\n")
	f.Add(perPerson, "Who;Day;Mood;Words\r\na;01/02/2026;2;x\"y\r\na;1/3/2026;;\xa3\r\n")
	f.Add(plain+"table: {delimiter: tab, quotes: loose}\nempty: keep\nlonger: keep\n", "\ufeffDay\tMood\tWords\n01/02/2026\t\t\"a\"b\"\n")
	f.Add("survey: small\nlanguage: {column: a, values: {b: en}}\nvoice: self\nday: 2026-01-01\ncolumns: [{question: likes, column: a, split: b, values: {c: park}}]", "a\nb\n")
	f.Add("", "\r\r\r\r\na\r\r\n\r\n\r")
	f.Fuzz(func(t *testing.T, mapping, table string) {
		if m, err := ParseMapping("m.yaml", []byte(mapping)); err == nil {
			o := Options{Survey: small(), Mapping: m, Input: strings.NewReader(table), Size: int64(len(table))}
			readTwice(t, o)
			if tbl, err := open(o.Input, o.Size, m.Table); err == nil {
				someAgain(t, tbl)
			}
		}
		sameAsStandard(t, table)
	})
}

func readTwice(t *testing.T, o Options) {
	sink := &nowhere{seen: map[survey.Ref]bool{}}
	for round := range 2 {
		res, err := Run(t.Context(), o, sink)
		if err != nil {
			return
		}
		if addsUp(t, res); round == 1 && res.Kept > 0 {
			t.Fatalf("the second time: %+v", res)
		}
	}
}

func sameAsStandard(t *testing.T, table string) {
	want, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil || len(table) > mostCell {
		return
	}
	var got [][]string
	r := newRecords(strings.NewReader(table), nil, ',', false)
	for rw, err := r.next(); err == nil; rw, err = r.next() {
		if rw.broken != "" {
			t.Fatalf("line %d: %s", rw.line, rw.broken)
		}
		got = append(got, append([]string(nil), rw.cells...))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
}

func FuzzWorkbook(f *testing.F) {
	f.Add(workbookOf(f, "Sheet1", [][]any{{"Day", "Mood", "Words"}, {time.Unix(0, 0), 1, "a"}}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		tbl, err := open(bytes.NewReader(raw), int64(len(raw)), Table{})
		if err != nil {
			return
		}
		defer tbl.close()
		for _, err := range tbl.rows(nil) {
			if err != nil {
				return
			}
		}
	})
}

// BenchmarkRead reads a table of 100,000 rows in the shape of the real one, keeping nothing.
func BenchmarkRead(b *testing.B) {
	const rows = 100_000
	var table strings.Builder
	table.WriteString("Who,Day,Mood,Words" + strings.Repeat(",theme", 50) + "\n")
	for i := range rows {
		table.WriteString("p" + string(rune('a'+i%26)) + time.Duration(i/2).String() + ",01/02/2026,1,they were kind" + strings.Repeat(",0", 50) + "\n")
	}
	o := Options{Survey: small(), Mapping: mappingOf(b, perPerson), Input: strings.NewReader(table.String()), Size: int64(table.Len()), DryRun: true}
	b.SetBytes(int64(table.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Run(b.Context(), o, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
