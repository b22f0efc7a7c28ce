package view

import (
	"fmt"
	"math"
	"strconv"

	"github.com/a-h/templ"

	"sayso/internal/disclosure"
	"sayso/internal/exercise"
	"sayso/internal/report"
	"sayso/internal/survey"
)

// ReportPage is a report as it is read: by everybody, or by staff who may decide about it.
type ReportPage struct {
	Page
	Report  report.Published
	Today   exercise.Day
	Decides bool // the reader may keep quotes and approve
	Replies bool // the reader may answer for the board
	Preview bool // shown to staff, with what was decided about quotes
	Reply   ReplyForm

	Outcomes []ResultPage // of votes in the area of the report
}

// ReplyForm is what was typed as an answer to a theme and could not be kept.
type ReplyForm struct {
	Theme, Kind, Text, By, Error string
}

func (p ReportPage) words(t exercise.Text) string { return t.Words(p.L.Tag) }

func (p ReportPage) percent(s disclosure.Share) string {
	if !s.Shown() {
		return p.T("figure.hidden")
	}
	return p.T("figure.percent", "Number", s.PerCent())
}

func (p ReportPage) figure(f disclosure.Figure) string {
	if !f.Shown() {
		return p.T("figure.hidden")
	}
	return p.L.Number(int64(f.N()))
}

// interval writes the 95 % interval of a share: "38 to 44 %".
func (p ReportPage) interval(s disclosure.Share) string {
	lo, hi := s.Interval()
	return p.T("figure.interval", "From", int(math.Round(lo*100)), "To", int(math.Round(hi*100)))
}

func (p ReportPage) names() report.Naming {
	return report.Naming{Lang: p.L.Tag, Words: p.T, Language: func(tag string) string { return nameOf(p.Page, tag) }}
}

func (p ReportPage) variableName(v report.Variable) string { return p.names().Variable(v) }

func (p ReportPage) groupName(v report.Variable, id string) string {
	for _, g := range v.Groups {
		if g.ID == id {
			return p.names().Group(v, g)
		}
	}
	return p.names().Group(v, report.Group{ID: id})
}

func (p ReportPage) optionName(q report.Question, o report.Option) string {
	return p.names().Option(q, o)
}

func (p ReportPage) option(q report.Question, id string) string {
	for _, o := range q.Options {
		if o.ID == id {
			return p.optionName(q, o)
		}
	}
	return id
}

// mainThing is the one sentence about a question.
func (p ReportPage) mainThing(q report.Question) string {
	m := q.Main
	return p.T("main_thing."+string(m.Kind), "Option", p.option(q, m.Option), "Share", p.percent(m.Of.Share()))
}

// mainSentences are the first sentences of the report.
func (p ReportPage) mainSentences() []string {
	var out []string
	var names []string
	for _, id := range p.Report.Main.Themes {
		t, _ := p.Report.Theme(id)
		names = append(names, p.T("main.theme", "Theme", p.words(t.Name), "Share", p.percent(t.Of.Share())))
	}
	if len(names) > 0 {
		out = append(out, p.T("main.themes", "Themes", p.L.List(names)))
	}
	if t, ok := p.Report.Theme(p.Report.Main.Differs); ok && t.Differs.State == report.ClearDifference {
		out = append(out, p.T("main.differs", "Theme", p.words(t.Name), "Group", p.difference(t)))
	}
	if q, ok := p.Report.Question(p.Report.Main.Question); ok {
		out = append(out, p.T("main.question", "Question", p.words(q.Ask), "Option", p.option(q, q.Main.Option), "Share", p.percent(q.Main.Of.Share())))
	}
	if len(out) == 0 {
		out = append(out, p.T("main.nothing"))
	}
	return out
}

// difference names the group in which a theme stands out, and its share.
func (p ReportPage) difference(t report.Theme) string {
	switch t.Differs.State {
	case report.ClearDifference:
		v, _ := p.Report.Variable(t.Differs.Variable)
		name := p.groupName(v, t.Differs.Group)
		if v.Kind == report.ByPriority { // in people's own words: "I am a young carer"
			name = p.T("quotes.marks", "Words", name)
		}
		return p.T("differs.clear", "Group", name, "Share", p.percent(t.Differs.Of.Share()))
	case report.NoDifference:
		return p.T("differs.none")
	}
	return p.T("differs.too_few")
}

// replyState names how the board's answer to a theme stands.
func (p ReportPage) replyState(id string) (words, class string) {
	r, ok := p.Report.Replies[id]
	due := p.Report.Asked.Decision.On
	switch {
	case !ok && p.Report.State != report.Approved:
		return "", ""
	case !ok && due < p.Today:
		return p.T("reply.overdue", "Day", p.L.Date(due.Time())), "s-state--late"
	case !ok:
		return p.T("reply.due", "Day", p.L.Date(due.Time())), "s-state--soon"
	}
	class = map[report.ReplyKind]string{report.WeDid: "s-state--done", report.WeWill: "s-state--soon", report.Partly: "s-state--soon", report.WeWont: "s-state--no"}[r.Kind]
	return p.T("reply."+string(r.Kind), "Day", p.L.Date(r.By.Time())), class
}

// speaker says whose words a quote are, as far as may be said.
func (p ReportPage) speaker(q report.Quote) string {
	var parts []string
	if q.Voice != "" {
		parts = append(parts, p.T(survey.VoiceKey("voice_of.", q.Voice, p.Report.Asked.Everyone)))
	}
	if q.Age != "" {
		parts = append(parts, p.T("age_band."+q.Age))
	}
	if t, ok := p.Report.Theme(q.Theme); ok {
		parts = append(parts, p.words(t.Name))
	}
	return joinDots(parts)
}

func joinDots(parts []string) string {
	out := ""
	for i, s := range parts {
		if i > 0 {
			out += " · "
		}
		out += s
	}
	return out
}

func (p ReportPage) decision(q report.Quote) report.Decision { return p.Report.Decisions[q.ID] }

// marked puts a quote between the marks of the language in which it is written.
func (p ReportPage) marked(q report.Quote) string {
	in := p.L
	for _, l := range p.Languages {
		if l.Tag == q.Lang {
			in = l
		}
	}
	return in.T("quotes.marks", "Words", q.Text)
}

func (p ReportPage) self(rest string) templ.SafeURL {
	return templ.SafeURL("/staff/surveys/" + p.Report.Survey + "/reports/" + strconv.Itoa(p.Report.Number) + rest)
}

// wide writes a share from 0 to 1 as a length on the drawing of a bar, 100 long.
func wide(f float64) string { return fmt.Sprintf("%.1f", f*100) }

func partOf(s disclosure.Share) float64 { return float64(s.PerMille()) / 1000 }

// breakdowns are the group variables that tables of options and themes are shown by, in their order.
func (p ReportPage) breakdowns() []report.Variable {
	var out []report.Variable
	for _, v := range p.Report.Who {
		if v.Kind == report.ByVoice || v.Kind == report.ByAge || v.Kind == report.ByPlace {
			out = append(out, v)
		}
	}
	return out
}

// heardGroups are the groups of the table of who was heard: those one can go and ask.
func heardGroups(v report.Variable) []report.Group {
	if v.Kind != report.ByPriority {
		return v.Groups
	}
	for _, g := range v.Groups {
		if g.ID == disclosure.Yes {
			return []report.Group{g}
		}
	}
	return nil
}

func hasPriority(who []report.Variable) bool {
	for _, v := range who {
		if v.Kind == report.ByPriority {
			return true
		}
	}
	return false
}

// verdict says what the share of a group means.
func (p ReportPage) verdict(g report.Group) string {
	if g.Verdict == report.NoVerdict || g.Verdict == "" {
		return ""
	}
	if g.Verdict == report.FewerThan && g.Living != nil && g.Living.Expected > 0 {
		return p.T("verdict.fewer_than", "Number", g.Living.Expected)
	}
	return p.T("verdict." + string(g.Verdict))
}

// ledgerName names a line of a ledger: its part, or the parts merged into it.
func (p ReportPage) ledgerName(parts []string) string { return p.L.List(p.names().Parts(parts)) }

// What stands in the form of a reply: what could not be kept, else the reply that is there.
func replyKind(p ReportPage, theme string) string {
	if p.Reply.Theme == theme {
		return p.Reply.Kind
	}
	return string(p.Report.Replies[theme].Kind)
}

func replyText(p ReportPage, theme string) string {
	if p.Reply.Theme == theme {
		return p.Reply.Text
	}
	return p.Report.Replies[theme].Text
}

func replyBy(p ReportPage, theme string) string {
	if p.Reply.Theme == theme {
		return p.Reply.By
	}
	return string(p.Report.Replies[theme].By)
}

func replyError(p ReportPage, theme string) string {
	if p.Reply.Theme == theme {
		return p.Reply.Error
	}
	return ""
}
