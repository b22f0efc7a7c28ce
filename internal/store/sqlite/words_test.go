package sqlite_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/report"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
)

// TestWithdrawnWordsAreGone looks for withdrawn words in the bytes of all files, after so many writes in random
// order that pages of the file were split and filled again many times.
func TestWithdrawnWordsAreGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sayso.db")
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	rng := rand.New(rand.NewPCG(7, 7))
	var refs []survey.Ref
	for i := range 1500 {
		r := usual(rng, "worries")
		mark := "kept"
		if i%3 == 0 {
			mark = "withdrawn"
			refs = append(refs, r.Ref)
		}
		r.Answers = append(r.Answers, survey.Answer{Question: "mine", Words: fmt.Sprintf("%s-words-%d", mark, i)})
		r.About = append(r.About, survey.Answer{Question: "me", Words: fmt.Sprintf("%s-person-%d", mark, i)})
		if _, err := s.Append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		d := survey.Draft{ID: r.ID, LastPage: exercise.Day("2026-01-01"), Answers: r.Answers}
		for j := range d.Answers {
			d.Answers[j].Words += "-withdrawn-draft"
		}
		if err := s.CreateDraft(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.ExpireDrafts(t.Context(), "2026-02-01"); err != nil || n != 1500 {
		t.Fatal(n, err)
	}
	for _, ref := range refs {
		if err := s.Withdraw(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
	}
	wipeQuotes(t, s)
	wipeSheets(t, s)
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		kept += bytes.Count(content, []byte("kept-words"))
		if n := bytes.Count(content, []byte("withdrawn-")); n > 0 {
			t.Errorf("%s still holds withdrawn words %d times", filepath.Base(name), n)
		}
	}
	if kept < 1000 {
		t.Errorf("found %d words that were kept: the search proves nothing", kept)
	}
}

// wipeQuotes keeps reports with quotes and takes the quotes out again.
func wipeQuotes(t *testing.T, s *sqlite.Store) {
	t.Helper()
	const reports, quotes = 5, 40
	for n := 1; n <= reports; n++ {
		r := report.Record{Survey: "worries", Number: n, State: report.Made, Words: map[string]string{}, Body: []byte("{}")}
		for q := range quotes {
			r.Words[fmt.Sprint(q)] = fmt.Sprintf("withdrawn-quote-%d-%d", n, q)
		}
		if err := s.CreateRecord(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	for n := range reports * quotes {
		_, err := s.UpdateRecord(t.Context(), "worries", 1+n%reports, func(r *report.Record) error {
			delete(r.Words, fmt.Sprint(n/reports))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// wipeSheets keeps what was typed of paper ballots, and settles them.
func wipeSheets(t *testing.T, s *sqlite.Store) {
	t.Helper()
	var sheets []ballot.Sheet
	for n := range 200 {
		sheets = append(sheets, ballot.Sheet{Hash: fmt.Sprintf("k1:%04d", n), Exercise: "early", State: ballot.Becoming, Ballot: fmt.Sprintf("withdrawn-ballot-%d", n),
			Typings: []ballot.Typing{{By: "one", Marks: []ballot.Mark{{Item: "p-room", Value: fmt.Sprintf("withdrawn-mark-%d", n)}}}}})
	}
	if n, err := s.CreateSheets(t.Context(), sheets); err != nil || n != len(sheets) {
		t.Fatal(n, err)
	}
	for _, sh := range sheets {
		_, err := s.UpdateSheet(t.Context(), sh.Hash, func(sh *ballot.Sheet) error {
			sh.State, sh.Typings, sh.Ballot = ballot.Counted, nil, ""
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
