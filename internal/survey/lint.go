package survey

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"sayso/internal/exercise"
)

var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// linter looks at a survey with the eyes of somebody who will have to answer it.
type linter struct {
	survey   *Survey
	known    Known
	lines    map[string]int // path → line
	problems []Problem
}

func (l *linter) say(path, format string, args ...any) {
	l.problems = append(l.problems, Problem{l.line(path), fmt.Sprintf(format, args...)})
}

// line returns where the field at the path stands, or the nearest that it would stand in.
func (l *linter) line(path string) int {
	for ; path != ""; path = path[:strings.LastIndexAny(path, ".[")] {
		if n, ok := l.lines[path]; ok {
			return n
		}
	}
	return 1
}

// listed writes values as people list them.
func listed[T ~string](values []T) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(v))
	}
	return b.String()
}

func (l *linter) all() {
	s := l.survey
	l.id(".id", "the survey", s.ID)
	l.area()
	l.dates()
	l.languages()
	l.words(".title", "a title", s.Title)
	l.words(".why", "why you ask", s.Why)
	l.words(".readers", "who reads the answers", s.Readers)
	l.words(".next", "what happens with the answers", s.Next)
	l.words(".audience", "whom it is for", s.Audience)
	l.words(".decision.what", "the decision it feeds", s.Decision.What)
	l.words(".decision.who", "who decides", s.Decision.Who)
	l.picture(".picture", s.Picture)
	if s.Codebook != "" && !l.known.Codebook(s.Codebook) {
		l.say(".codebook", "There is no codebook called %q. The codebooks are in content/codebooks.", s.Codebook)
	}
	if s.Minutes < 1 || s.Minutes > 60 {
		l.say(".minutes", "Say how long it takes, in whole minutes from 1 to 60.")
	}
	l.voices()
	l.questions()
}

func (l *linter) id(path, of, id string) {
	switch {
	case id == "":
		l.say(path, "Give %s an id of small letters, digits and hyphens, such as id: waiting-times.", of)
	case !idForm.MatchString(id):
		l.say(path, "The id %q may have only small letters, digits and hyphens, such as waiting-times.", id)
	}
}

func (l *linter) area() {
	var known []string
	for _, a := range l.known.Areas.All() {
		known = append(known, a.ID)
	}
	switch {
	case l.survey.Area == "":
		l.say(".area", "Say which area asks: one of %s.", listed(known))
	case !slices.Contains(known, l.survey.Area):
		l.say(".area", "There is no area called %q. The areas are %s.", l.survey.Area, listed(known))
	}
}

func (l *linter) dates() {
	s, wrong := l.survey, false
	for _, d := range []struct {
		path, what string
		day        exercise.Day
	}{{".opens", "the first day it is open", s.Opens}, {".closes", "the last day it is open", s.Closes}, {".decision.on", "the day of the decision", s.Decision.On}} {
		if _, err := exercise.ParseDay(string(d.day)); err != nil {
			l.say(d.path, "Write %s as year, month and day, such as 2027-01-31.", d.what)
			wrong = true
		}
	}
	if wrong {
		return
	}
	if s.Closes < s.Opens {
		l.say(".closes", "It closes (%s) before it opens (%s).", s.Closes, s.Opens)
	}
	if s.Decision.On <= s.Closes {
		l.say(".decision.on", "The decision (%s) must be later than the last day it is open (%s), or nobody can listen.", s.Decision.On, s.Closes)
	}
}

func (l *linter) languages() {
	s := l.survey
	if !slices.ContainsFunc(s.Languages, func(g Language) bool { return g.Tag == "en" && g.CheckedBy != "" }) {
		l.say(".languages", "English (tag: en) must be among the languages, with checked_by: who read its words.")
	}
	seen := map[string]bool{}
	for i, g := range s.Languages {
		at := fmt.Sprintf(".languages[%d]", i)
		if !l.known.Language(g.Tag) {
			l.say(at, "Sayso does not ship the language %q. Take it out of the list.", g.Tag)
		}
		if seen[g.Tag] {
			l.say(at, "The language %q is in the list twice. Take one away.", g.Tag)
		}
		seen[g.Tag] = true
	}
}

// words wants the text in every language of the survey; Easy Read may stand for itself with the English words.
func (l *linter) words(path, what string, t exercise.Text) {
	for _, tag := range slices.Sorted(maps.Keys(t)) {
		if !l.known.Language(tag) {
			l.say(path+"."+tag, "%q is no language that Sayso ships. Look for a slip of the pen.", tag)
		}
	}
	if t["en"] == "" {
		l.say(path, "Write %s in English (en).", what)
		return
	}
	for _, g := range l.survey.Languages {
		if l.known.Language(g.Tag) && !t.Has(g.Tag) {
			l.say(path, "Write %s in the language %s, or take that language out of the list.", what, g.Tag)
		}
	}
}

func (l *linter) picture(path, id string) {
	if id != "" && !l.known.Picture(id) {
		l.say(path, "There is no picture called %q. The pictures are listed on the page /pictures.", id)
	}
}

func (l *linter) voices() {
	if len(l.survey.Voices) == 0 {
		l.say(".voices", "Say who may answer: some of %s.", listed(exercise.Voices))
	}
	l.listedVoices(".voices", l.survey.Voices)
}

func (l *linter) listedVoices(path string, voices []exercise.Voice) {
	for i, v := range voices {
		at := fmt.Sprintf("%s[%d]", path, i)
		if !slices.Contains(exercise.Voices, v) {
			l.say(at, "There is no voice called %q. The voices are %s.", v, listed(exercise.Voices))
		}
		if slices.Contains(voices[:i], v) {
			l.say(at, "The voice %q is in the list twice. Take one away.", v)
		}
	}
}

func (l *linter) questions() {
	seen, having := map[string]int{}, map[Role]string{}
	about := false
	if len(l.survey.Questions) == 0 {
		l.say(".questions", "A survey needs at least one question.")
	}
	for i := range l.survey.Questions {
		q := &l.survey.Questions[i]
		path := fmt.Sprintf(".questions[%d]", i)
		l.id(path+".id", "the question", q.ID)
		if _, twice := seen[q.ID]; twice && q.ID != "" {
			l.say(path+".id", "Two questions are called %q. Give one of them another id.", q.ID)
		}
		if about && !q.About && q.Kind != Info {
			l.say(path, "The question %q stands behind questions about the person (about: true). Those must come last: move it up.", q.ID)
		}
		if before, twice := having[q.Role]; twice && q.Role != "" && q.Role != RoleGroup {
			l.say(path+".role", "The question %q has the role %s already. Take the role away from one of them.", before, q.Role)
		}
		having[q.Role] = q.ID
		about = about || q.About
		l.question(path, q)
		l.condition(path+".show_if", q.ShowIf, seen)
		l.condition(path+".skip_if", q.SkipIf, seen)
		seen[q.ID] = i
	}
}

var kinds = []Kind{Choice, Several, Faces, Agree, Text, LongText, Number, AgeBand, Place, Info, Consent}

func (l *linter) question(path string, q *Question) {
	if !slices.Contains(kinds, q.Kind) {
		if q.Kind == "" {
			l.say(path+".kind", "Give the question a kind: one of %s.", listed(kinds))
		} else {
			l.say(path+".kind", "There is no kind of question called %q. The kinds are %s.", q.Kind, listed(kinds))
		}
		return
	}
	l.words(path+".ask", "the question", q.Ask)
	if len(q.Hint) > 0 {
		l.words(path+".hint", "the hint", q.Hint)
	}
	if len(q.Required) > 0 {
		l.words(path+".required", "why the question cannot be skipped", q.Required)
		if q.Kind == Info {
			l.say(path+".required", "A page to read (info) asks nothing, so it cannot be required. Take required away.")
		}
	}
	l.picture(path+".picture", q.Picture)
	l.options(path, q)
	l.bounds(path, q)
	l.role(path, q)
	if q.Intent != "" && q.Intent != "good" && q.Intent != "improve" {
		l.say(path+".intent", "The intent is good or improve. Otherwise leave it out.")
	}
}

func (l *linter) options(path string, q *Question) {
	if (q.Kind == Choice || q.Kind == Several) && len(q.Options) < 2 {
		l.say(path, "The question %q needs at least two options.", q.ID)
	}
	if fixed := (&Question{Kind: q.Kind}).OptionIDs(); fixed != nil {
		l.fixedOptions(path, q, fixed)
	} else if q.Kind != Choice && q.Kind != Several && len(q.Options) > 0 {
		l.say(path+".options", "A question of the kind %s has no options. Take them away, or make it a choice.", q.Kind)
	}
	seen := map[string]bool{}
	for i, o := range q.Options {
		at := fmt.Sprintf("%s.options[%d]", path, i)
		l.id(at, "the option", o.ID)
		if seen[o.ID] && o.ID != "" {
			l.say(at, "Two options of %q have the id %q. Give one of them another id.", q.ID, o.ID)
		}
		seen[o.ID] = true
		if q.Kind == Choice || q.Kind == Several || len(o.Text) > 0 {
			l.words(at+".text", "the option", o.Text)
		}
		l.picture(at+".picture", o.Picture)
	}
}

// fixedOptions looks at options of a kind that brings its own: they may only be worded anew. Ages may be left out, for
// a survey that is not for them; a face, a step, or the "no" of a consent may not, or people could not say it.
func (l *linter) fixedOptions(path string, q *Question, fixed []string) {
	given := map[string]bool{}
	for i, o := range q.Options {
		given[o.ID] = true
		if !slices.Contains(fixed, o.ID) {
			l.say(fmt.Sprintf("%s.options[%d]", path, i), "A question of the kind %s has no option %q. Its options are %s.", q.Kind, o.ID, listed(fixed))
		}
	}
	for _, id := range fixed {
		if len(q.Options) > 0 && !given[id] && q.Kind != AgeBand {
			l.say(path+".options", "People must be able to choose %q here. Add that option, or leave all options out.", id)
		}
	}
}

func (l *linter) bounds(path string, q *Question) {
	if q.Least < 0 || q.Most < 0 {
		l.say(path+".least", "least and most cannot be below 0.")
	} else if q.Most > 0 && q.Least > q.Most {
		l.say(path+".least", "least (%d) is more than most (%d). Exchange them.", q.Least, q.Most)
	}
	if n := len(q.Options); q.Kind == Several && n > 1 && (q.Most > n || q.Least > n) {
		l.say(path+".most", "There are only %d options to choose from. Lower least and most.", n)
	}
	if (q.Kind == Text || q.Kind == LongText) && (q.Most > 4000 || q.Least > 0) {
		l.say(path+".most", "Words may have at most 4000 letters (most), and nobody can be made to write more (least). Mend that.")
	}
	if !slices.Contains([]Kind{Several, Text, LongText, Number}, q.Kind) && (q.Least > 0 || q.Most > 0) {
		l.say(path+".most", "A question of the kind %s has no least and most. Take them away.", q.Kind)
	}
}

var roles = []Role{RoleAge, RolePlace, RolePriority, RoleGroup, RoleQuote}

func (l *linter) role(path string, q *Question) {
	wants := map[Role][]Kind{RoleAge: {AgeBand}, RolePlace: {Place}, RolePriority: {Several}, RoleGroup: {Choice, Consent}, RoleQuote: {Consent}}
	if q.Role == "" {
		return
	}
	allowed, ok := wants[q.Role]
	if !ok {
		l.say(path+".role", "There is no role called %q. The roles are %s.", q.Role, listed(roles))
		return
	}
	if !slices.Contains(allowed, q.Kind) {
		l.say(path+".role", "The role %q does not go with a question of the kind %s. It goes with %s.", q.Role, q.Kind, listed(allowed))
	}
	if q.Role != RoleQuote && !q.About {
		l.say(path+".role", "A question with the role %s is about the person: mark it about: true.", q.Role)
	}
	if q.Role == RoleQuote && len(q.Required) > 0 {
		l.say(path+".required", "Nobody can be made to let others quote them: take required away.")
	}
}

func (l *linter) condition(path string, c *Condition, earlier map[string]int) {
	if c == nil {
		return
	}
	tests := 0
	for _, set := range []bool{len(c.AnyOf) > 0, c.AtLeast != nil || c.AtMost != nil, c.Answered != nil, len(c.Voice) > 0} {
		if set {
			tests++
		}
	}
	if tests != 1 {
		l.say(path, "A condition has exactly one test: any_of, at_least with at_most, answered, or voice.")
	}
	if len(c.Voice) > 0 {
		l.listedVoices(path+".voice", c.Voice)
		return
	}
	if at, ok := earlier[c.Question]; ok {
		l.test(path, c, &l.survey.Questions[at])
	} else if _, _, later := l.survey.Question(c.Question); later {
		l.say(path, "The condition looks at %q, which is not asked before. A condition can only look back.", c.Question)
	} else {
		l.say(path, "The condition looks at %q, but there is no such question.", c.Question)
	}
}

// test looks at whether the answer to the question can ever meet the condition.
func (l *linter) test(path string, c *Condition, of *Question) {
	ids := of.OptionIDs()
	if of.Kind == Place {
		system, _ := l.known.Areas.System(l.survey.Area)
		for _, p := range system.Places {
			ids = append(ids, p.ID)
		}
		ids = append(ids, Elsewhere)
	}
	for _, id := range c.AnyOf {
		if ids == nil {
			l.say(path+".any_of", "The question %q has no options to look at.", c.Question)
			break
		}
		if !slices.Contains(ids, id) {
			l.say(path+".any_of", "The question %q has no option called %q. Its options are %s.", c.Question, id, listed(ids))
		}
	}
	if (c.AtLeast != nil || c.AtMost != nil) && of.Kind != Number {
		l.say(path, "Only a number can be compared, and %q does not ask for one.", c.Question)
	}
	if c.AtLeast != nil && c.AtMost != nil && *c.AtLeast > *c.AtMost {
		l.say(path, "at_least (%d) is more than at_most (%d), so it never holds. Exchange them.", *c.AtLeast, *c.AtMost)
	}
	if of.Kind == Info {
		l.say(path, "%q is a page to read: nobody answers it. Look at another question.", c.Question)
	}
}

// Follows says what stops s from replacing the version before it: an id keeps its meaning for ever, since earlier
// answers are kept under it.
func (s *Survey) Follows(before *Survey) []string {
	var out []string
	if s.Area != before.Area {
		out = append(out, fmt.Sprintf("The survey %s belongs to %s; it cannot move to %s. Give it another id.", s.ID, before.Area, s.Area))
	}
	for i := range s.Questions {
		q := &s.Questions[i]
		old, _, ok := before.Question(q.ID)
		if ok && (old.Kind != q.Kind || old.About != q.About || old.Role != q.Role) {
			out = append(out, fmt.Sprintf("The question %q was of another kind or role before. Give the new one another id: answers to the old one are kept under %q.", q.ID, q.ID))
		}
	}
	return out
}
