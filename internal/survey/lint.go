package survey

import (
	"fmt"
	"slices"

	"sayso/internal/authoring"
	"sayso/internal/exercise"
)

// linter looks at a survey with the eyes of somebody who will have to answer it.
type linter struct {
	*authoring.Checker
	survey *Survey
	known  Known
}

func (l *linter) all() {
	s := l.survey
	l.ID(".id", "the survey", s.ID)
	l.Area(".area", s.Area)
	l.Days(s.Opens, s.Closes, s.Decision.On)
	l.Languages(s.Languages)
	l.Words(".title", "a title", s.Title)
	l.Words(".why", "why you ask", s.Why)
	l.Words(".readers", "who reads the answers", s.Readers)
	l.Words(".next", "what happens with the answers", s.Next)
	l.Words(".audience", "whom it is for", s.Audience)
	l.Words(".decision.what", "the decision it feeds", s.Decision.What)
	l.Words(".decision.who", "who decides", s.Decision.Who)
	l.Picture(".picture", s.Picture)
	if s.Codebook != "" && !l.known.Codebook(s.Codebook) {
		l.Say(".codebook", "There is no codebook called %q. The codebooks are in content/codebooks.", s.Codebook)
	}
	l.Minutes(s.Minutes)
	l.voices()
	l.questions()
	l.Only(s.Area, s.Only)
}

func (l *linter) voices() {
	if len(l.survey.Voices) == 0 {
		l.Say(".voices", "Say who may answer: some of %s.", authoring.Listed(exercise.Voices))
	}
	l.Voices(".voices", l.survey.Voices)
}

func (l *linter) questions() {
	seen, having := map[string]int{}, map[Role]string{}
	about := false
	if len(l.survey.Questions) == 0 {
		l.Say(".questions", "A survey needs at least one question.")
	}
	for i := range l.survey.Questions {
		q := &l.survey.Questions[i]
		path := fmt.Sprintf(".questions[%d]", i)
		l.ID(path+".id", "the question", q.ID)
		if _, twice := seen[q.ID]; twice && q.ID != "" {
			l.Say(path+".id", "Two questions are called %q. Give one of them another id.", q.ID)
		}
		if about && !q.About && q.Kind != Info {
			l.Say(path, "The question %q stands behind questions about the person (about: true). Those must come last: move it up.", q.ID)
		}
		if before, twice := having[q.Role]; twice && q.Role != "" && q.Role != RoleGroup {
			l.Say(path+".role", "The question %q has the role %s already. Take the role away from one of them.", before, q.Role)
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
			l.Say(path+".kind", "Give the question a kind: one of %s.", authoring.Listed(kinds))
		} else {
			l.Say(path+".kind", "There is no kind of question called %q. The kinds are %s.", q.Kind, authoring.Listed(kinds))
		}
		return
	}
	l.Words(path+".ask", "the question", q.Ask)
	if len(q.Hint) > 0 {
		l.Words(path+".hint", "the hint", q.Hint)
	}
	if len(q.Required) > 0 {
		l.Words(path+".required", "why the question cannot be skipped", q.Required)
		if q.Kind == Info {
			l.Say(path+".required", "A page to read (info) asks nothing, so it cannot be required. Take required away.")
		}
	}
	l.Picture(path+".picture", q.Picture)
	l.options(path, q)
	l.bounds(path, q)
	l.role(path, q)
	if q.Intent != "" && q.Intent != "good" && q.Intent != "improve" {
		l.Say(path+".intent", "The intent is good or improve. Otherwise leave it out.")
	}
}

func (l *linter) options(path string, q *Question) {
	if (q.Kind == Choice || q.Kind == Several) && len(q.Options) < 2 {
		l.Say(path, "The question %q needs at least two options.", q.ID)
	}
	if fixed := (&Question{Kind: q.Kind}).OptionIDs(); fixed != nil {
		l.fixedOptions(path, q, fixed)
	} else if q.Kind != Choice && q.Kind != Several && len(q.Options) > 0 {
		l.Say(path+".options", "A question of the kind %s has no options. Take them away, or make it a choice.", q.Kind)
	}
	seen := map[string]bool{}
	for i, o := range q.Options {
		at := fmt.Sprintf("%s.options[%d]", path, i)
		l.ID(at, "the option", o.ID)
		if seen[o.ID] && o.ID != "" {
			l.Say(at, "Two options of %q have the id %q. Give one of them another id.", q.ID, o.ID)
		}
		seen[o.ID] = true
		if q.Kind == Choice || q.Kind == Several || len(o.Text) > 0 {
			l.Words(at+".text", "the option", o.Text)
		}
		l.Picture(at+".picture", o.Picture)
	}
}

// fixedOptions looks at options of a kind that brings its own: they may only be worded anew. Ages may be left out, for
// a survey that is not for them; a face, a step, or the "no" of a consent may not, or people could not say it.
func (l *linter) fixedOptions(path string, q *Question, fixed []string) {
	given := map[string]bool{}
	for i, o := range q.Options {
		given[o.ID] = true
		if !slices.Contains(fixed, o.ID) {
			l.Say(fmt.Sprintf("%s.options[%d]", path, i), "A question of the kind %s has no option %q. Its options are %s.", q.Kind, o.ID, authoring.Listed(fixed))
		}
	}
	for _, id := range fixed {
		if len(q.Options) > 0 && !given[id] && q.Kind != AgeBand {
			l.Say(path+".options", "People must be able to choose %q here. Add that option, or leave all options out.", id)
		}
	}
}

func (l *linter) bounds(path string, q *Question) {
	if q.Least < 0 || q.Most < 0 {
		l.Say(path+".least", "least and most cannot be below 0.")
	} else if q.Most > 0 && q.Least > q.Most {
		l.Say(path+".least", "least (%d) is more than most (%d). Exchange them.", q.Least, q.Most)
	}
	if n := len(q.Options); q.Kind == Several && n > 1 && (q.Most > n || q.Least > n) {
		l.Say(path+".most", "There are only %d options to choose from. Lower least and most.", n)
	}
	if (q.Kind == Text || q.Kind == LongText) && (q.Most > 4000 || q.Least > 0) {
		l.Say(path+".most", "Words may have at most 4000 letters (most), and nobody can be made to write more (least). Mend that.")
	}
	if !slices.Contains([]Kind{Several, Text, LongText, Number}, q.Kind) && (q.Least > 0 || q.Most > 0) {
		l.Say(path+".most", "A question of the kind %s has no least and most. Take them away.", q.Kind)
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
		l.Say(path+".role", "There is no role called %q. The roles are %s.", q.Role, authoring.Listed(roles))
		return
	}
	if !slices.Contains(allowed, q.Kind) {
		l.Say(path+".role", "The role %q does not go with a question of the kind %s. It goes with %s.", q.Role, q.Kind, authoring.Listed(allowed))
	}
	if q.Role != RoleQuote && !q.About {
		l.Say(path+".role", "A question with the role %s is about the person: mark it about: true.", q.Role)
	}
	if q.Role == RoleQuote && len(q.Required) > 0 {
		l.Say(path+".required", "Nobody can be made to let others quote them: take required away.")
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
		l.Say(path, "A condition has exactly one test: any_of, at_least with at_most, answered, or voice.")
	}
	if len(c.Voice) > 0 {
		l.Voices(path+".voice", c.Voice)
		return
	}
	if at, ok := earlier[c.Question]; ok {
		l.test(path, c, &l.survey.Questions[at])
	} else if _, _, later := l.survey.Question(c.Question); later {
		l.Say(path, "The condition looks at %q, which is not asked before. A condition can only look back.", c.Question)
	} else {
		l.Say(path, "The condition looks at %q, but there is no such question.", c.Question)
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
		ids = append(ids, exercise.Elsewhere)
	}
	for _, id := range c.AnyOf {
		if ids == nil {
			l.Say(path+".any_of", "The question %q has no options to look at.", c.Question)
			break
		}
		if !slices.Contains(ids, id) {
			l.Say(path+".any_of", "The question %q has no option called %q. Its options are %s.", c.Question, id, authoring.Listed(ids))
		}
	}
	if (c.AtLeast != nil || c.AtMost != nil) && of.Kind != Number {
		l.Say(path, "Only a number can be compared, and %q does not ask for one.", c.Question)
	}
	if c.AtLeast != nil && c.AtMost != nil && *c.AtLeast > *c.AtMost {
		l.Say(path, "at_least (%d) is more than at_most (%d), so it never holds. Exchange them.", *c.AtLeast, *c.AtMost)
	}
	if of.Kind == Info {
		l.Say(path, "%q is a page to read: nobody answers it. Look at another question.", c.Question)
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
