package report_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sayso/internal/disclosure"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/report"
	"sayso/internal/survey"
)

func wantFault(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Errorf("got %v, want a fault of kind %s", err, kind)
	}
}

// adds checks that the ledger adds up to its total and holds multiples of the base only.
func adds(t *testing.T, name string, l disclosure.Ledger) {
	t.Helper()
	sum := 0
	for _, e := range l.Entries {
		sum += e.Figure.N()
	}
	if sum != l.Total.N() {
		t.Errorf("%s: the parts %v sum to %d, not %v", name, l.Entries, sum, l.Total)
	}
}

func TestReportOfManyTellsWhatTheySaid(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(1, 800)...)
	r, body := w.make()
	if r.Number != 1 || r.State != report.Made || r.MadeBy != "analyst" || body.On != "2026-06-01" {
		t.Errorf("record = %d %s by %s on %s", r.Number, r.State, r.MadeBy, body.On)
	}
	if body.Everyone.N() != 800 || body.Responses.Total.N() != 800 {
		t.Errorf("everyone = %v, received = %v", body.Everyone, body.Responses.Total)
	}
	adds(t, "responses", body.Responses)
	adds(t, "wrote", body.Wrote)
	if got := ids(body.Themes); !slices.Equal(got, []string{"access", "kindness", "buses"}) {
		t.Errorf("themes = %v", got)
	}
	waiting, ok := body.Theme("waiting")
	if !ok || waiting.Parent != "access" || waiting.Outcome != "be_healthy" || !waiting.Of.Share().Shown() {
		t.Errorf("waiting = %+v", waiting)
	}
	if d := waiting.Differs; d.State != report.ClearDifference || d.Variable != "priority/in-care" || d.Group != disclosure.Yes {
		t.Errorf("waiting differs by %+v, want children in care", d)
	}
	if body.Main.Differs != "access" || body.Main.Question != "listened" || !slices.Equal(body.Main.Themes, []string{"access", "kindness"}) {
		t.Errorf("main = %+v", body.Main)
	}
}

func ids(themes []report.Theme) (out []string) {
	for _, t := range themes {
		out = append(out, t.ID)
	}
	return out
}

func TestVoicesAreNeverMergedUnmarked(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(2, 600)...)
	_, body := w.make()
	for _, q := range body.Questions {
		for _, o := range q.Options {
			if len(body.OptionBy(q.ID, o.ID, "voice")) != 2 {
				t.Errorf("option %s of %s is not told by voice", o.ID, q.ID)
			}
		}
	}
	for _, th := range body.Themes {
		rows := body.ThemeBy(th.ID, "voice")
		if len(rows) != 2 || !rows[0].Of.Share().Shown() {
			t.Errorf("theme %s is not told by voice: %v", th.ID, rows)
		}
	}
	voice, _ := body.Variable("voice")
	if len(voice.Groups) != 2 || !voice.Groups[0].Of.Part.Shown() {
		t.Errorf("voices = %+v", voice)
	}
}

func TestWhoWasHeardIsJudgedByWhoLivesHere(t *testing.T) {
	w := newWorld(t, report.Worries())
	crowd := report.Crowd(3, 800)
	for i := range crowd {
		if i%3 > 0 && crowd[i].About[0].Choices[0] == "8-11" {
			crowd[i].About[0].Choices[0] = "16-17"
		}
	}
	w.say(crowd...)
	_, body := w.make()
	for _, c := range []struct {
		variable, group string
		want            report.Verdict
	}{
		{"place", "west", report.Heard},
		{"place", "elsewhere", report.TooFew},
		{"place", report.NotSaid, report.NoVerdict},
		{"age_band", "8-11", report.FewerThan},
		{"priority/in-care", "yes", report.Heard},
		{"priority/young-carer", "yes", report.TooFew},
		{"voice", "self", report.NoVerdict},
	} {
		v, _ := body.Variable(c.variable)
		i := slices.IndexFunc(v.Groups, func(g report.Group) bool { return g.ID == c.group })
		if i < 0 || v.Groups[i].Verdict != c.want {
			t.Errorf("%s of %s: %+v, want verdict %s", c.group, c.variable, v.Groups, c.want)
		}
	}
	if body.Living == nil || body.Living.People != 12000 {
		t.Errorf("living = %+v", body.Living)
	}
}

// A survey of 12 tells nothing but that there were 10 or so; no figure in the body is a true small count.
func TestSmallSurveyHidesItsPeople(t *testing.T) {
	w := newWorld(t, report.Worries())
	crowd := report.Crowd(4, 12)
	for i := range crowd {
		crowd[i].Answers[0].Choices = []string{[]string{"1", "2"}[i/7]} // 7 and 5
	}
	w.say(crowd...)
	r, body := w.make()
	easy, _ := body.Question("easy")
	for _, o := range easy.Options {
		if o.Of.Part.Shown() && o.Of.Part.N() > 0 {
			t.Errorf("option %s shows %v of 12", o.ID, o.Of.Part)
		}
	}
	for _, v := range body.Who {
		for _, g := range v.Groups {
			if g.Of.Part.Shown() && g.Of.Part.N() < 10 {
				t.Errorf("%s of %s shows %v", g.ID, v.ID, g.Of.Part)
			}
		}
	}
	if len(body.Quotes) > 0 {
		t.Errorf("quotes stand beside %v people", body.Quotes)
	}
	onlyRounded(t, r.Body)
}

// onlyRounded walks the JSON: a number is a multiple of 5, unless it stands under a name that is no count of voices.
func onlyRounded(t *testing.T, body []byte) {
	t.Helper()
	free := []string{"number", "after", "versions", "Floor", "Small", "Base", "SmallGroup", "MinNew", "from", "to", "per_mille", "expected"}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				if !slices.Contains(free, k) {
					walk(path+"/"+k, inner)
				}
			}
		case []any:
			for i, inner := range v {
				walk(fmt.Sprintf("%s/%d", path, i), inner)
			}
		case float64:
			if int(v)%5 != 0 {
				t.Errorf("%s = %v is a true count", path, v)
			}
		}
	}
	var decoded any
	if err := json.Unmarshal(body, &decoded); err != nil {
		t.Fatal(err)
	}
	walk("", decoded)
}

func TestNothingRawIsInTheBody(t *testing.T) {
	for seed := range uint64(5) {
		w := newWorld(t, report.Worries())
		w.say(report.Crowd(seed, 40+100*int(seed))...)
		r, _ := w.make()
		onlyRounded(t, r.Body)
	}
}

// A group hidden among everyone must not be readable from those who answered or wrote.
func TestGroupHiddenInOneBaseIsHiddenInAll(t *testing.T) {
	for seed := range uint64(8) {
		w := newWorld(t, report.Worries())
		w.say(report.Crowd(seed, 60+20*int(seed))...)
		_, body := w.make()
		for _, table := range body.Release.Tables {
			v := table.Dims[len(table.Dims)-1]
			who, _ := body.Release.Table(report.WhoTable(v.Name))
			for _, g := range v.Categories {
				at := []string{g}
				if len(table.Dims) == 2 {
					at = []string{disclosure.Total, g}
				}
				if table.At(at...).Shown() && !who.At(g).Shown() {
					t.Errorf("seed %d: %s of %s is shown in %s", seed, g, v.Name, table.Name)
				}
			}
		}
	}
}

func TestReportSurvivesJSON(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(5, 300)...)
	r, body := w.make()
	bare := body
	bare.Quotes = slices.Clone(body.Quotes)
	for i := range bare.Quotes {
		bare.Quotes[i].Text = "" // kept apart
	}
	again, err := json.Marshal(bare)
	w.must(err)
	if string(again) != string(r.Body) {
		t.Error("encoding the decoded report gives another body")
	}
	kept, err := w.reports.Record(w.ctx, "worries", 1)
	w.must(err)
	back, err := kept.Report()
	w.must(err)
	if diff := cmp.Diff(body, back, cmp.AllowUnexported(disclosure.Figure{})); diff != "" {
		t.Error(diff)
	}
}

func TestTheSameVoicesGiveTheSameReport(t *testing.T) {
	var bodies [2][]byte
	for i := range bodies {
		w := newWorld(t, report.Worries())
		w.say(report.Crowd(6, 300)...)
		r, _ := w.make()
		bodies[i] = r.Body
	}
	if string(bodies[0]) != string(bodies[1]) {
		t.Error("two folds of the same log differ")
	}
}

func TestOddSurveysGiveAReport(t *testing.T) {
	noText := report.Worries()
	noText.Questions = slices.DeleteFunc(noText.Questions, func(q survey.Question) bool { return q.Kind == survey.LongText })
	noBook := report.Worries()
	noBook.Codebook = ""
	blank := report.Crowd(1, 400)
	for i := range blank {
		if i%10 > 0 {
			blank[i].Answers, blank[i].About = nil, nil
		}
	}
	somali := report.Crowd(2, 200)
	for i := range somali {
		somali[i].Language = "so"
	}
	for name, c := range map[string]struct {
		asked survey.Survey
		said  []survey.Response
		check func(t *testing.T, body report.Report)
	}{
		"nobody":            {report.Worries(), nil, func(t *testing.T, body report.Report) { wantHidden(t, body) }},
		"one answer":        {report.Worries(), report.Crowd(1, 1), func(t *testing.T, body report.Report) { wantHidden(t, body) }},
		"mostly blank":      {report.Worries(), blank, func(t *testing.T, body report.Report) { wantPeople(t, body, 400) }},
		"no words for it":   {report.Worries(), somali, func(t *testing.T, body report.Report) { wantPart(t, body, "not_covered:so") }},
		"no free text":      {noText, report.Crowd(3, 200), func(t *testing.T, body report.Report) { wantPeople(t, body, 200) }},
		"without codebook":  {noBook, report.Crowd(4, 200), func(t *testing.T, body report.Report) { wantPart(t, body, "no_codebook") }},
		"all in one voice":  {report.Worries(), oneVoice(200), func(t *testing.T, body report.Report) { wantPeople(t, body, 200) }},
		"languages unknown": {report.Worries(), unknownLanguage(200), func(t *testing.T, body report.Report) { wantPart(t, body, "not_covered") }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c.asked)
			w.say(c.said...)
			r, body := w.make()
			adds(t, "responses", body.Responses)
			adds(t, "wrote", body.Wrote)
			onlyRounded(t, r.Body)
			c.check(t, body)
		})
	}
}

func oneVoice(n int) []survey.Response {
	rs := report.Crowd(5, n)
	for i := range rs {
		rs[i].Voice = exercise.Self
	}
	return rs
}

func unknownLanguage(n int) []survey.Response {
	rs := report.Crowd(5, n)
	for i := range rs {
		rs[i].Language = "tlh"
	}
	return rs
}

func wantHidden(t *testing.T, body report.Report) {
	t.Helper()
	if body.Everyone.Shown() || body.Responses.Total.Shown() || len(body.Quotes) > 0 || len(body.Main.Themes) > 0 {
		t.Errorf("something is told of nobody or one: %v, %v", body.Everyone, body.Main)
	}
}

func wantPeople(t *testing.T, body report.Report, n int) {
	t.Helper()
	if body.Everyone.N() != n {
		t.Errorf("everyone = %v, want %d", body.Everyone, n)
	}
}

func wantPart(t *testing.T, body report.Report, part string) {
	t.Helper()
	if !slices.ContainsFunc(body.Wrote.Entries, func(e disclosure.Entry) bool {
		return slices.Contains(e.Parts, part) && e.Figure.N() > 0
	}) {
		t.Errorf("the ledger %v does not name %s", body.Wrote, part)
	}
}

func TestNextSnapshotNeedsNewPeople(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(7, 400)...)
	first, _ := w.make()
	w.approve(first)
	w.say(report.Crowd(8, 3)...)
	_, err := w.reports.Make(w.ctx, analyst, "worries")
	wantFault(t, err, fault.Conflict)
	w.say(report.Crowd(9, 600)...)
	second, body := w.make()
	if second.Number != 2 || body.After != 1 {
		t.Errorf("the next is %d after %d", second.Number, body.After)
	}
}

func TestWithdrawnLeaveTheNextSnapshot(t *testing.T) {
	w := newWorld(t, report.Worries())
	refs := w.say(report.Crowd(10, 400)...)
	first, _ := w.make()
	w.approve(first)
	for _, ref := range refs[:30] {
		w.must(w.store.Withdraw(w.ctx, ref))
	}
	w.say(report.Crowd(11, 1200)...)
	_, body := w.make()
	if body.Everyone.N() != 1570 {
		t.Errorf("everyone = %v, want 1570", body.Everyone)
	}
	want := []disclosure.Entry{{Parts: []string{report.PartInWords}}, {Parts: []string{report.PartTicked}}, {Parts: []string{report.PartWithdrawn}}}
	for i, n := range []int{1200, 370, 30} {
		if e := body.Responses.Entries[i]; !slices.Equal(e.Parts, want[i].Parts) || e.Figure.N() != n {
			t.Errorf("entry %v, want %v %d", e, want[i].Parts, n)
		}
	}
}

// A group too small to show in the first snapshot must not silence the second.
func TestSmallGroupDoesNotSilenceTheNextSnapshot(t *testing.T) {
	w := newWorld(t, report.Worries())
	for n := range 3 {
		crowd := report.Crowd(uint64(n), 1500<<n)
		for i := range crowd {
			if i%200 == 0 {
				crowd[i].About = append(crowd[i].About[:1], survey.Answer{Question: "groups", Choices: []string{"young-carer"}})
			}
		}
		w.say(crowd...)
		r, body := w.make()
		w.approve(r)
		shown, all := 0, 0
		for _, table := range body.Release.Tables {
			for _, f := range table.Figures {
				all++
				if f.Shown() {
					shown++
				}
			}
		}
		if 4*shown < 3*all {
			t.Errorf("snapshot %d shows %d of %d figures", n+1, shown, all)
		}
	}
}
