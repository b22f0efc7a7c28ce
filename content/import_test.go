package content_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// mapping is a file of imports/, as its own head describes it.
type mapping struct {
	Survey   string
	Language string
	Voice    exercise.Voice
	Day      struct {
		Column  string
		Formats []string
	}
	Identity struct{ Columns, Missing []string }
	Longer   string
	Columns  []column
}

type column struct {
	Question string
	Column   string
	When     struct {
		Column string
		Is     []string
	}
	Values  map[string]string
	Missing []string
	Others  string
}

func TestImportsAnswerTheirSurvey(t *testing.T) {
	all := surveys(t)
	for _, name := range matches(t, "imports/*.yaml") {
		var m mapping
		decode(t, name, &m)
		s, ok := all[m.Survey]
		if !ok || !slices.Contains(s.Voices, m.Voice) || !slices.Contains(s.Offered(), m.Language) {
			t.Fatalf("%s: survey %q, voice %q, language %q", name, m.Survey, m.Voice, m.Language)
		}
		for _, c := range m.Columns {
			checkColumn(t, &s, c)
		}
	}
}

func checkColumn(t *testing.T, s *survey.Survey, c column) {
	t.Helper()
	q, _, ok := s.Question(c.Question)
	if !ok {
		t.Errorf("%s has no question %q", s.ID, c.Question)
		return
	}
	for cell, id := range c.Values {
		if !slices.Contains(q.OptionIDs(), id) {
			t.Errorf("%s: %q becomes %q, which is no option", q.ID, cell, id)
		}
	}
	if (len(q.OptionIDs()) > 0) != (len(c.Values) > 0) {
		t.Errorf("%s: values are for questions with options", q.ID)
	}
}

// comments reads the table of real comments, which is not part of this repository.
func comments(t *testing.T) (head []string, rows [][]string) {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(root, "go.mod")) {
		root = filepath.Dir(root)
	}
	table := filepath.Join(root, "..", "shared", "data", "nhs-comments", "v6framework_shared.csv")
	raw, err := os.ReadFile(table)
	if err != nil {
		t.Skipf("no table of comments at %s", table)
	}
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[0], all[1:]
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// one is how cells are compared.
func one(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

func TestTheMappingKnowsEveryCellOfTheTable(t *testing.T) {
	head, rows := comments(t)
	var m mapping
	decode(t, "imports/friends-and-family.yaml", &m)
	at := map[string]int{}
	for i, name := range head {
		at[one(name)] = i
	}
	asked := map[string]bool{}
	for _, c := range m.Columns {
		for _, q := range c.When.Is {
			asked[one(q)] = true
		}
		checkCells(t, c, rows, at)
	}
	for _, row := range rows {
		if q := one(row[at["fft question"]]); !asked[q] {
			t.Fatalf("nothing takes what was answered to %q", q)
		}
	}
}

// checkCells says whether every cell of a column with options is an option or known as missing.
func checkCells(t *testing.T, c column, rows [][]string, at map[string]int) {
	t.Helper()
	i, ok := at[one(c.Column)]
	if !ok {
		t.Fatalf("the table has no column %q", c.Column)
	}
	listed := map[string]bool{"": true}
	for cell := range c.Values {
		listed[one(cell)] = true
	}
	for _, cell := range c.Missing {
		listed[one(cell)] = true
	}
	for _, row := range rows {
		if len(c.Values) > 0 && c.Others != "skip" && !listed[one(row[i])] {
			t.Errorf("%s: the cell %q is unknown", c.Question, row[i])
		}
	}
}
