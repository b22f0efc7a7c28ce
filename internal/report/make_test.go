package report_test

import (
	"testing"

	"sayso/internal/report"
)

func TestLook(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(1, 800)...)
	r, body := w.make()
	t.Log(len(r.Body))
	t.Logf("%+v", body.Responses)
	t.Logf("%+v", body.Wrote)
	for _, v := range body.Who {
		t.Logf("%s %+v", v.ID, v.Groups)
		for _, g := range v.Groups {
			t.Logf("   %s %v %v %v", g.ID, g.Of, g.Verdict, g.Living)
		}
	}
	for _, q := range body.Questions {
		t.Logf("%s %v %v %v", q.ID, q.People, q.Options, q.Main)
	}
	for _, th := range body.Themes {
		t.Logf("%s %v %v", th.ID, th.Of, th.Differs)
		for _, u := range th.Under {
			t.Logf("  %s %v %v", u.ID, u.Of, u.Differs)
		}
		t.Log(body.ThemeBy(th.ID, "age_band"))
	}
	for _, q := range body.Quotes {
		t.Logf("%+v", q)
	}
	t.Logf("%+v", body.Main)
}
