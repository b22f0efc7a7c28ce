package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"sayso/internal/exercise"
	"sayso/internal/report"
	"sayso/internal/survey"
)

// keyed says the key itself and its arguments, so that a test sees what was asked for.
func keyed(key string, args ...any) string {
	if len(args) == 0 {
		return key
	}
	return fmt.Sprintf("%s%v", key, args)
}

// exported is the public report of a survey whose words a spreadsheet would take for formulas.
func exported(t *testing.T) report.Published {
	sv := report.Worries()
	sv.Questions[1].Ask = exercise.Text{"en": "=HYPERLINK(\"x\")", "ur": "آپ کس سے بات کرتے ہیں؟"}
	sv.Questions[1].Options = []survey.Option{
		{ID: "family", Text: english("+44")}, {ID: "friend", Text: english("@SUM(A1)")}, {ID: "school", Text: english("-1")},
	}
	w := newWorld(t, sv)
	w.say(report.Crowd(21, 500)...)
	r, body := w.make()
	w.decide(body.Quotes[0].ID, report.Keep)
	w.approve(r)
	p, err := w.reports.Latest(w.ctx, "worries")
	w.must(err)
	return p
}

func TestCSVIsSafeAndNamesItsRules(t *testing.T) {
	p := exported(t)
	var first, again bytes.Buffer
	if err := report.WriteCSV(&first, p, keyedIn("en")); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteCSV(&again, p, keyedIn("en")); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error("the same report gives other bytes")
	}
	text, marked := strings.CutPrefix(first.String(), "\ufeff")
	if !marked {
		t.Error("there is no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 100 {
		t.Errorf("only %d rows", len(rows))
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if cell != "*" && strings.ContainsAny(cell[:min(1, len(cell))], "=+-@") {
				t.Errorf("cell %q is a formula", cell)
			}
		}
		if len(row) != 13 || row[10] != "Worries" || row[11] != "1" || row[12] != "2026-06-01" {
			t.Fatalf("row %v does not name its snapshot", row)
		}
	}
	if n := strings.Count(text, "report.method.hidden[Floor 10"); n != 1 {
		t.Errorf("the rules are said %d times", n)
	}
	if last := rows[len(rows)-1]; last[0] != "export.rules" || !strings.HasPrefix(last[1], "report.method.") {
		t.Errorf("the last row is %v", last)
	}
	want := []string{"export.themes", "Kindness", "", "group.voice", "voice_of.self"}
	if !slices.ContainsFunc(rows, func(row []string) bool { return slices.Equal(row[:5], want) }) {
		t.Errorf("there is no row %v", want)
	}
}

func TestASurveyForEveryoneCallsNobodyYoung(t *testing.T) {
	sv := report.Worries()
	sv.Everyone = true
	w := newWorld(t, sv)
	w.say(report.Crowd(1, 800)...)
	_, body := w.make()
	for _, v := range body.Who {
		if v.Kind != report.ByVoice {
			continue
		}
		for _, g := range v.Groups {
			if key := keyedIn("en").Group(v, g); g.ID != report.NotSaid && key != "voice_of."+g.ID+"_everyone" {
				t.Errorf("%s is named %s", g.ID, key)
			}
		}
	}
	if !body.Asked.Everyone {
		t.Error("the report does not say that the survey is for everyone")
	}
	rows, _ := w.exportRows()
	if n := voices(rows); n["voice_of.self"] > 0 || n["voice_of.self_everyone"] == 0 {
		t.Errorf("the answers name %v", n)
	}
}

func TestCSVIsWrittenInALanguage(t *testing.T) {
	var out bytes.Buffer
	if err := report.WriteCSV(&out, exported(t), keyedIn("ur")); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "آپ کس سے بات کرتے ہیں؟") {
		t.Error("the question is not in Urdu")
	}
}

func TestJSONHoldsTheWholePublicReport(t *testing.T) {
	p := exported(t)
	var out bytes.Buffer
	if err := report.WriteJSON(&out, p); err != nil {
		t.Fatal(err)
	}
	onlyRounded(t, out.Bytes())
	var back report.Published
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if len(back.Quotes) != 1 || back.Rules.Floor != 10 || back.State != report.Approved || len(back.Release.Tables) == 0 {
		t.Errorf("quotes %v, rules %+v, state %s", back.Quotes, back.Rules, back.State)
	}
}

func TestSpreadsheetHoldsTheSameRowsAndNoFormula(t *testing.T) {
	p := exported(t)
	var table, sheet bytes.Buffer
	if err := report.WriteCSV(&table, p, keyedIn("en")); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteXLSX(&sheet, p, keyedIn("en")); err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := report.WriteXLSX(&again, p, keyedIn("en")); err != nil || !bytes.Equal(sheet.Bytes(), again.Bytes()) {
		t.Errorf("the same report gives other bytes, %v", err)
	}
	file, err := excelize.OpenReader(&sheet)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := file.GetRows(file.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	want, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	for i, row := range rows {
		for j, cell := range row {
			if plain := strings.TrimPrefix(want[i][j], "'"); cell != plain {
				t.Fatalf("cell %d of row %d is %q, want %q", j, i, cell, plain)
			}
		}
		name, err := excelize.CoordinatesToCellName(2, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if formula, err := file.GetCellFormula(file.GetSheetName(0), name); err != nil || formula != "" {
			t.Errorf("%s is the formula %q, %v", name, formula, err)
		}
	}
}

// keyedIn names everything in the language, with the keys of the catalogue in place of its phrases.
func keyedIn(lang string) report.Naming {
	return report.Naming{Lang: lang, Words: keyed, Language: func(tag string) string { return tag }}
}
