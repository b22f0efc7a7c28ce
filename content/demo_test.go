package content_test

import (
	"slices"
	"strings"
	"testing"

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
