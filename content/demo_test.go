package content_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"sayso/content"
	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// phrase is one way to answer a question in words.
type phrase struct {
	Text   string
	Weight int
	Voices []exercise.Voice
}

// fewest is how many phrases a survey has in a language, so that answers are not all the same.
var fewest = map[string]int{"en": 60, "ur": 25, "pl": 25, "ar": 25, "cy": 25}

func TestPhrasesAnswerTheQuestionsInWords(t *testing.T) {
	var file struct {
		Openings map[string][]string
		Endings  map[string][]string
		Surveys  map[string]map[string]map[string][]phrase
	}
	decode(t, "demo/phrases.yaml", &file)
	for id, s := range surveys(t) {
		count := map[string]int{}
		for question, byLanguage := range file.Surveys[id] {
			q, _, ok := s.Question(question)
			if !ok || q.Kind != survey.Text && q.Kind != survey.LongText {
				t.Errorf("%s.%s is no question in words", id, question)
			}
			for lang, phrases := range byLanguage {
				count[lang] += len(phrases)
				checkPhrases(t, &s, lang, phrases)
			}
		}
		for lang, n := range fewest {
			if count[lang] < n || len(file.Openings[lang]) == 0 || len(file.Endings[lang]) == 0 {
				t.Errorf("%s has %d phrases in %s, fewer than %d, or no openings or endings", id, count[lang], lang, n)
			}
		}
	}
}

// The demonstration has a survey and milestones of its own, for the vote that is over.
func TestTheVoteOfTheDemonstrationHasItsIdeasAndMilestones(t *testing.T) {
	raw, err := fs.ReadFile(content.FS, "demo/summer-ideas.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sv, problems := survey.ReadFile(raw, known(t))
	for _, p := range problems {
		t.Errorf("demo/summer-ideas.yaml:%s", p)
	}
	checkTexts(t, "demo/summer-ideas.yaml", sv)
	if err := compileSchema(t).Validate(asEditor(t, raw)); err != nil {
		t.Error(err)
	}
	data, err := fs.ReadFile(content.FS, "budgets/summer.yaml")
	if err != nil {
		t.Fatal(err)
	}
	e, _ := ballot.ReadFile(data, budgetKnown(t))
	if q, _, ok := sv.Question(e.Ideas.Question); e.Ideas.Survey != sv.ID || !ok || q.Kind != survey.LongText || sv.Decision.On >= e.Opens {
		t.Errorf("the ideas come from %+v", e.Ideas)
	}
	var file struct {
		Milestones map[string][]struct {
			State ballot.Progress
			Days  int
			Text  string
		}
	}
	decode(t, "demo/milestones.yaml", &file)
	for _, p := range e.Projects {
		told, last := file.Milestones[p.ID], 40
		for _, m := range told {
			if !slices.Contains(ballot.Progresses, m.State) || m.Text == "" || m.Days >= last {
				t.Errorf("of %s it is told: %+v", p.ID, m)
			}
			last = m.Days
		}
		if len(told) == 0 {
			t.Errorf("nothing is told of %s", p.ID)
		}
	}
	if len(file.Milestones) != len(e.Projects) {
		t.Errorf("it is told of %d projects, there are %d", len(file.Milestones), len(e.Projects))
	}
}

func checkPhrases(t *testing.T, s *survey.Survey, lang string, phrases []phrase) {
	t.Helper()
	seen, all := map[string]bool{}, strings.Builder{}
	for _, p := range phrases {
		if p.Text == "" || p.Weight < 0 || seen[p.Text] {
			t.Errorf("%s in %s: empty, twice or of no weight: %+v", s.ID, lang, p)
		}
		seen[p.Text] = true
		all.WriteString(p.Text + " ")
		checkLetters(t, s.ID, lang, p.Text)
		for _, v := range p.Voices {
			if !slices.Contains(s.Voices, v) {
				t.Errorf("%s does not hear the voice %q: %s", s.ID, v, p.Text)
			}
		}
	}
	if len(phrases) > 5 {
		checkOwnLetters(t, s.ID, lang, all.String())
	}
}
