package report

import (
	"sayso/internal/exercise"
	"sayso/internal/survey"
	"sayso/internal/theme"
)

// quotesATheme is how many quotes are put before a person for one theme.
const quotesATheme = 5

// quotes chooses words for every theme whose figure is large enough to stand beside them; the themes that most
// people wrote about choose first, and no text is used twice.
func (m *making) quotes() {
	used := map[string]bool{}
	m.quoted = map[string]survey.Ref{}
	var choose func(themes []Theme)
	choose = func(themes []Theme) {
		for _, t := range themes {
			choose(t.Under) // the narrower theme says more of what a text is about
			if t.Of.Share().Shown() && t.Of.Part.N() >= m.least() {
				m.quoteOn(t.ID, used)
			}
		}
	}
	choose(m.out.Themes)
}

func (m *making) quoteOn(id string, used map[string]bool) {
	pool := map[string]candidate{}
	var texts []theme.Candidate
	for _, c := range m.tally.words[m.plan.themeAt[id]] {
		if !used[c.id()] && m.figure(WroteTable(string(ByLanguage)), c.lang).Shown() {
			pool[c.id()] = c
			texts = append(texts, theme.Candidate{ResponseID: c.id(), Text: c.text, Group: c.age})
		}
	}
	asIs := func(kind string) string { return kind }
	for _, chosen := range theme.Quotes(texts, quotesATheme, asIs) {
		c := pool[chosen.ResponseID]
		used[c.id()] = true
		q := Quote{ID: c.id(), Theme: id, Question: c.question, Lang: c.lang}
		q.Text, q.Removed = theme.Redact(c.text, func(kind string) string { return m.label(c.lang, kind) })
		q.Voice, q.Age = m.whose(c)
		m.out.Quotes = append(m.out.Quotes, q)
		m.quoted[q.ID] = c.from
	}
}

// whose describes the author by voice and age band if each is shown and enough people share both.
func (m *making) whose(c candidate) (voice exercise.Voice, age string) {
	if !m.figure(WhoTable(string(ByVoice)), string(c.voice)).Shown() {
		return "", ""
	}
	at, asked := m.plan.varAt[string(ByAge)]
	if !asked || c.age == NotSaid || !m.figure(WhoTable(string(ByAge)), c.age).Shown() {
		return c.voice, ""
	}
	v, a := m.plan.vars[voiceVar].column(string(c.voice)), m.plan.vars[at].column(c.age)
	if m.tally.meet[v*m.plan.columns+a] < m.rules.Floor {
		return c.voice, ""
	}
	return c.voice, c.age
}
