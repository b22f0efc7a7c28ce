package content_test

import (
	"slices"
	"testing"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

func areas(t *testing.T) exercise.Areas {
	t.Helper()
	var file struct {
		Areas []exercise.Area `yaml:"areas"`
	}
	decode(t, "areas/demonstration.yaml", &file)
	checkTexts(t, "areas", file.Areas)
	tree, err := exercise.NewAreas(file.Areas)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestPopulationsAddUp(t *testing.T) {
	for _, a := range areas(t).Systems() {
		total := map[string]int64{}
		for _, p := range a.Population {
			for _, n := range p.Counts {
				total[p.Variable] += n
			}
			checkCategories(t, a, p)
		}
		if total["age_band"] != total["place"] || total["place"] != total["language"] {
			t.Errorf("%s: the people of the variables differ: %v", a.ID, total)
		}
	}
}

func checkCategories(t *testing.T, a exercise.Area, p exercise.PopulationOf) {
	t.Helper()
	for c := range p.Counts {
		isPlace := slices.ContainsFunc(a.Places, func(x exercise.Area) bool { return x.ID == c })
		if p.Variable == "place" && !isPlace || p.Variable == "age_band" && !slices.Contains(exercise.AgeBands, c) {
			t.Errorf("%s: %q is no %s", a.ID, c, p.Variable)
		}
	}
}

// surveys reads every survey, by id.
func surveys(t *testing.T) map[string]survey.Survey {
	t.Helper()
	all := map[string]survey.Survey{}
	for _, name := range matches(t, "surveys/*.yaml") {
		var s survey.Survey
		decode(t, name, &s)
		if s.ID != stem(name) {
			t.Errorf("%s holds the survey %q", name, s.ID)
		}
		all[s.ID] = s
	}
	return all
}

func TestSurveysAreWhole(t *testing.T) {
	tree, known := areas(t), pictures(t)
	for id, s := range surveys(t) {
		checkTexts(t, id, s)
		if _, ok := tree.Area(s.Area); !ok {
			t.Errorf("%s asks in the area %q, which is not there", id, s.Area)
		}
		if s.Decision.On <= s.Closes || s.Closes <= s.Opens || len(s.Offered()) != len(languages) {
			t.Errorf("%s: opens %s, closes %s, decided %s, offered in %v", id, s.Opens, s.Closes, s.Decision.On, s.Offered())
		}
		var ids []string
		for at := range s.Questions {
			ids = append(ids, s.Questions[at].ID)
			checkQuestion(t, &s, at)
			checkPictures(t, id, &s.Questions[at], known)
		}
		checkIDs(t, id, ids)
	}
}

// steps are the ids of the options of faces and of agreement, from best to worst.
var steps = []string{"1", "2", "3", "4", "5"}

func checkQuestion(t *testing.T, s *survey.Survey, at int) {
	t.Helper()
	q := s.Questions[at]
	where := s.ID + "." + q.ID
	var options []string
	for _, o := range q.Options {
		options = append(options, o.ID)
	}
	checkIDs(t, where, options)
	if q.Ask["en-x-easy"] == "" {
		t.Errorf("%s is not asked in Easy Read", where)
	}
	switch q.Kind {
	case survey.Choice, survey.Several:
		if len(options) < 2 {
			t.Errorf("%s has %d options", where, len(options))
		}
	case survey.Faces, survey.Agree:
		if len(options) > 0 && !slices.Equal(options, steps) {
			t.Errorf("%s: options %v", where, options)
		}
	default:
		if len(options) > 0 {
			t.Errorf("%s is of kind %s and has options", where, q.Kind)
		}
	}
	checkCondition(t, s, at, q.ShowIf)
	checkCondition(t, s, at, q.SkipIf)
}

// checkCondition says whether c looks back at something that can be answered.
func checkCondition(t *testing.T, s *survey.Survey, at int, c *survey.Condition) {
	t.Helper()
	if c == nil {
		return
	}
	where := s.ID + "." + s.Questions[at].ID
	for _, v := range c.Voice {
		if !slices.Contains(s.Voices, v) {
			t.Errorf("%s looks at the voice %s, which is not offered", where, v)
		}
	}
	if len(c.Voice) > 0 {
		return
	}
	q, earlier, ok := s.Question(c.Question)
	if !ok || earlier >= at {
		t.Errorf("%s looks at %q, which is not an earlier question", where, c.Question)
		return
	}
	for _, id := range c.AnyOf {
		if !slices.Contains(answers(q), id) {
			t.Errorf("%s looks for %q, which %s cannot be", where, id, q.ID)
		}
	}
}

// answers are what can be chosen.
func answers(q *survey.Question) []string {
	switch q.Kind {
	case survey.Consent:
		return []string{"yes", "no"}
	case survey.Faces, survey.Agree:
		return steps
	case survey.AgeBand:
		return exercise.AgeBands
	}
	var out []string
	for _, o := range q.Options {
		out = append(out, o.ID)
	}
	return out
}

func checkPictures(t *testing.T, id string, q *survey.Question, known map[string]bool) {
	t.Helper()
	used := []string{q.Picture}
	for _, o := range q.Options {
		used = append(used, o.Picture)
	}
	for _, p := range used {
		if p != "" && known != nil && !known[p] {
			t.Errorf("%s.%s shows %q, which is not in pictures/survey.json", id, q.ID, p)
		}
	}
}
