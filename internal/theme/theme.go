// Package theme goes from words to themes: codebooks that people write and can read, a coder that applies
// them to comments, a measure of how well it does that, and quotes with personal details removed.
//
// The coder is a list of words and simple patterns, matched word by word without backtracking: its answer
// depends on nothing but the codebook, the language, the question's intent and the text.
package theme

// Intent is what the question behind an answer asked for; "nothing" means opposite things under each.
type Intent string

// The intents of a question.
const (
	Good    Intent = "good"    // what was good?
	Improve Intent = "improve" // what could be better?
	Open    Intent = "open"    // anything else
)

// Status says what became of a text that was given to the coder; every text has exactly one.
type Status string

// The statuses of a coding.
const (
	Themed     Status = "themed"      // at least one theme
	NoMatch    Status = "no_match"    // words or pictures, but none that the codebook knows
	NotCovered Status = "not_covered" // the codebook has no words in this language
	Empty      Status = "empty"       // blank, or an answer that says nothing
)

// Coding is the result for one text: its status and the ids of its themes, in the codebook's order.
type Coding struct {
	Status Status
	Themes []string
}

// Outcome is one of the five outcomes of Every Child Matters.
type Outcome string

// The five outcomes.
const (
	BeHealthy            Outcome = "be_healthy"
	StaySafe             Outcome = "stay_safe"
	EnjoyAndAchieve      Outcome = "enjoy_and_achieve"
	PositiveContribution Outcome = "make_a_positive_contribution"
	EconomicWellBeing    Outcome = "achieve_economic_well_being"
)

// Outcomes lists the five in their usual order.
func Outcomes() []Outcome {
	return []Outcome{BeHealthy, StaySafe, EnjoyAndAchieve, PositiveContribution, EconomicWellBeing}
}
