package report

import (
	"strings"

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
		q := Quote{ID: c.id(), Theme: id, Question: c.question, Lang: spoken(c.lang)}
		q.Text, q.Removed = theme.Redact(c.text, func(kind string) string { return m.label(q.Lang, kind) })
		q.Voice, q.Age = m.whose(c)
		m.out.Quotes = append(m.out.Quotes, q)
		m.quoted[q.ID] = c.from
	}
}

// spoken is the language without its variant: a quote does not say who reads Easy Read.
func spoken(lang string) string {
	tongue, _, _ := strings.Cut(lang, "-x-")
	return tongue
}

// whose describes the author by voice and age band, if each is shown and enough people share them and the language,
// which the words give away; else by voice alone, else by nothing.
func (m *making) whose(c candidate) (voice exercise.Voice, age string) {
	voiceShown := m.figure(WhoTable(string(ByVoice)), string(c.voice)).Shown()
	if !voiceShown || m.alike(c, false) < m.rules.Floor {
		return "", ""
	}
	ageShown := m.plan.age >= 0 && c.age != NotSaid && m.figure(WhoTable(string(ByAge)), c.age).Shown()
	if !ageShown || m.alike(c, true) < m.rules.Floor {
		return c.voice, ""
	}
	return c.voice, c.age
}

// alike counts the people who share language and voice with the author, and the age band too if it is asked for.
func (m *making) alike(c candidate, sameAge bool) (n int64) {
	p := m.plan
	at := make([]int, len(p.vars))
	at[voiceVar] = p.vars[voiceVar].column(string(c.voice))
	ages := []Group{{ID: c.age}}
	if !sameAge && p.age >= 0 {
		ages = p.vars[p.age].Groups
	}
	for _, language := range p.vars[languageVar].Groups {
		if spoken(language.ID) != spoken(c.lang) {
			continue
		}
		at[languageVar] = p.vars[languageVar].column(language.ID)
		for _, age := range ages {
			if p.age >= 0 {
				at[p.age] = p.vars[p.age].column(age.ID)
			}
			n += m.tally.meet[p.meeting(at)]
		}
	}
	return n
}
