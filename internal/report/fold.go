package report

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"sayso/internal/survey"
	"sayso/internal/theme"
)

// counter counts responses one after the other into a tally.
type counter struct {
	*plan
	tally   *tally
	at      []int // the columns of the person being counted, by variable
	quoted  bool  // the person agreed to be quoted
	best    int   // the row of what became of the person's words, 0 for none
	themes  []bool
	scratch []byte
}

func newCounter(p *plan) *counter {
	return &counter{plan: p, tally: newTally(p), at: make([]int, len(p.vars)), themes: make([]bool, len(p.parents))}
}

func (c *counter) count(r *survey.Response) {
	c.tally.received++
	if r.Withdrawn {
		c.tally.withdrawn++
		return
	}
	if r.Held != "" { // for a reason that we do not know yet: another server is newer
		c.tally.held[max(0, slices.Index(survey.Holds, r.Held))]++
		return
	}
	c.place(r)
	c.tally.add(everyoneRow, c.at)
	c.tally.meet[c.meeting(c.at)]++
	c.best = 0
	clear(c.themes)
	for i := range r.Answers {
		c.answer(r, &r.Answers[i])
	}
	for i := range r.About {
		c.answer(r, &r.About[i])
	}
	if c.best > 0 {
		c.tally.add(wroteRow, c.at)
		c.tally.add(c.best, c.at)
	}
	for i, found := range c.themes {
		if found {
			c.tally.add(themeRows+i, c.at)
		}
	}
}

// place finds the columns of the person, and whether they may be quoted.
func (c *counter) place(r *survey.Response) {
	c.quoted = false
	for i := range c.vars {
		c.at[i] = c.vars[i].rest()
	}
	c.at[voiceVar] = c.vars[voiceVar].column(string(r.Voice))
	c.at[languageVar] = c.vars[languageVar].column(r.Language)
	c.at[channelVar] = c.vars[channelVar].column(string(r.Channel))
	for i := range r.Answers {
		c.placeBy(&r.Answers[i])
	}
	for i := range r.About {
		c.placeBy(&r.About[i])
	}
}

func (c *counter) placeBy(a *survey.Answer) {
	s, ok := c.slots[a.Question]
	if !ok || len(a.Choices) == 0 {
		return
	}
	if s.quote {
		c.quoted = a.Choices[0] == yes
	}
	for _, f := range s.feeds {
		v := &c.vars[f.variable]
		switch {
		case f.option == "":
			c.at[f.variable] = v.column(a.Choices[0])
		case slices.Contains(a.Choices, f.option):
			c.at[f.variable] = v.index[yes]
		default:
			c.at[f.variable] = v.index[no]
		}
	}
}

func (c *counter) answer(r *survey.Response, a *survey.Answer) {
	s, ok := c.slots[a.Question]
	if !ok || !s.counted {
		return
	}
	switch {
	case s.Letters() > 0:
		if strings.TrimSpace(a.Words) != "" {
			c.tally.add(s.row, c.at)
			c.read(r, s, a.Words)
		}
	case a.Number != nil:
		c.number(s, *a.Number)
	case len(a.Choices) > 0 && s.Kind == survey.Several:
		c.tally.add(s.row, c.at)
		for _, id := range a.Choices {
			c.option(s, id)
		}
	case len(a.Choices) > 0:
		c.only(s, a.Choices[0])
	case a.Skip == survey.Unknown:
		c.only(s, Unknown)
	}
}

// only counts the answer of a person who gave no other to the question; an option that was never asked is no answer.
func (c *counter) only(s *slot, id string) {
	if c.option(s, id) {
		c.tally.add(s.row, c.at)
	}
}

func (c *counter) option(s *slot, id string) bool {
	row, ok := s.index[id]
	if ok {
		c.tally.add(row, c.at)
	}
	return ok
}

func (c *counter) number(s *slot, n int64) {
	for _, o := range s.options {
		if o.ID != Unknown && o.From <= n && n <= o.To {
			c.only(s, o.ID)
			return
		}
	}
}

// read finds what the words are about. A person counts once for each theme, and by the best that became of any of
// their texts.
func (c *counter) read(r *survey.Response, s *slot, words string) {
	if c.coder == nil {
		c.best = noCodebookRow
		return
	}
	coding := c.coder.Code(r.Language, theme.Intent(s.Intent), words)
	row := noMatchRow
	switch coding.Status {
	case theme.Themed:
		row = themedRow
	case theme.NotCovered:
		row = notCoveredRow
	case theme.Empty:
		row = emptyRow
	}
	if c.best == 0 || row < c.best { // the rows stand in the order of preference
		c.best = row
	}
	for _, id := range coding.Themes {
		at := c.themeAt[id]
		if c.quoted {
			c.offer(r, s, at, words)
		}
		for t := at; t >= 0; t = c.parents[t] {
			c.themes[t] = true
		}
	}
}

// offer puts the words among those that may be quoted for the theme.
func (c *counter) offer(r *survey.Response, s *slot, at int, words string) {
	if !quotable(words) {
		return
	}
	var hash uint64
	hash, c.scratch = quoteHash(c.scratch[:0], r.Survey, r.ID, s.ID)
	if c.tally.words[at].takes(hash) {
		c.tally.words[at].offer(c.candidate(hash, r, s.ID, words))
	}
}

// candidate is the words of the person who was placed last.
func (c *counter) candidate(hash uint64, r *survey.Response, question, words string) candidate {
	q := candidate{hash: hash, from: r.Ref, question: question, lang: r.Language, voice: r.Voice, text: strings.Clone(words)}
	if c.age >= 0 {
		v := &c.vars[c.age]
		q.age = v.Groups[c.at[c.age]-v.first].ID
	}
	return q
}

const (
	fewestWords = 4
	mostWords   = 60
)

// quotable says whether the text has a length at which a quote says something and is read.
func quotable(text string) bool {
	n, inside := 0, false
	for _, r := range text {
		space := unicode.IsSpace(r)
		if !space && !inside {
			n++
		}
		inside = !space
	}
	return n >= fewestWords && n <= mostWords
}

// quoteHash hashes where a text stands, using the memory of b.
func quoteHash(b []byte, surveyID, response, question string) (uint64, []byte) {
	b = append(append(b, surveyID...), 0)
	b = append(append(b, response...), 0)
	b = append(b, question...)
	sum := sha256.Sum256(b)
	return binary.BigEndian.Uint64(sum[:8]), b
}

// quoteID names a text. The id of a response is random, so nobody finds the response by it.
func quoteID(surveyID, response, question string) string {
	hash, _ := quoteHash(nil, surveyID, response, question)
	return candidate{hash: hash}.id()
}

func (c candidate) id() string { return fmt.Sprintf("%016x", c.hash) }
