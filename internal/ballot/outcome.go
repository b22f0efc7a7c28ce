package ballot

import (
	"encoding/json"
	"fmt"

	"sayso/internal/budget"
	"sayso/internal/disclosure"
	"sayso/internal/exercise"
)

// State says what was decided about a count.
type State string

// The states.
const (
	Made     State = "made"     // waits for somebody to read it
	Approved State = "approved" // public
	Refused  State = "refused"
	Interim  State = "interim" // counted while people vote: its Result is a Standing, and it has no File
)

// Outcome is one count, frozen, and what people decided about it.
type Outcome struct {
	Exercise  string       `json:"exercise"`
	Number    int          `json:"number"` // 1, 2, …
	Revision  int          `json:"revision"`
	Area      string       `json:"area"`
	State     State        `json:"state"`
	MadeBy    string       `json:"made_by"` // id of staff
	MadeOn    exercise.Day `json:"made_on"`
	DecidedBy string       `json:"decided_by,omitempty"`
	DecidedOn exercise.Day `json:"decided_on,omitempty"`
	Board     *Board       `json:"board,omitempty"`
	Told      []Milestone  `json:"told,omitempty"`   // what became of the projects, as it was told
	Result    []byte       `json:"result,omitempty"` // JSON of a Result
	File      []byte       `json:"file,omitempty"`   // the ballots as .pb, compressed by gzip
}

// Board is what the board decided, which may differ from the count.
type Board struct {
	Funded []string     `json:"funded"` // ids of projects
	Why    string       `json:"why"`
	Lang   string       `json:"lang"` // in which why is written
	On     exercise.Day `json:"on"`
}

// Result is what a count found. Its figures may be shown: ballots under the floor are hidden, and who voted is told by
// published figures only. How many voted for each project is exact, or else nobody could count again; it is of no group
// of people, and below the floor it is written as few.
type Result struct {
	Of             Exercise  `json:"of"` // as it was counted
	Voters         Votes     `json:"voters"`
	Rule           string    `json:"rule"`
	Ties           string    `json:"ties"`
	TieOrder       []string  `json:"tie_order"` // ids, the one that wins every tie first
	SHA256         string    `json:"sha256"`    // of the .pb file, hex
	EverythingFits bool      `json:"everything_fits,omitempty"`
	Cost           Money     `json:"cost"` // of what is funded
	Each           Money     `json:"each"` // an equal part of the amount, rounded down
	TiesBroken     int       `json:"ties_broken"`
	Raised         Money     `json:"raised,omitempty"` // of Add1: the part with which the count went on, rounded down; 0 if it was not raised
	Projects       []Verdict `json:"projects"`         // funded ones first, in their order
	Steps          []Step    `json:"steps"`
	Groups         []Group   `json:"groups,omitempty"` // who got what
	Others         []Other   `json:"others,omitempty"` // what other rules make of the same ballots

	Spoilt *disclosure.Figure `json:"spoilt,omitempty"` // ballots that could not be counted; nil: none
}

// Votes is how many people wished for something.
type Votes int64

// Few says whether the number is not to be shown.
func (v Votes) Few() bool { return v > 0 && int64(v) < disclosure.Standard().Floor }

// Verdict is why a project is funded, or is not.
type Verdict struct {
	Project string     `json:"project"`
	Funded  bool       `json:"funded"`
	Why     budget.Why `json:"why"`
	Round   int        `json:"round,omitempty"` // from 1; 0 if no round was about it
	Votes   Votes      `json:"votes"`
	Lot     []string   `json:"lot,omitempty"`     // the other projects that were as good, where the lot decided between them
	Paid    Money      `json:"paid,omitempty"`    // as Step.Paid
	Had     float64    `json:"had,omitempty"`     // effective support, from 0 to 1
	Needed  float64    `json:"needed,omitempty"`  // the support it would have needed then
	Left    Money      `json:"left,omitempty"`    // what its supporters had left in the end
	Missing Money      `json:"missing,omitempty"` // of its cost
	Spent   []Spending `json:"spent,omitempty"`   // where the money of its supporters went, the greatest part first
	More    int64      `json:"more,omitempty"`    // supporters who would have funded it; 0: not known
	Cheaper Money      `json:"cheaper,omitempty"` // by so much it would have been funded; 0: not known
}

// Group is what the funded projects give to a group of voters, as far as it may be shown.
type Group struct {
	Variable string            `json:"variable"` // "voice", "channel", ByWay, or the id of a question
	Category string            `json:"category"` // the voice, the channel, the way, or an option
	Voters   disclosure.Figure `json:"voters"`
	Seen     disclosure.Figure `json:"seen"`     // who see at least one wish funded
	OfEqual  float64           `json:"of_equal"` // what falls to each over an equal part of the amount; 0 where Voters is hidden
	For      Money             `json:"for"`      // what the funded projects cost that are meant for the group
}

// Share is the part of the group who see at least one wish funded.
func (g Group) Share() disclosure.Share { return disclosure.ShareOf(g.Seen, g.Voters) }

// Spending is what the supporters of a project paid for another.
type Spending struct {
	Project string `json:"project"`
	Amount  Money  `json:"amount"`
}

// Other is what another rule would fund.
type Other struct {
	Rule   string   `json:"rule"`
	Funded []string `json:"funded"`           // ids of projects
	Groups []Group  `json:"groups,omitempty"` // who would get what; none where it funds the same as the count
}

// Step is one round of the count.
type Step struct {
	Step    budget.Step `json:"step"`
	Project string      `json:"project"`
	Tied    []string    `json:"tied,omitempty"` // the lot decided among these
	// Paid is by each supporter who could, rounded to pence: for a wish, or where the rule counts points for each. It is
	// no amount of money where support is transferred.
	Paid Money `json:"paid,omitempty"`
	Left Money `json:"left"` // of the amount, afterwards
}

// Small says whether so few people voted that no number is shown, and no file of votes.
func (r *Result) Small() bool { return int64(r.Voters) < disclosure.Standard().Floor }

// Read returns what the count found.
func (o *Outcome) Read() (*Result, error) {
	var r Result
	if err := json.Unmarshal(o.Result, &r); err != nil {
		return nil, fmt.Errorf("read the outcome of %s: %w", o.Exercise, err)
	}
	return &r, nil
}
