package web_test

import (
	"testing"

	"sayso/internal/people"
	"sayso/internal/survey"
)

func TestReportIsFoundBeforeItIsAnswered(t *testing.T) {
	w := newWorld(t)
	must(t, w.fill(t.Context(), 150))
	w.somebody(t).opens("/a/north-vale").seesNo("main .s-came")
	r, err := w.reports.Make(t.Context(), people.CommandLine(), "worries")
	must(t, err)
	w.somebody(t).opens("/a/north-vale").seesNo("main .s-came") // staff alone see it
	_, err = w.reports.Approve(t.Context(), people.CommandLine(), "worries", r.Number)
	must(t, err)
	w.somebody(t).opens("/a/north-vale").
		sees("main .s-came", "They have not answered yet.").
		sees("main .s-came a[href='/r/worries']", "When I feel worried or sad")
	w.somebody(t).opens("/a/harbour-coast").seesNo("main .s-came")
}

func TestReportWithoutThemesIsFound(t *testing.T) {
	w := newWorld(t)
	w.publish(t, "worries", func(sv *survey.Survey) { sv.Codebook = "" })
	must(t, w.fill(t.Context(), 150, "worries"))
	w.somebody(t).opens("/a/north-vale").sees("main .s-came a[href='/r/worries']", "When I feel worried or sad").seesNo("main .s-came strong")
}
