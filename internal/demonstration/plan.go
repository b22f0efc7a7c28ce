package demonstration

import (
	"slices"
	"strings"
	"time"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// plan is one survey with everything looked up that its responses are drawn from.
type plan struct {
	survey    *survey.Survey
	tendency  tendency
	draw      draw
	index     map[string]int // question → position
	questions []asked
	days      []exercise.Day
	dayWeight []int

	voices      []int   // weights, as survey.Voices
	ages        [][]int // weights by voice, as exercise.AgeBands
	places      []string
	placeWeight []int
	languages   []string
	langWeight  []int
	easy        bool // Easy Read is offered
	members     []member

	person  person
	answers []survey.Answer // of the response on its way, by position
	drawn   []bool
	weights []int
}

// asked is a question with how it is answered.
type asked struct {
	*survey.Question
	ids     []string
	single  [][]string // ids, each in a slice of its own
	weights []int      // by option
	scale   int
	ranges  []span
	more    [][]int // by member and option: times in per cent; nil: as everybody
	spoken  map[string]*spoken
}

// member is a priority group with how likely a person belongs to it.
type member struct {
	id       string
	of100000 int
	group    group
	subjects []int // times, as subjects
}

func newPlan(s *survey.Survey, system exercise.Area, ph Phrases, today exercise.Day) *plan {
	t, ok := tendencies[s.ID]
	if !ok {
		t = usual
	}
	p := &plan{survey: s, tendency: t, index: map[string]int{}, questions: make([]asked, len(s.Questions)),
		answers: make([]survey.Answer, len(s.Questions)), drawn: make([]bool, len(s.Questions))}
	p.openDays(today)
	p.population(system)
	for i := range s.Questions {
		p.index[s.Questions[i].ID] = i
		p.questions[i] = p.ask(&s.Questions[i], ph)
	}
	return p
}

// openDays are those from the first on which the survey is open to today. Most people come in the first weeks, fewer
// at weekends, and more again every fourth week, when people are reminded.
func (p *plan) openDays(today exercise.Day) {
	i := 0
	for d := p.survey.Opens; d <= min(today, p.survey.Closes); d = d.Add(1) {
		w := 60 + 1680/(7+i)
		if i%28 < 4 && i > 27 {
			w += 150
		}
		if day := d.Time().Weekday(); day == time.Saturday || day == time.Sunday {
			w /= 3
		}
		p.days, p.dayWeight = append(p.days, d), append(p.dayWeight, w)
		i++
	}
}

// population weighs voices, ages, places, languages and priority groups.
func (p *plan) population(system exercise.Area) {
	counts := map[string]map[string]int64{}
	for _, v := range system.Population {
		counts[v.Variable] = v.Counts
	}
	for _, v := range p.survey.Voices {
		p.voices = append(p.voices, p.tendency.voices[v])
		p.ages = append(p.ages, p.agesFor(v, counts["age_band"]))
	}
	if !slices.ContainsFunc(p.voices, func(w int) bool { return w > 0 }) {
		p.voices[0] = 1
	}
	for _, place := range system.Places {
		p.places = append(p.places, place.ID)
		p.placeWeight = append(p.placeWeight, reached(counts["place"], place.ID, placeReach))
	}
	p.places = append(p.places, exercise.Elsewhere)
	p.placeWeight = append(p.placeWeight, sum(p.placeWeight)/50+1)
	p.speakers(counts["language"])
	p.belonging(counts["priority"], counts["age_band"])
}

// reached is how many people of a category take part against those of others; all categories are alike when nobody
// counted them.
func reached(counts map[string]int64, category string, reach map[string]int) int {
	n, r := int64(100), 100
	if len(counts) > 0 {
		n = counts[category]
	}
	if special, ok := reach[category]; ok {
		r = special
	}
	return int(n) * r / 100
}

func (p *plan) agesFor(v exercise.Voice, counts map[string]int64) []int {
	weights := make([]int, len(exercise.AgeBands))
	for i, age := range exercise.AgeBands {
		if slices.Contains(agesOf[v], age) && (p.tendency.ages == nil || slices.Contains(p.tendency.ages, age)) {
			weights[i] = max(reached(counts, age, nil), 1000)
		}
	}
	return weights
}

// speakers weighs the languages in which the survey is offered. Who speaks another one answers in English.
func (p *plan) speakers(counts map[string]int64) {
	offered := p.survey.Offered()
	p.languages, p.langWeight = []string{"en"}, []int{0}
	p.easy = slices.Contains(offered, "en-x-easy")
	for _, lang := range offered {
		if lang != "en" && lang != "en-x-easy" {
			p.languages = append(p.languages, lang)
			p.langWeight = append(p.langWeight, reached(counts, lang, languageReach))
		}
	}
	for lang := range counts {
		if !slices.Contains(p.languages[1:], lang) {
			p.langWeight[0] += reached(counts, lang, languageReach)
		}
	}
	p.langWeight[0] = max(p.langWeight[0], 1)
}

// belonging says how likely a person belongs to each priority group that the survey asks about.
func (p *plan) belonging(counts, everybody map[string]int64) {
	var all int64
	for _, n := range everybody {
		all += n
	}
	for i := range p.survey.Questions {
		if q := &p.survey.Questions[i]; q.Role == survey.RolePriority {
			for _, o := range q.Options {
				if n := counts[o.ID]; n > 0 && !o.Alone && all > 0 {
					p.members = append(p.members, newMember(o.ID, n, all))
				}
			}
		}
	}
}

func newMember(id string, n, all int64) member {
	g, ok := groups[id]
	if !ok {
		g.reach = 100
	}
	m := member{id: id, of100000: int(min(n*1000*int64(g.reach)/all, 60_000)), group: g}
	for _, s := range subjects {
		m.subjects = append(m.subjects, max(1, g.subjects[s.id]))
	}
	return m
}

// ask looks up how the question is answered.
func (p *plan) ask(q *survey.Question, ph Phrases) asked {
	a := asked{Question: q, ids: q.OptionIDs()}
	sh := p.tendency.questions[q.ID]
	a.scale, a.ranges = sh.scale, sh.ranges
	if q.Kind == survey.Faces || q.Kind == survey.Agree {
		a.scale = len(a.ids)
	}
	if a.ranges == nil {
		most := q.Most
		if most == 0 {
			most = 100
		}
		a.ranges = []span{{q.Least, most, 1}}
	}
	for i, id := range a.ids {
		a.single = append(a.single, []string{id})
		w, ok := sh.weights[id]
		if !ok {
			w = usualWeight(q.Kind, i)
		}
		a.weights = append(a.weights, w)
	}
	for _, m := range p.members {
		a.more = append(a.more, p.timesFor(m.group, q.ID, a.ids))
	}
	if q.Kind == survey.Text || q.Kind == survey.LongText {
		a.spoken = map[string]*spoken{}
		for lang, list := range ph.Surveys[p.survey.ID][q.ID] {
			a.spoken[lang] = spokenBy(q, lang, ph, list)
		}
	}
	return a
}

// usualWeight is how often an option is chosen of which the tendencies say nothing.
func usualWeight(k survey.Kind, at int) int {
	switch k {
	case survey.Faces, survey.Agree:
		return []int{20, 28, 22, 18, 12}[at]
	case survey.Several:
		return 25
	}
	return 10
}

func (p *plan) timesFor(g group, question string, ids []string) []int {
	var out []int
	for i, id := range ids {
		times := g.options[strings.Join([]string{p.survey.ID, question, id}, "/")]
		if times > 0 && out == nil {
			out = slices.Repeat([]int{1}, len(ids))
		}
		if times > 0 {
			out[i] = times
		}
	}
	return out
}

func sum(list []int) (total int) {
	for _, n := range list {
		total += n
	}
	return total
}
