package report

import (
	"strconv"
	"strings"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// Words says a phrase of the catalogues; args are names and values of its placeholders in turn.
type Words func(key string, args ...any) string

// Naming names what a report holds in one language: by the words that were frozen with it or, where there are none,
// by those of the catalogue.
type Naming struct {
	Lang     string
	Words    Words
	Language func(tag string) string // a language's own name
}

// Variable names a group variable.
func (n Naming) Variable(v Variable) string { return n.name(v.Name, "group."+string(v.Kind)) }

// Group names one group of a variable.
func (n Naming) Group(v Variable, g Group) string {
	switch {
	case g.ID == NotSaid || g.ID == Other:
		return n.Words("group." + g.ID)
	case v.Kind == ByPriority && g.ID == yes:
		return v.Name.Words(n.Lang)
	case v.Kind == ByPriority:
		return n.Words("group.others")
	case g.ID == yes || g.ID == no:
		return n.Words("option.consent." + g.ID)
	case v.Kind == ByVoice:
		return n.Words(survey.VoiceKey("voice_of.", exercise.Voice(g.ID), v.Everyone))
	case v.Kind == ByAge:
		return n.Words("age_band." + g.ID)
	case v.Kind == ByChannel:
		return n.Words("channel." + g.ID)
	case v.Kind == ByLanguage:
		return n.Language(g.ID)
	}
	return n.name(g.Name, "option.place."+g.ID)
}

// Option names one answer to a question.
func (n Naming) Option(q Question, o Option) string {
	switch {
	case o.ID == Unknown:
		return n.Words("skip.unknown")
	case q.Kind == "number" && o.From == o.To:
		return strconv.FormatInt(o.From, 10)
	case q.Kind == "number":
		return n.Words("figure.range", "From", o.From, "To", o.To)
	case q.Kind == "age_band":
		return n.Words("age_band." + o.ID)
	}
	return n.name(o.Name, "option."+string(q.Kind)+"."+o.ID)
}

// Parts names the parts of one line of a ledger.
func (n Naming) Parts(parts []string) []string {
	names := make([]string, len(parts))
	for i, part := range parts {
		if lang, ok := strings.CutPrefix(part, PartNotCovered+":"); ok {
			names[i] = n.Words("ledger.not_covered_in", "Language", n.Language(lang))
			continue
		}
		names[i] = n.Words("ledger." + part)
	}
	return names
}

func (n Naming) name(frozen exercise.Text, key string) string {
	if len(frozen) > 0 {
		return frozen.Words(n.Lang)
	}
	return n.Words(key)
}
