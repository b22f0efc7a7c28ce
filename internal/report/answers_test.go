package report_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
)

// exportRows writes the answers of the world as CSV and returns its rows.
func (w *world) exportRows() ([][]string, report.Exported) {
	w.Helper()
	a, err := w.reports.Answers(w.ctx, analyst, "worries", report.CSV, keyedIn("en"))
	w.must(err)
	var out bytes.Buffer
	sum, err := a.Write(w.ctx, &out)
	w.must(err)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	w.must(err)
	return rows, sum
}

func voices(rows [][]string) map[string]int {
	n := map[string]int{}
	for _, row := range rows[1:] {
		n[row[0]]++
	}
	return n
}

func TestAnswersHoldNothingOfWhoPeopleAre(t *testing.T) {
	w := newWorld(t, report.Worries())
	refs := w.say(report.Crowd(61, 400)...)
	shy := survey.Response{Answers: []survey.Answer{{Question: "improve", Words: "＝1+1, my name is Robin, call 07700 900123"},
		{Question: "talk", Choices: []string{"family", "school"}}, {Question: "easy", Skip: survey.Unknown}}}
	w.say(shy)
	w.must(w.store.Withdraw(w.ctx, refs[17]))
	w.must(w.store.Hold(w.ctx, refs[18], survey.HeldPerson))
	rows, sum := w.exportRows()
	if sum != (report.Exported{Rows: 399, Withdrawn: 1, Held: 1, Received: 401}) || len(rows) != 400 {
		t.Errorf("%+v, %d rows", sum, len(rows))
	}
	want := []string{"group.voice", "How easy is it? [easy]", "Who do you talk to? [talk]", "Do they listen? [listened]", "How long? [months]",
		"What could be better? [improve]", "What was good? [good]", "May we quote you? [quote]"}
	if !slices.Equal(rows[0], want) {
		t.Errorf("the heading is %q", rows[0])
	}
	at := slices.IndexFunc(rows, func(row []string) bool { return strings.Contains(row[5], "[en name]") })
	if at < 0 {
		t.Fatal("the row is not there")
	}
	if row := rows[at]; row[1] != "skip.unknown" || row[2] != "The family; The school" || !strings.HasPrefix(row[5], "'＝1+1") ||
		strings.Contains(row[5], "07700") || strings.Contains(row[5], "Robin") {
		t.Errorf("the row is %q", row)
	}
	for _, ref := range refs {
		for _, row := range rows {
			if slices.Contains(row, ref.ID) || slices.Contains(row, string(ref.Day)) {
				t.Fatalf("row %q names the response", row)
			}
		}
	}
}

func TestAnswersNameAVoiceOnceEnoughSpeakWithIt(t *testing.T) {
	some := func(w *world, voice exercise.Voice, n int) {
		for range n {
			w.say(survey.Response{Voice: voice, Answers: []survey.Answer{{Question: "easy", Choices: []string{"1"}}}})
		}
	}
	for _, c := range []struct{ self, helped, carer, shownSelf, shownHelped, hidden int }{
		{40, 10, 0, 40, 10, 0},
		{40, 9, 0, 30, 0, 19}, // ten keep the nine company
		{40, 9, 9, 40, 0, 18},
		{10, 1, 0, 0, 0, 11},
		{9, 9, 0, 0, 0, 18},
		{10, 0, 0, 10, 0, 0},
	} {
		w := newWorld(t, report.Worries())
		some(w, exercise.Self, c.self)
		some(w, exercise.Helped, c.helped)
		some(w, exercise.Carer, c.carer)
		rows, sum := w.exportRows()
		n := voices(rows)
		if n["voice_of.self"] != c.shownSelf || n["voice_of.helped"] != c.shownHelped || n["answers.voice_hidden"] != c.hidden {
			t.Errorf("%+v: %v", c, n)
		}
		if sum.Rows != c.self+c.helped+c.carer {
			t.Errorf("%+v: %+v", c, sum)
		}
	}
}

func TestAnswersOfFewAreNotGiven(t *testing.T) {
	w := newWorld(t, report.Worries())
	refs := w.say(report.Crowd(62, 9)...)
	refuse := func(want fault.Kind, err error) {
		t.Helper()
		if !fault.Is(err, want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	_, err := w.reports.Answers(w.ctx, analyst, "worries", report.CSV, keyedIn("en"))
	refuse(fault.Conflict, err)
	w.say(report.Crowd(63, 1)...)
	w.must(w.store.Withdraw(w.ctx, refs[0]))
	a, err := w.reports.Answers(w.ctx, analyst, "worries", report.CSV, keyedIn("en"))
	w.must(err)
	var out bytes.Buffer
	_, err = a.Write(w.ctx, &out)
	refuse(fault.Conflict, err)
	if strings.Count(out.String(), "\n") > 1 {
		t.Errorf("rows were written: %q", out.String())
	}
	_, err = w.reports.Answers(w.ctx, board, "worries", report.CSV, keyedIn("en"))
	refuse(fault.Forbidden, err)
	_, err = w.reports.Answers(w.ctx, analyst, "worries", "pdf", keyedIn("en"))
	refuse(fault.NotFound, err)
}

func TestAnswersAreRecorded(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(64, 30)...)
	w.exportRows()
	for e, err := range w.store.Entries(w.ctx, 1) {
		w.must(err)
		if e.Act == people.ActAnswersExported && e.Details["received"] == "30" && e.Staff == analyst.ID && e.Area == "vale" {
			return
		}
	}
	t.Error("the audit log does not say so")
}

// shortened is a log that ends one too early.
type shortened struct{ survey.Responses }

func (s shortened) Scan(ctx context.Context, r survey.Range) iter.Seq2[*survey.Response, error] {
	return func(yield func(*survey.Response, error) bool) {
		n := 0
		for response, err := range s.Responses.Scan(ctx, r) {
			if n++; n == 30 || !yield(response, err) {
				return
			}
		}
	}
}

func TestAnswersThatDoNotAddUpFail(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(65, 30)...)
	from := w.sources()
	from.Responses = shortened{w.store}
	w.reports = report.NewService(w.store, from, w.log(), w.clock)
	a, err := w.reports.Answers(w.ctx, analyst, "worries", report.CSV, keyedIn("en"))
	w.must(err)
	if _, err := a.Write(w.ctx, io.Discard); err == nil || !strings.Contains(err.Error(), "29 rows, 0 withdrawn and 0 held back of 30") {
		t.Errorf("a lost row: %v", err)
	}
}

func TestAnswersAsASpreadsheetAreTheSame(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(66, 300)...)
	want, _ := w.exportRows()
	a, err := w.reports.Answers(w.ctx, analyst, "worries", report.XLSX, keyedIn("en"))
	w.must(err)
	var out bytes.Buffer
	_, err = a.Write(w.ctx, &out)
	w.must(err)
	file, err := excelize.OpenReader(&out)
	w.must(err)
	got, err := file.GetRows(file.GetSheetName(0))
	w.must(err)
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i, row := range got {
		for j, cell := range row {
			if cell != strings.TrimPrefix(want[i][j], "'") {
				t.Fatalf("row %d is %q, want %q", i, row, want[i])
			}
		}
	}
}
