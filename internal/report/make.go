package report

import (
	"cmp"
	"slices"

	"sayso/internal/disclosure"
	"sayso/internal/exercise"
	"sayso/internal/survey"
	"sayso/internal/theme"
)

// making is the work of turning a tally into a report.
type making struct {
	plan    *plan
	tally   *tally
	rules   disclosure.Rules
	areas   exercise.Areas
	label   func(lang, kind string) string
	release disclosure.Release
	out     Report
	quoted  map[string]survey.Ref // by quote: whose words they are; not in the report
}

// report publishes the tally after what was published before.
func (m *making) report(history disclosure.History) (Report, error) {
	release, err := disclosure.Publish(m.rules, history, m.plan.tabulate(m.tally))
	if err != nil {
		return Report{}, err
	}
	m.release = align(release)
	m.describe()
	m.out.Release = m.release
	m.out.Everyone = m.figure(WhoTable(string(ByVoice)), total)
	if m.out.Responses, err = m.responses(); err != nil {
		return Report{}, err
	}
	if m.out.Held, err = m.held(); err != nil {
		return Report{}, err
	}
	if m.out.Wrote, err = m.wrote(); err != nil {
		return Report{}, err
	}
	m.who()
	for _, s := range m.plan.order {
		if s.counted {
			m.out.Questions = append(m.out.Questions, m.question(s))
		}
	}
	m.themes()
	m.quotes()
	m.main()
	return m.out, nil
}

// describe copies the words that the report keeps for ever.
func (m *making) describe() {
	sv := m.plan.newest
	m.out = Report{
		Survey: sv.ID, Area: sv.Area, Rules: Rules{m.rules, methods()},
		Asked: Asked{Title: sv.Title, Why: sv.Why, Audience: sv.Audience, Voices: sv.Voices, Everyone: sv.Everyone, Decision: sv.Decision,
			Opens: sv.Opens, Closes: sv.Closes},
		Who: []Variable{}, Questions: []Question{}, Themes: []Theme{}, Quotes: []Quote{},
	}
	for i := range m.plan.versions {
		m.out.Versions = append(m.out.Versions, m.plan.versions[i].Version)
	}
	if a, ok := m.areas.Area(sv.Area); ok {
		m.out.AreaName, m.out.Board, m.out.Fictional = a.Name, a.Board, a.Fictional
	}
	if cb := m.plan.book; cb != nil {
		m.out.Codebook = &Codebook{ID: cb.ID, Version: cb.Version, Name: cb.Name, Source: cb.Source, Languages: cb.Languages, Draft: cb.Draft}
	}
}

// methods are the message keys of what was done to the figures.
func methods() []string {
	return []string{"report.method.hidden", "report.method.rounded", "report.method.secondary", "report.method.interval", "report.method.difference"}
}

func (m *making) figure(table string, categories ...string) disclosure.Figure {
	t, _ := m.release.Table(table)
	return t.At(categories...)
}

// overall returns the figure of a category of an answer, of all who answered. The table by any variable has it.
func (m *making) overall(table func(variable string) string, answer string) Proportion {
	for _, v := range m.plan.vars {
		if _, there := m.release.Table(table(v.ID)); there {
			return m.proportion(table(v.ID), answer, total)
		}
	}
	return Proportion{}
}

// proportion returns the figure of a category of an answer, in a group, of those of the group who answered.
func (m *making) proportion(table, answer, group string) Proportion {
	t, _ := m.release.Table(table)
	return Proportion{t.At(answer, group), t.At(total, group)}
}

func (m *making) question(s *slot) Question {
	q := Question{ID: s.ID, Kind: s.Kind, Ask: s.Ask, Routed: s.routed, Retired: s.retired, Several: s.several(), Options: []Option{}}
	if s.Letters() > 0 {
		q.People, q.Main.Kind = m.figure(QuestionTable(s.ID, string(ByVoice)), total), InWords
		return q
	}
	for _, o := range s.options {
		if q.Several {
			o.Of = m.overall(func(v string) string { return OptionTable(s.ID, o.ID, v) }, yes)
		} else {
			o.Of = m.overall(func(v string) string { return QuestionTable(s.ID, v) }, o.ID)
		}
		q.People = o.Of.Whole
		q.Options = append(q.Options, o)
	}
	q.Main = mainThing(q.Options)
	return q
}

// mainThing finds the option that most people chose.
func mainThing(options []Option) MainThing {
	best, second := -1, -1
	for i, o := range options {
		switch {
		case !o.Of.Share().Shown():
		case best < 0 || o.Of.Part.N() > options[best].Of.Part.N():
			best, second = i, best
		case second < 0 || o.Of.Part.N() > options[second].Of.Part.N():
			second = i
		}
	}
	if best < 0 || options[best].Of.Part.N() == 0 {
		return MainThing{Kind: Hidden}
	}
	out := MainThing{Kind: TopChoice, Option: options[best].ID, Of: options[best].Of}
	switch {
	case 2*out.Of.Part.N() > out.Of.Whole.N():
		out.Kind = MostChose
	case second >= 0 && options[second].Of.Part.N() == out.Of.Part.N():
		out.Kind = Tie
	}
	return out
}

// themes adds the themes with their sub-themes, by prevalence.
func (m *making) themes() {
	if m.plan.book == nil {
		return
	}
	all := make([]Theme, len(m.plan.book.Themes))
	for i, t := range m.plan.book.Themes {
		all[i] = Theme{ID: t.ID, Parent: t.Parent, Name: t.Name, Definition: t.Definition, Outcome: m.outcome(t),
			Of: m.overall(func(v string) string { return ThemeTable(t.ID, v) }, yes)}
	}
	m.compare(all)
	m.out.Themes = under(all, "")
}

// outcome is the theme's own or that of the nearest theme above it.
func (m *making) outcome(t theme.Theme) theme.Outcome {
	for t.Outcome == "" {
		parent, ok := m.plan.book.Theme(t.Parent)
		if !ok {
			break
		}
		t = parent
	}
	return t.Outcome
}

// under returns the themes below the parent, by prevalence.
func under(all []Theme, parent string) []Theme {
	var out []Theme
	for _, t := range all {
		if t.Parent == parent {
			t.Under = under(all, t.ID)
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, byPrevalence)
	return out
}

// least is the smallest figure that a sentence or a quote may stand beside.
func (m *making) least() int { return int(m.rules.Floor) }

// main chooses what the first sentences of the report say.
func (m *making) main() {
	const most = 2
	m.out.Main.Themes = []string{}
	for _, t := range m.out.Themes {
		if t.Of.Share().Shown() && t.Of.Part.N() >= m.least() && len(m.out.Main.Themes) < most {
			m.out.Main.Themes = append(m.out.Main.Themes, t.ID)
		}
	}
	m.out.Main.Differs = mostDifferent(m.out.Themes)
	share := 0
	for _, q := range m.out.Questions {
		if n := q.Main.Of.Share().PerMille(); q.Main.Kind == MostChose && n > share {
			m.out.Main.Question, share = q.ID, n
		}
	}
}

func mostDifferent(themes []Theme) string {
	differing := slices.DeleteFunc(slices.Clone(themes), func(t Theme) bool { return t.Differs.State != ClearDifference })
	if len(differing) == 0 {
		return ""
	}
	return slices.MaxFunc(differing, func(a, b Theme) int { return cmp.Compare(a.Differs.size(), b.Differs.size()) }).ID
}
