package report

import (
	"slices"
	"strconv"

	"sayso/internal/exercise"
	"sayso/internal/survey"
	"sayso/internal/theme"
)

// plan says what to count: the group variables and the questions of all versions of a survey, and where in a tally
// each stands. A tally is a grid: a row for whom or what is counted, a column for each group of each variable.
type plan struct {
	versions []survey.Survey
	newest   *survey.Survey
	book     *theme.Codebook // nil: there is none
	coder    *theme.Coder
	themeAt  map[string]int
	parents  []int // theme → its parent, -1 for none
	vars     []grouping
	varAt    map[string]int
	age      int // the variable of ages, -1 for none
	columns  int
	meetings int // cells of language × voice × age
	slots    map[string]*slot
	order    []*slot // in the order of the newest version, retired questions last
	rows     int
}

// grouping is a variable with the columns of its groups; the last group is for those who fit no other.
type grouping struct {
	Variable
	first int
	index map[string]int
}

// The variables that come with every response. The place of ByVoice is used by voiceOf.
const (
	voiceVar = iota
	languageVar
	channelVar
)

// slot is what becomes of the answers to one question.
type slot struct {
	survey.Question
	retired, routed bool
	counted         bool // its answers are published
	quote           bool // it asks whether people may be quoted
	feeds           []feed
	options         []Option // of choices and numbers
	index           map[string]int
	row             int // of those who answered; one for each option follows
}

// feed is a variable filled by a question: by the choice itself, or by whether an option was chosen.
type feed struct {
	variable int
	option   string
}

// Rows that every tally has: everyone, those who wrote, and of these by what became of their words.
const (
	everyoneRow = iota
	wroteRow
	themedRow
	noMatchRow
	notCoveredRow
	emptyRow
	noCodebookRow
	themeRows
)

func newPlan(versions []survey.Survey, book *theme.Codebook) *plan {
	p := &plan{versions: versions, newest: &versions[len(versions)-1], book: book, varAt: map[string]int{}, slots: map[string]*slot{}}
	p.addThemes()
	p.addOwnVariables()
	for i := range slices.Backward(versions) {
		for j := range versions[i].Questions {
			p.addQuestion(&versions[i].Questions[j], i < len(versions)-1)
		}
	}
	p.layOut()
	return p
}

func (p *plan) addThemes() {
	if p.book == nil {
		return
	}
	p.coder, p.themeAt = theme.NewCoder(p.book), map[string]int{}
	for i, t := range p.book.Themes {
		p.themeAt[t.ID] = i
	}
	for _, t := range p.book.Themes {
		parent, ok := p.themeAt[t.Parent]
		if !ok {
			parent = -1
		}
		p.parents = append(p.parents, parent)
	}
}

// addOwnVariables adds voice, language and channel.
func (p *plan) addOwnVariables() {
	voices := p.variable(string(ByVoice), ByVoice, nil, NotSaid)
	p.vars[voices].Everyone = p.newest.Everyone
	languages := p.variable(string(ByLanguage), ByLanguage, nil, Other)
	for _, v := range exercise.Voices {
		if slices.ContainsFunc(p.versions, func(s survey.Survey) bool { return slices.Contains(s.Voices, v) }) {
			p.group(voices, Group{ID: string(v)})
		}
	}
	for i := range p.versions {
		for _, tag := range p.versions[i].Offered() {
			p.group(languages, Group{ID: tag})
		}
	}
	channels := p.variable(string(ByChannel), ByChannel, nil, NotSaid)
	p.group(channels, Group{ID: string(survey.Web)})
	p.group(channels, Group{ID: string(survey.Imported)})
}

// variable returns the place of the variable, adding it with the group of those who fit no other.
func (p *plan) variable(id string, kind Kind, name exercise.Text, rest string) int {
	if at, ok := p.varAt[id]; ok {
		return at
	}
	p.varAt[id] = len(p.vars)
	p.vars = append(p.vars, grouping{Variable: Variable{ID: id, Kind: kind, Name: name, Groups: []Group{{ID: rest}}}})
	return p.varAt[id]
}

// group adds a group to the variable, before the last, unless it is there.
func (p *plan) group(variable int, g Group) {
	v := &p.vars[variable]
	if !slices.ContainsFunc(v.Groups, func(old Group) bool { return old.ID == g.ID }) {
		v.Groups = slices.Insert(v.Groups, len(v.Groups)-1, g)
	}
}

func (p *plan) addQuestion(q *survey.Question, retired bool) {
	s, ok := p.slots[q.ID]
	if !ok {
		s = &slot{Question: *q, retired: retired}
		p.slots[q.ID] = s
		p.order = append(p.order, s)
	}
	s.routed = s.routed || q.ShowIf != nil || q.SkipIf != nil
	s.quote = s.quote || q.Role == survey.RoleQuote
	switch {
	case q.Role == survey.RoleAge:
		p.feedByChoice(s, q, string(ByAge), ByAge, nil)
	case q.Role == survey.RolePlace:
		p.feedByChoice(s, q, string(ByPlace), ByPlace, nil)
	case q.Role == survey.RolePriority:
		p.feedByOption(s, q, ByPriority)
	case q.Role == survey.RoleGroup && q.Kind == survey.Several:
		p.feedByOption(s, q, ByGroup)
	case q.Role == survey.RoleGroup:
		p.feedByChoice(s, q, string(ByGroup)+"/"+q.ID, ByGroup, q.Ask)
	case q.Kind != survey.Info && q.Kind != survey.Consent && (q.Letters() == 0 || !q.About):
		s.count(q)
	}
}

func (p *plan) feedByChoice(s *slot, q *survey.Question, id string, kind Kind, name exercise.Text) {
	at := p.variable(id, kind, name, NotSaid)
	for _, o := range choices(q) {
		p.group(at, Group{ID: o.ID, Name: o.Name})
	}
	s.feed(feed{variable: at})
}

func (p *plan) feedByOption(s *slot, q *survey.Question, kind Kind) {
	for _, o := range q.Options {
		if o.Alone {
			continue
		}
		at := p.variable(string(kind)+"/"+o.ID, kind, o.Text, NotSaid)
		p.group(at, Group{ID: yes})
		p.group(at, Group{ID: no})
		s.feed(feed{at, o.ID})
	}
}

func (s *slot) feed(f feed) {
	if !slices.Contains(s.feeds, f) {
		s.feeds = append(s.feeds, f)
	}
}

// count makes the slot take the options of one more version of the question.
func (s *slot) count(q *survey.Question) {
	s.counted = true
	options := choices(q)
	if q.Kind == survey.Number {
		options = bands(int64(q.Least), int64(q.Most))
	}
	if q.Unknown && q.Letters() == 0 {
		options = append(options, Option{ID: Unknown})
	}
	for _, o := range options {
		if !slices.ContainsFunc(s.options, func(old Option) bool { return old.ID == o.ID }) {
			s.options = append(s.options, o)
		}
	}
}

func choices(q *survey.Question) []Option {
	var out []Option
	for _, id := range q.OptionIDs() {
		o := Option{ID: id}
		for _, written := range q.Options {
			if written.ID == id {
				o.Name = written.Text
			}
		}
		out = append(out, o)
	}
	return out
}

// bands cuts the numbers from least to most into bands that are the same in every snapshot: 0, 1, 2, 3 to 5, 6 to
// 10, 11 to 20, 21 to 50 and so on. most 0 stands for the kind's own bound.
func bands(least, most int64) []Option {
	if most == 0 {
		most = survey.MostNumber
	}
	var out []Option
	from, to := int64(0), int64(0)
	for step := int64(1); from <= most; {
		if to >= least {
			id := strconv.FormatInt(from, 10)
			if to > from {
				id += "-" + strconv.FormatInt(to, 10)
			}
			out = append(out, Option{ID: id, From: from, To: to})
		}
		from = to + 1
		switch {
		case to < step:
			to = step
		case to == step:
			to = 2 * step
		case to == 2*step:
			to = 5 * step
		default:
			to = 10 * step
			step *= 10
		}
	}
	return out
}

// layOut gives every group its column, and everything that is counted its row.
func (p *plan) layOut() {
	for i := range p.vars {
		v := &p.vars[i]
		v.first, v.index = p.columns, map[string]int{}
		for j, g := range v.Groups {
			v.index[g.ID] = p.columns + j
		}
		p.columns += len(v.Groups)
	}
	p.age, p.meetings = -1, len(p.vars[languageVar].Groups)*len(p.vars[voiceVar].Groups)
	if at, asked := p.varAt[string(ByAge)]; asked {
		p.age = at
		p.meetings *= len(p.vars[at].Groups)
	}
	p.rows = themeRows + len(p.parents)
	for _, s := range p.order {
		if !s.counted {
			continue
		}
		s.row, s.index = p.rows, map[string]int{}
		for j, o := range s.options {
			s.index[o.ID] = s.row + 1 + j
		}
		p.rows += 1 + len(s.options)
	}
}

// meeting is the cell of language × voice × age of a person who stands in the columns, one for each variable.
func (p *plan) meeting(columns []int) int {
	language, voice := &p.vars[languageVar], &p.vars[voiceVar]
	cell := (columns[languageVar]-language.first)*len(voice.Groups) + columns[voiceVar] - voice.first
	if p.age >= 0 {
		cell = cell*len(p.vars[p.age].Groups) + columns[p.age] - p.vars[p.age].first
	}
	return cell
}

// rest is the column of those who fit no other group.
func (v *grouping) rest() int { return v.first + len(v.Groups) - 1 }

// column is the column of the group, that of the rest for an unknown one.
func (v *grouping) column(id string) int {
	if c, ok := v.index[id]; ok {
		return c
	}
	return v.rest()
}

// several says whether people could choose more than one option.
func (s *slot) several() bool { return s.Kind == survey.Several }
