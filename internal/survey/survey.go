// Package survey is asking: surveys and their questions, branching, drafts, responses and their scans.
package survey

import (
	"slices"

	"sayso/internal/exercise"
)

// Survey is one version of a survey as an author wrote it.
type Survey struct {
	ID        string            `yaml:"id" json:"id"`
	Version   int               `yaml:"-" json:"version"` // 1, 2, …; given by the store
	Area      string            `yaml:"area" json:"area"` // the ICS or place that asks
	Title     exercise.Text     `yaml:"title" json:"title"`
	Why       exercise.Text     `yaml:"why" json:"why"`         // why we ask
	Readers   exercise.Text     `yaml:"readers" json:"readers"` // who reads the answers
	Next      exercise.Text     `yaml:"next" json:"next"`       // what happens with them
	Audience  exercise.Text     `yaml:"audience" json:"audience"`
	Picture   string            `yaml:"picture" json:"picture"`
	Minutes   int               `yaml:"minutes" json:"minutes"`
	Decision  exercise.Decision `yaml:"decision" json:"decision"`
	Opens     exercise.Day      `yaml:"opens" json:"opens"`
	Closes    exercise.Day      `yaml:"closes" json:"closes"`         // the last day on which it is open
	Codes     bool              `yaml:"codes" json:"codes,omitempty"` // closed: each beginning needs an invitation code
	Languages []Language        `yaml:"languages" json:"languages"`
	Voices    []exercise.Voice  `yaml:"voices" json:"voices"`
	Everyone  bool              `yaml:"everyone" json:"everyone,omitempty"` // who speaks for themselves need not be young
	Codebook  string            `yaml:"codebook" json:"codebook"`
	Questions []Question        `yaml:"questions" json:"questions"`
	Only      []string          `yaml:"only" json:"only,omitempty"` // the places whose people may take part; empty: everybody
}

// VoiceKey is the key of a phrase about a voice, such as voice_of.self. In a survey for everyone those who speak for
// themselves, alone or with help, are not called young.
func VoiceKey(prefix string, v exercise.Voice, everyone bool) string {
	if everyone && (v == exercise.Self || v == exercise.Helped) {
		return prefix + string(v) + "_everyone"
	}
	return prefix + string(v)
}

// Language is one language the survey is offered in.
type Language = exercise.Language

// Kind is the kind of a question.
type Kind string

// The kinds of question.
const (
	Choice   Kind = "choice"    // one of the options
	Several  Kind = "several"   // some of the options
	Faces    Kind = "faces"     // five faces, "1" best to "5" worst
	Agree    Kind = "agree"     // five steps, "1" agree a lot to "5" disagree a lot
	Text     Kind = "text"      // one line of words
	LongText Kind = "long_text" // some lines of words
	Number   Kind = "number"    // a whole number
	AgeBand  Kind = "age_band"  // one of exercise.AgeBands
	Place    Kind = "place"     // a place of the survey's area, or elsewhere
	Info     Kind = "info"      // a page to read; nothing is asked
	Consent  Kind = "consent"   // yes or no
)

// Role says what an answer is used for in reports, beside being an answer.
type Role string

// The roles.
const (
	RoleAge      Role = "age_band" // groups by age
	RolePlace    Role = "place"    // groups by place
	RolePriority Role = "priority" // each option is a priority group
	RoleGroup    Role = "group"    // groups by the options
	RoleQuote    Role = "quote"    // yes: their words may be quoted
)

// Question is one page of a survey.
type Question struct {
	ID       string        `yaml:"id" json:"id"`
	Kind     Kind          `yaml:"kind" json:"kind"`
	Ask      exercise.Text `yaml:"ask" json:"ask"`
	Hint     exercise.Text `yaml:"hint" json:"hint,omitempty"`
	Picture  string        `yaml:"picture" json:"picture,omitempty"`
	Options  []Option      `yaml:"options" json:"options,omitempty"`
	Least    int           `yaml:"least" json:"least,omitempty"` // options, letters, or the smallest number
	Most     int           `yaml:"most" json:"most,omitempty"`   // options, letters, or the largest number; 0: no bound but the kind's own
	About    bool          `yaml:"about" json:"about,omitempty"` // about the person; kept apart from the answers
	Role     Role          `yaml:"role" json:"role,omitempty"`
	Intent   string        `yaml:"intent" json:"intent,omitempty"`     // "good" or "improve", for the coder
	Required exercise.Text `yaml:"required" json:"required,omitempty"` // why it cannot be skipped; empty: it can
	Unknown  bool          `yaml:"unknown" json:"unknown,omitempty"`   // offers "I do not know"
	Withheld bool          `yaml:"withheld" json:"withheld,omitempty"` // offers "I would rather not say"
	ShowIf   *Condition    `yaml:"show_if" json:"show_if,omitempty"`
	SkipIf   *Condition    `yaml:"skip_if" json:"skip_if,omitempty"`
}

// Option is one thing that can be chosen.
type Option struct {
	ID      string        `yaml:"id" json:"id"`
	Text    exercise.Text `yaml:"text" json:"text"`
	Hint    exercise.Text `yaml:"hint" json:"hint,omitempty"`
	Picture string        `yaml:"picture" json:"picture,omitempty"`
	Alone   bool          `yaml:"alone" json:"alone,omitempty"` // "none of these": excludes the others
}

// Condition looks at the answer to an earlier question. Exactly one of its tests is set.
type Condition struct {
	Question string           `yaml:"question" json:"question"`
	AnyOf    []string         `yaml:"any_of" json:"any_of,omitempty"` // one of these was chosen
	AtLeast  *int64           `yaml:"at_least" json:"at_least,omitempty"`
	AtMost   *int64           `yaml:"at_most" json:"at_most,omitempty"`
	Answered *bool            `yaml:"answered" json:"answered,omitempty"`
	Voice    []exercise.Voice `yaml:"voice" json:"voice,omitempty"` // looks at who speaks instead
}

// Question returns the question of the id and its position.
func (s *Survey) Question(id string) (q *Question, at int, ok bool) {
	for i := range s.Questions {
		if s.Questions[i].ID == id {
			return &s.Questions[i], i, true
		}
	}
	return nil, 0, false
}

// OpenOn says whether people can take part on the day.
func (s *Survey) OpenOn(d exercise.Day) bool { return s.Opens <= d && d <= s.Closes }

// Admits says whether people who live in the place may take part.
func (s *Survey) Admits(place string) bool { return len(s.Only) == 0 || slices.Contains(s.Only, place) }

// Offered returns the tags of the languages people may take part in.
func (s *Survey) Offered() []string { return exercise.Offered(s.Languages) }
