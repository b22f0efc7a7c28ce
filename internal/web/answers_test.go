package web_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"sayso/internal/people"
)

func TestAnalystsDownloadTheAnswers(t *testing.T) {
	w := newWalk(t)
	analyst := w.member(t, people.Analyst, "north-vale")
	analyst.opens("/staff/surveys/worries").clicks("a[href$='/answers/csv']").gets(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(analyst.body, "\ufeff"))).ReadAll()
	must(t, err)
	counted := 0
	for _, r := range w.responses(t, "worries") {
		if !r.Withdrawn && r.Held == "" {
			counted++
		}
	}
	if len(rows) != counted+1 || counted == 0 {
		t.Errorf("%d rows under the heading, want %d", len(rows)-1, counted)
	}
	w.member(t, people.Administrator, "").opens("/staff/audit").sees("main", "exported answers")
	w.member(t, people.Board, "north-vale").opens("/staff/surveys/worries").seesNo("a[href$='/answers/csv']")
	analyst.opens("/staff/surveys/worries/answers/pdf").gets(http.StatusNotFound)
}
