package demonstration

import (
	"slices"
	"unicode/utf8"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// person is who answers.
type person struct {
	voice    exercise.Voice
	age      int // position in exercise.AgeBands; -1: unknown
	place    string
	language string
	groups   []int // positions in members
	lean     int   // towards worse answers, in per cent, from -100 to 100
}

// Chances, of a hundred.
const (
	chancePass     = 4  // goes on without an answer
	chanceHide     = 6  // the same for questions about the person
	chanceSilent   = 25 // writes nothing
	chanceQuote    = 60 // may be quoted
	chanceOpening  = 12
	chanceEnding   = 10
	chanceSecond   = 18 // says two things
	chanceEasy     = 7
	chanceEasyMore = 25 // the same for those who need help to learn, and for small children
)

// response draws the response of the number.
func (p *plan) response(seed uint64, number int) survey.Response {
	p.draw.begin(seed, p.survey.ID, number)
	clear(p.drawn)
	p.meet()
	r := survey.Response{
		Ref:     survey.Ref{Area: p.survey.Area, Survey: p.survey.ID, Day: p.days[p.draw.pick(p.dayWeight)], ID: p.draw.id()},
		Version: p.survey.Version, Language: p.person.language, Voice: p.person.voice, Channel: survey.Web,
	}
	path := p.survey.Path(p.person.voice, func(question string) (survey.Answer, bool) {
		return p.answer(p.index[question]), true
	})
	r.Answers = make([]survey.Answer, 0, len(path))
	for _, q := range path {
		if q.Kind == survey.Info {
			continue
		}
		if a := p.answer(p.index[q.ID]); q.About {
			r.About = append(r.About, a)
		} else {
			r.Answers = append(r.Answers, a)
		}
	}
	return r
}

// meet draws who answers.
func (p *plan) meet() {
	d, who := &p.draw, &p.person
	v := d.pick(p.voices)
	who.voice, who.age = p.survey.Voices[v], d.pick(p.ages[v])
	who.place = p.places[d.pick(p.placeWeight)]
	who.lean = placeLean[who.place] + d.below(81) - 40
	who.groups = who.groups[:0]
	for i := range p.members {
		m := &p.members[i]
		if d.below(100_000) < m.of100000 && (m.group.ages == nil || who.age >= 0 && slices.Contains(m.group.ages, exercise.AgeBands[who.age])) {
			who.groups = append(who.groups, i)
			who.lean += m.group.lean
		}
	}
	who.lean = max(-100, min(100, who.lean))
	who.language = p.languages[d.pick(p.langWeight)]
	if easy := d.below(100); p.easy && who.language == "en" && (easy < chanceEasy || easy < chanceEasyMore && p.needsEasy()) {
		who.language = "en-x-easy"
	}
}

func (p *plan) needsEasy() bool {
	return p.person.age >= 0 && p.person.age <= 1 && p.person.voice == exercise.Helped || p.belongs("disabled-send")
}

func (p *plan) belongs(group string) bool {
	return slices.ContainsFunc(p.person.groups, func(i int) bool { return p.members[i].id == group })
}

// answer returns the person's answer to the question at the position, which is drawn when it is first needed.
func (p *plan) answer(at int) survey.Answer {
	if !p.drawn[at] {
		p.drawn[at] = true
		q := &p.questions[at]
		p.answers[at] = p.drawAnswer(q)
		p.answers[at].Question = q.ID
	}
	return p.answers[at]
}

func (p *plan) drawAnswer(q *asked) survey.Answer {
	var a survey.Answer
	if len(q.Required) == 0 && p.passes(q) {
		a.Skip = p.skip(q)
		return a
	}
	switch q.Kind {
	case survey.Text, survey.LongText:
		a.Words = p.words(q)
	case survey.Number:
		a.Number = p.number(q)
	case survey.Consent:
		a.Choices = p.consent(q)
	case survey.AgeBand:
		a.Choices = choose(q, exercise.AgeBands, p.person.age)
	case survey.Place:
		a.Choices = choose(q, q.ids, slices.Index(q.ids, p.person.place))
	case survey.Several:
		a.Choices = p.several(q)
	case survey.Choice, survey.Faces, survey.Agree:
		a.Choices = choose(q, q.ids, p.draw.pick(p.leaning(q)))
	}
	if a.Choices == nil && a.Words == "" && a.Number == nil && q.Kind != survey.Info {
		a.Skip = survey.Passed
	}
	return a
}

func (p *plan) passes(q *asked) bool {
	switch {
	case q.Kind == survey.Text || q.Kind == survey.LongText:
		return p.draw.percent(chanceSilent)
	case q.About:
		return p.draw.percent(chanceHide)
	}
	return p.draw.percent(chancePass)
}

// skip draws how the person goes on without an answer, among what the question offers.
func (p *plan) skip(q *asked) survey.Skip {
	words := q.Kind == survey.Text || q.Kind == survey.LongText
	x := p.draw.below(10)
	switch {
	case q.Unknown && !q.About && !words && x < 5:
		return survey.Unknown
	case q.Withheld && (q.About && x < 7 || x == 9):
		return survey.Withheld
	}
	return survey.Passed
}

func choose(q *asked, ids []string, at int) []string {
	if at < 0 {
		return nil
	}
	i := slices.Index(q.ids, ids[at])
	if i < 0 {
		return nil
	}
	return q.single[i]
}

func (p *plan) consent(q *asked) []string {
	if len(q.Required) > 0 || p.draw.percent(chanceQuote) {
		return q.single[0]
	}
	return q.single[1]
}

// leaning returns the weights of the options for this person, times 100: of a scale the bad end weighs more the more the person
// leans to it.
func (p *plan) leaning(q *asked) []int {
	p.weights = append(p.weights[:0], q.weights...)
	for i := range p.weights {
		if i < q.scale {
			p.weights[i] = tilt(p.weights[i], p.person.lean, i, q.scale)
		} else {
			p.weights[i] *= 100
		}
	}
	for _, m := range p.person.groups {
		for i, times := range q.more[m] {
			p.weights[i] *= times
		}
	}
	return p.weights
}

// tilt returns 100 times the weight, plus or minus up to lean per cent of it towards the ends of the scale.
func tilt(weight, lean, at, length int) int {
	if length == 1 {
		return weight * 100
	}
	return weight * (100 + lean*(2*at-length+1)/(length-1))
}

func (p *plan) number(q *asked) *int64 {
	p.weights = p.weights[:0]
	for i, s := range q.ranges {
		p.weights = append(p.weights, tilt(s.weight, p.person.lean, i, len(q.ranges)))
	}
	s := q.ranges[p.draw.pick(p.weights)]
	n := int64(s.from + p.draw.below(s.to-s.from+1))
	return &n
}

// several draws each option by itself, as far as the question lets them stand together. The groups of the person are
// what they are.
func (p *plan) several(q *asked) []string {
	var ids []string
	alone := -1
	for i := range q.Options {
		o := &q.Options[i]
		if o.Alone {
			alone = i
			continue
		}
		var chosen bool
		if q.Role == survey.RolePriority {
			chosen = p.belongs(o.ID)
		} else {
			chosen = p.draw.percent(q.weights[i])
		}
		if chosen && (q.Most == 0 || len(ids) < q.Most) {
			ids = append(ids, o.ID)
		}
	}
	if len(ids) == 0 && alone >= 0 {
		return q.single[alone]
	}
	if len(ids) < q.Least {
		return nil
	}
	return ids
}

// words makes an answer of one phrase or two, sometimes with a sentence before or behind them.
func (p *plan) words(q *asked) string {
	s := q.spoken[p.person.language]
	if s == nil && p.person.language == "en-x-easy" {
		s = q.spoken["en"]
	}
	if s == nil {
		return ""
	}
	first := p.draw.pick(p.phrases(s))
	if first < 0 {
		return ""
	}
	words := s.texts[first]
	if q.Kind != survey.LongText {
		return words
	}
	whole := words
	if p.draw.percent(chanceSecond) {
		if second := p.draw.pick(p.phrases(s)); second != first {
			whole += " " + s.texts[second]
		}
	}
	if p.draw.percent(chanceOpening) && len(s.openings) > 0 {
		whole = s.openings[p.draw.below(len(s.openings))] + " " + whole
	}
	if p.draw.percent(chanceEnding) && len(s.endings) > 0 {
		whole += " " + s.endings[p.draw.below(len(s.endings))]
	}
	if utf8.RuneCountInString(whole) > q.Letters() {
		return words
	}
	return whole
}

// phrases returns the weights of the phrases for this person.
func (p *plan) phrases(s *spoken) []int {
	p.weights = append(p.weights[:0], s.weights...)
	for i, voices := range s.voices {
		if len(voices) > 0 && !slices.Contains(voices, p.person.voice) {
			p.weights[i] = 0
		}
	}
	for _, m := range p.person.groups {
		for at, times := range p.members[m].subjects {
			for i, set := range s.subjects {
				if times > 1 && set&(1<<at) != 0 {
					p.weights[i] *= times
				}
			}
		}
	}
	return p.weights
}
