// Package report is the summary for a board: frozen snapshots of what people said, what a person approved of
// them, and what the board answers.
//
// A snapshot is one fold over the responses of a survey (tally), published once under disclosure control. What is
// kept of it (Report) holds no true count, and names everything in words that were frozen with it, so pages and
// exports are drawn from it alone, in any language, years later.
//
// Three kinds of people are counted, each a base of its own: everyone whose answers count, those who answered a
// question, and those who wrote. A question that others skipped by routing is a base within everyone. Not answering
// a question that everybody meets says nothing about a person, so there the difference of the two bases is not
// protected; instead no base is told by a variable of which it would show a group that is hidden among everyone.
package report

import (
	"sayso/internal/disclosure"
	"sayso/internal/exercise"
	"sayso/internal/survey"
	"sayso/internal/theme"
)

// Report is one snapshot as it was frozen. All figures in it are published ones.
type Report struct {
	Survey    string             `json:"survey"`
	Number    int                `json:"number"`
	After     int                `json:"after,omitempty"` // the approved snapshot before it, 0 for none
	Versions  []int              `json:"versions"`        // of the survey, oldest first
	Area      string             `json:"area"`
	AreaName  exercise.Text      `json:"area_name,omitempty"`
	Board     exercise.Text      `json:"board,omitempty"` // who decides, as people call them
	Fictional bool               `json:"fictional,omitempty"`
	On        exercise.Day       `json:"on"` // when it was made
	Asked     Asked              `json:"asked"`
	Rules     Rules              `json:"rules"`
	Responses disclosure.Ledger  `json:"responses"` // received = wrote in words + only ticked + withdrawn + held back
	Held      disclosure.Ledger  `json:"held"`      // held back = by reason; hidden while few are
	Wrote     disclosure.Ledger  `json:"wrote"`     // people who wrote = themed + not themed, and why
	Everyone  disclosure.Figure  `json:"everyone"`  // whose answers count
	Living    *Living            `json:"living,omitempty"`
	Who       []Variable         `json:"who"`
	Questions []Question         `json:"questions"`
	Codebook  *Codebook          `json:"codebook,omitempty"`
	Themes    []Theme            `json:"themes"` // by prevalence, those without a figure last
	Quotes    []Quote            `json:"quotes"`
	Main      Main               `json:"main"`
	Release   disclosure.Release `json:"release"` // every published figure; see WhoTable and the others for names
}

// Asked is the survey in short, as its newest version has it.
type Asked struct {
	Title    exercise.Text     `json:"title"`
	Why      exercise.Text     `json:"why,omitempty"`
	Audience exercise.Text     `json:"audience,omitempty"`
	Voices   []exercise.Voice  `json:"voices"`
	Everyone bool              `json:"everyone,omitempty"` // not for the young alone
	Decision exercise.Decision `json:"decision"`
	Opens    exercise.Day      `json:"opens"`
	Closes   exercise.Day      `json:"closes"`
}

// Rules are what the figures were published under.
type Rules struct {
	disclosure.Rules
	Methods []string `json:"methods"` // message keys: "report.method.rounded"
}

// Living is how many people the figures are compared with, and where that is from.
type Living struct {
	People int64         `json:"people"` // of the ages that were asked
	Ages   []string      `json:"ages"`   // age bands, empty for all
	Source exercise.Text `json:"source,omitempty"`
}

// Kind says what sort of group variable it is; voice, language and channel have their categories named by key.
type Kind string

// The kinds of group variable.
const (
	ByVoice    Kind = "voice"
	ByAge      Kind = "age_band"
	ByPlace    Kind = "place"
	ByLanguage Kind = "language"
	ByPriority Kind = "priority" // categories yes and no
	ByGroup    Kind = "group"
	ByChannel  Kind = "channel"
)

// The groups of those who fit no other.
const (
	NotSaid = "not_said" // did not answer a group variable
	Other   = "other"    // answered in a language that the survey is not offered in
)

// Variable is one way of dividing people into groups.
type Variable struct {
	ID     string        `json:"id"` // the name of its dimension in the tables
	Kind   Kind          `json:"kind"`
	Name   exercise.Text `json:"name,omitempty"` // the priority group, or the question; empty: named by its kind
	Groups []Group       `json:"groups"`

	Everyone bool `json:"everyone,omitempty"` // of voices: the survey is for everyone, see survey.VoiceKey
}

// Group is one category of a variable.
type Group struct {
	ID      string        `json:"id"`
	Name    exercise.Text `json:"name,omitempty"` // empty: named by key or, for age bands, by its id
	Of      Proportion    `json:"of"`             // of everyone
	Living  *Proportional `json:"living,omitempty"`
	Verdict Verdict       `json:"verdict"`
}

// Proportional is a share of the people who live in the area; it is public knowledge, not a count of voices.
type Proportional struct {
	PerMille int `json:"per_mille"`
	Expected int `json:"expected,omitempty"` // this many per cent of the voices there should be; 0: cannot be told
}

// Verdict says whether a group was heard.
type Verdict string

// The verdicts.
const (
	Heard     Verdict = "heard"
	FewerThan Verdict = "fewer_than" // clearly fewer than live here
	TooFew    Verdict = "too_few"    // too few to show: go and ask
	NoVerdict Verdict = "none"       // nothing to compare with
)

// Proportion is a published part of a published whole.
type Proportion struct {
	Part  disclosure.Figure `json:"part"`
	Whole disclosure.Figure `json:"whole"`
}

// Share returns the proportion as a share, hidden when either figure is.
func (p Proportion) Share() disclosure.Share { return disclosure.ShareOf(p.Part, p.Whole) }

// Question is what people answered to one question that is not about themselves.
type Question struct {
	ID      string            `json:"id"`
	Kind    survey.Kind       `json:"kind"`
	Ask     exercise.Text     `json:"ask"`
	Routed  bool              `json:"routed,omitempty"`  // not everybody was asked
	Retired bool              `json:"retired,omitempty"` // the newest version no longer asks it
	Several bool              `json:"several,omitempty"` // people could choose more than one
	People  disclosure.Figure `json:"people"`            // who answered
	Options []Option          `json:"options"`           // in the survey's order; none for words
	Main    MainThing         `json:"main"`
}

// Option is one answer to a question. The options of faces and agree may be named by key, bands of numbers are
// named by From and To.
type Option struct {
	ID   string        `json:"id"`
	Name exercise.Text `json:"name,omitempty"`
	From int64         `json:"from,omitempty"`
	To   int64         `json:"to,omitempty"`
	Of   Proportion    `json:"of"` // of those who answered
}

// Unknown is the option of those who answered "I do not know".
const Unknown = "unknown"

// MainThing is the one thing to say about a question, for a sentence of the catalogue.
type MainThing struct {
	Kind   MainKind   `json:"kind"`
	Option string     `json:"option,omitempty"`
	Of     Proportion `json:"of"`
}

// MainKind says which sentence it is.
type MainKind string

// The kinds of main thing.
const (
	MostChose MainKind = "most"    // more than half chose the option
	TopChoice MainKind = "top"     // no more than half, but more than any other
	Tie       MainKind = "tie"     // two options share the first place; Option is the earlier
	Hidden    MainKind = "hidden"  // too few to show
	InWords   MainKind = "written" // answered in words: see the themes
)

// Codebook names the codebook the themes come from.
type Codebook struct {
	ID        string        `json:"id"`
	Version   string        `json:"version"`
	Name      exercise.Text `json:"name"`
	Source    string        `json:"source,omitempty"`
	Languages []string      `json:"languages"`
	Draft     []string      `json:"draft,omitempty"` // languages whose words no person has checked
}

// Theme is what people wrote about. Each person counts once for a theme.
type Theme struct {
	ID         string        `json:"id"`
	Parent     string        `json:"parent,omitempty"`
	Name       exercise.Text `json:"name"`
	Definition exercise.Text `json:"definition,omitempty"`
	Outcome    theme.Outcome `json:"outcome"`
	Of         Proportion    `json:"of"` // of those who wrote
	Differs    Difference    `json:"differs"`
	Under      []Theme       `json:"under,omitempty"` // sub-themes, by prevalence
}

// Clear says whether groups differ in a theme.
type Clear string

// The answers to whether groups differ.
const (
	ClearDifference Clear = "clear"
	NoDifference    Clear = "none"
	TooFewToTell    Clear = "too_few"
)

// Difference is the clearest difference between two groups of one variable that do not overlap.
type Difference struct {
	State    Clear      `json:"state"`
	Variable string     `json:"variable,omitempty"` // only if clear, like the rest
	Group    string     `json:"group,omitempty"`    // the one that is named
	Of       Proportion `json:"of"`
	Than     string     `json:"than,omitempty"` // the group it differs from
	ThanOf   Proportion `json:"than_of"`
}

// Quote is somebody's words, personal details taken out.
type Quote struct {
	ID       string         `json:"id"` // a hash; says nothing of who
	Theme    string         `json:"theme"`
	Question string         `json:"question"`
	Text     string         `json:"text"`
	Lang     string         `json:"lang"`
	Voice    exercise.Voice `json:"voice,omitempty"`    // empty: the group is too small to name
	Age      string         `json:"age_band,omitempty"` // empty: not said, or too small to name
	Removed  []string       `json:"removed,omitempty"`  // kinds of personal details taken out
}

// Main is the main thing of the whole report, for its first sentences.
type Main struct {
	Themes   []string `json:"themes"`             // up to two with the highest shares, sub-themes not among them
	Differs  string   `json:"differs,omitempty"`  // the theme in which groups differ most
	Question string   `json:"question,omitempty"` // the question with the clearest majority
}
