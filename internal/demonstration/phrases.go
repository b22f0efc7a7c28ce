package demonstration

import (
	"fmt"
	"strings"

	"sayso/internal/authoring"
	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// Phrases are the words from which answers are made, as content/demo/phrases.yaml has them.
type Phrases struct {
	Openings map[string][]string                       `yaml:"openings"` // language → sentences before an answer
	Endings  map[string][]string                       `yaml:"endings"`  // language → sentences behind it
	Surveys  map[string]map[string]map[string][]Phrase `yaml:"surveys"`  // survey → question → language
}

// Phrase is one way to answer.
type Phrase struct {
	Text   string           `yaml:"text"`
	Weight int              `yaml:"weight"` // against the others; 1 when left out
	Voices []exercise.Voice `yaml:"voices"` // empty: everybody says it
}

// ParsePhrases reads phrases written in YAML.
func ParsePhrases(data []byte) (Phrases, error) {
	var p Phrases
	if err := authoring.Decode(data, &p); err != nil {
		return Phrases{}, fmt.Errorf("read the phrases: %w", err)
	}
	return p, nil
}

// spoken are the phrases of one question in one language.
type spoken struct {
	texts             []string
	weights           []int
	voices            [][]exercise.Voice
	subjects          []uint // bit set over subjects: what the phrase speaks of
	openings, endings []string
}

// spokenBy reads the phrases as the question would read them; one that it refuses is left out. nil: there is none.
func spokenBy(q *survey.Question, lang string, ph Phrases, list []Phrase) *spoken {
	s := &spoken{openings: ph.Openings[lang], endings: ph.Endings[lang]}
	for _, p := range list {
		a, err := q.Read(survey.Input{Words: p.Text})
		if err != nil || a.Words == "" {
			continue
		}
		s.texts = append(s.texts, a.Words)
		s.weights = append(s.weights, max(1, p.Weight))
		s.voices = append(s.voices, p.Voices)
		s.subjects = append(s.subjects, subjectsOf(lang, a.Words))
	}
	if len(s.texts) == 0 {
		return nil
	}
	return s
}

// subjectsOf says what the words speak of.
func subjectsOf(lang, words string) (set uint) {
	words = strings.ToLower(words)
	for i, s := range subjects {
		for _, stem := range s.stems[lang] {
			if strings.Contains(words, stem) {
				set |= 1 << i
			}
		}
	}
	return set
}
