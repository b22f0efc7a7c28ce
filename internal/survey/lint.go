package survey

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"sayso/internal/exercise"
)

var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// linter looks at a survey with the eyes of somebody who will have to answer it.
type linter struct {
	survey   *Survey
	known    Known
	file     *ast.File
	problems []Problem
}

func (l *linter) say(path, format string, args ...any) {
	l.problems = append(l.problems, Problem{lineOf(l.file, "$"+path), fmt.Sprintf(format, args...)})
}

func (l *linter) all() {
	s := l.survey
	if !idForm.MatchString(s.ID) {
		l.say(".id", "The id %q must be small letters, digits and hyphens, such as waiting-times.", s.ID)
	}
	if _, ok := l.known.Areas.Area(s.Area); !ok {
		l.say(".area", "There is no area called %q. The areas are in content/areas.", s.Area)
	}
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

func (l *linter) dates() {
	s := l.survey
	for _, d := range []struct {
		path, what string
		day        exercise.Day
	}{{".opens", "the first day it is open", s.Opens}, {".closes", "the last day it is open", s.Closes}, {".decision.on", "the day of the decision", s.Decision.On}} {
		if _, err := exercise.ParseDay(string(d.day)); err != nil {
			l.say(d.path, "Write %s as a day, such as 2027-01-31.", d.what)
			return
		}
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
		l.say(".languages", "English must be among the languages, with who checked it.")
	}
	for i, g := range s.Languages {
		if !l.known.Language(g.Tag) {
			l.say(fmt.Sprintf(".languages[%d]", i), "Sayso does not ship the language %q.", g.Tag)
		}
	}
}

// words wants the text in every language of the survey; Easy Read may stand for itself with the English words.
func (l *linter) words(path, what string, t exercise.Text) {
	if t["en"] == "" {
		l.say(path, "Write %s in English (en).", what)
		return
	}
	for _, g := range l.survey.Languages {
		if !t.Has(g.Tag) {
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
		l.say(".voices", "Say who may answer: some of %v.", exercise.Voices)
	}
	for i, v := range l.survey.Voices {
		if !slices.Contains(exercise.Voices, v) {
			l.say(fmt.Sprintf(".voices[%d]", i), "There is no voice called %q. The voices are %v.", v, exercise.Voices)
		}
	}
}

func (l *linter) questions() {
	seen := map[string]int{}
	about := false
	if len(l.survey.Questions) == 0 {
		l.say(".questions", "A survey needs at least one question.")
	}
	for i := range l.survey.Questions {
		q := &l.survey.Questions[i]
		path := fmt.Sprintf(".questions[%d]", i)
		if !idForm.MatchString(q.ID) {
			l.say(path+".id", "The id %q of this question must be small letters, digits and hyphens.", q.ID)
		}
		if _, twice := seen[q.ID]; twice {
			l.say(path+".id", "Two questions are called %q. Give one of them another id.", q.ID)
		}
		if about && !q.About && q.Kind != Info {
			l.say(path, "The question %q comes after questions about the person. Those must come last.", q.ID)
		}
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
		l.say(path+".kind", "There is no kind of question called %q. The kinds are %v.", q.Kind, kinds)
		return
	}
	l.words(path+".ask", "the question", q.Ask)
	if len(q.Hint) > 0 {
		l.words(path+".hint", "the hint", q.Hint)
	}
	if len(q.Required) > 0 {
		l.words(path+".required", "why the question cannot be skipped", q.Required)
	}
	l.picture(path+".picture", q.Picture)
	l.options(path, q)
	l.bounds(path, q)
	l.role(path, q)
	if q.Intent != "" && q.Intent != "good" && q.Intent != "improve" {
		l.say(path+".intent", "The intent is good or improve, or left out.")
	}
}

func (l *linter) options(path string, q *Question) {
	if (q.Kind == Choice || q.Kind == Several) && len(q.Options) < 2 {
		l.say(path, "The question %q needs at least two options.", q.ID)
	}
	if fixed := (&Question{Kind: q.Kind}).OptionIDs(); fixed != nil {
		for i, o := range q.Options {
			if !slices.Contains(fixed, o.ID) {
				l.say(fmt.Sprintf("%s.options[%d]", path, i), "For a question of the kind %s the options are %v.", q.Kind, fixed)
			}
		}
	} else if q.Kind != Choice && q.Kind != Several && len(q.Options) > 0 {
		l.say(path+".options", "A question of the kind %s has no options.", q.Kind)
	}
	seen := map[string]bool{}
	for i, o := range q.Options {
		at := fmt.Sprintf("%s.options[%d]", path, i)
		if seen[o.ID] || o.ID == "" {
			l.say(at, "Each option needs an id of its own; %q stands twice or is empty.", o.ID)
		}
		seen[o.ID] = true
		if q.Kind == Choice || q.Kind == Several || len(o.Text) > 0 {
			l.words(at+".text", "the option", o.Text)
		}
		l.picture(at+".picture", o.Picture)
	}
}

func (l *linter) bounds(path string, q *Question) {
	if q.Least < 0 || q.Most < 0 || q.Most > 0 && q.Least > q.Most {
		l.say(path+".least", "least (%d) must not be more than most (%d), and neither below 0.", q.Least, q.Most)
	}
	if q.Kind == Several && (q.Most > len(q.Options) || q.Least > len(q.Options)) {
		l.say(path+".most", "There are only %d options to choose from.", len(q.Options))
	}
	if (q.Kind == Text || q.Kind == LongText) && (q.Most > 4000 || q.Least > 0) {
		l.say(path+".most", "An answer in words may have at most 4000 letters, and no least number.")
	}
	if !slices.Contains([]Kind{Several, Text, LongText, Number}, q.Kind) && (q.Least > 0 || q.Most > 0) {
		l.say(path+".most", "A question of the kind %s has no least and most.", q.Kind)
	}
}

func (l *linter) role(path string, q *Question) {
	wants := map[Role][]Kind{RoleAge: {AgeBand}, RolePlace: {Place}, RolePriority: {Several}, RoleGroup: {Choice, Consent}, RoleQuote: {Consent}}
	if q.Role == "" {
		return
	}
	if allowed, ok := wants[q.Role]; !ok || !slices.Contains(allowed, q.Kind) {
		l.say(path+".role", "The role %q does not go with a question of the kind %s.", q.Role, q.Kind)
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
		l.say(path, "A condition has exactly one test: any_of, at_least and at_most, answered, or voice.")
	}
	if len(c.Voice) > 0 {
		return
	}
	at, ok := earlier[c.Question]
	if !ok {
		l.say(path, "The condition looks at %q, but no earlier question has that id.", c.Question)
		return
	}
	of := &l.survey.Questions[at]
	if ids := of.OptionIDs(); ids != nil {
		for _, o := range c.AnyOf {
			if !slices.Contains(ids, o) {
				l.say(path, "The question %q has no option called %q.", c.Question, o)
			}
		}
	} else if len(c.AnyOf) > 0 && of.Kind != Place {
		l.say(path, "The question %q has no options to look at.", c.Question)
	}
	if (c.AtLeast != nil || c.AtMost != nil) && of.Kind != Number {
		l.say(path, "Only an answer that is a number can be compared; %q is not one.", c.Question)
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
