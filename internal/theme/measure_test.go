package theme

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const framed = small + `    column: Praise
    measured: true
  - id: silent
    name: {en: Silent, pl: Cisza}
    definition: {en: No one says this.}
    outcome: be_healthy
    column: Silence
    measured: true
    words:
      en: [silence]
      pl: [cisza]
frame:
  language: en
  text: Comment
  question: Asked
  improve: [What is bad?]
  unanswered: [no answer]
  micro_f1: 0.5
  macro_f1: 0.4
`

func framedBook(t *testing.T) *Codebook {
	t.Helper()
	cb, err := ParseCodebook("framed.yaml", []byte(framed))
	if err != nil {
		t.Fatal(err)
	}
	return cb
}

func TestMeasureComparesDistinctComments(t *testing.T) {
	const sample = "\ufeffAsked,Comment,Praise,Silence\n" +
		"What is bad?,nothing,1,\n" + // both
		" What  is bad? , nothing ,,\n" + // the same again
		"Why?,nothing,1,0\n" + // people only
		"Why?,great,,\n" + // coder only
		"Why?,great café,1,\n" + // both
		"Why?,no answer,1,\n" +
		"Why?,,1,\n"
	m, err := Measure(framedBook(t), strings.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	if m.Rows != 7 || m.Comments != 4 || len(m.Themes) != 2 {
		t.Fatalf("measurement = %+v", m)
	}
	happy := m.Themes[0]
	if happy.Both != 2 || happy.Coder != 1 || happy.People != 1 {
		t.Errorf("happy = %+v", happy)
	}
	for name, got := range map[string]float64{"precision": happy.Precision, "recall": happy.Recall, "micro": m.Micro.F1, "macro": 2 * m.MacroF1} {
		if math.Abs(got-2.0/3) > 1e-9 {
			t.Errorf("%s = %v, want 2/3", name, got)
		}
	}
	if m.GoodEnough() {
		t.Error("a macro-F1 of .33 passes a bar of .4")
	}
}

func TestFiguresAreRowsForMachines(t *testing.T) {
	m, err := Measure(framedBook(t), strings.NewReader("Asked,Comment,Praise,Silence\nWhy?,great,1,\n"))
	if err != nil {
		t.Fatal(err)
	}
	row, err := json.Marshal(m.Figures()[0])
	if want := `{"name":"themes.micro_f1","value":1,"unit":"","at_least":0.5}`; err != nil || string(row) != want {
		t.Errorf("row = %s, %v, want %s", row, err, want)
	}
}

func TestMeasureRefusesWhatItCannotRead(t *testing.T) {
	for _, c := range []struct{ name, sample, want string }{
		{"empty", "", "headings"},
		{"no column", "Asked,Comment,Praise\n", "Silence"},
		{"broken row", "Asked,Comment,Praise,Silence\na,\"b", "comment 1"},
	} {
		if _, err := Measure(framedBook(t), strings.NewReader(c.sample)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error = %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := Measure(smallBook(t), strings.NewReader("a\n")); err == nil {
		t.Error("a codebook without a frame was measured")
	}
}

func TestFrameIsMeasuredOnRealComments(t *testing.T) {
	file, err := os.Open(shared(t, "data/nhs-comments/v6framework_shared.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	m, err := Measure(book(t, "nhs-v6.yaml"), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d comments, micro-F1 %.3f, macro-F1 %.3f", m.Comments, m.Micro.F1, m.MacroF1)
	if len(m.Themes) != 36 || !m.GoodEnough() {
		t.Errorf("%d themes, micro-F1 %.3f, macro-F1 %.3f", len(m.Themes), m.Micro.F1, m.MacroF1)
	}
}

// shared finds a file of the data that stands beside the repository, and skips the test where it is absent.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	file := filepath.Join(dir, "..", "shared", name)
	if _, err := os.Stat(file); err != nil {
		t.Skipf("the data is absent: %s", file)
	}
	return file
}
