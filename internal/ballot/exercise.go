// Package ballot is deciding together where money goes: exercises with projects and their costs, the ballots of people,
// which are kept at every press, and the outcome that is counted after closing.
//
// A ballot has no name, address, or time finer than the day. Who somebody is, is kept apart from what they wish for, and
// the key that opens a ballot apart from both. What is published for counting again are the wishes alone.
package ballot

import (
	"slices"

	"sayso/internal/budget"
	"sayso/internal/exercise"
)

// Exercise is one version of a budget exercise as an author wrote it.
type Exercise struct {
	ID        string              `yaml:"id" json:"id"`
	Version   int                 `yaml:"-" json:"version"`   // 1, 2, …; given by the store
	Area      string              `yaml:"area" json:"area"`   // the ICS or place that asks
	Title     exercise.Text       `yaml:"title" json:"title"` //
	Why       exercise.Text       `yaml:"why" json:"why"`     // what the money is, and why people decide
	Next      exercise.Text       `yaml:"next" json:"next"`   // what happens with the outcome
	Audience  exercise.Text       `yaml:"audience" json:"audience"`
	Picture   string              `yaml:"picture" json:"picture"`
	Minutes   int                 `yaml:"minutes" json:"minutes"`
	Decision  exercise.Decision   `yaml:"decision" json:"decision"`
	Opens     exercise.Day        `yaml:"opens" json:"opens"`
	Closes    exercise.Day        `yaml:"closes" json:"closes"`         // the last day on which it is open
	Codes     bool                `yaml:"codes" json:"codes,omitempty"` // closed: each ballot needs an invitation code
	Languages []exercise.Language `yaml:"languages" json:"languages"`
	Voices    []exercise.Voice    `yaml:"voices" json:"voices"`
	Ballot    Kind                `yaml:"ballot" json:"ballot"`
	Most      int                 `yaml:"most" json:"most,omitempty"`     // of UpTo and Order: wishes; of Points: points to give
	For       exercise.Text       `yaml:"for" json:"for,omitempty"`       // whom this way to vote is for, where there is another
	Also      *Way                `yaml:"also" json:"also,omitempty"`     // another way to vote, for others
	Amount    Money               `yaml:"amount" json:"amount,omitempty"` // to share out; none for Thumbs
	Coin      Money               `yaml:"coin" json:"coin,omitempty"`     // what one coin stands for, to those of the first way; 0: they count in pounds
	Take      int                 `yaml:"take" json:"take,omitempty"`     // of Thumbs: how many priorities are taken forward
	Rule      string              `yaml:"rule" json:"rule"`               // as budget.ParseRule reads it
	Seed      string              `yaml:"seed" json:"seed"`               // of the lot that breaks ties
	Listed    bool                `yaml:"listed" json:"listed,omitempty"` // everybody sees the order of the file, not one of their own
	Limits    []Limit             `yaml:"limits" json:"limits,omitempty"`
	Projects  []Project           `yaml:"projects" json:"projects"`
	Questions []Question          `yaml:"questions" json:"questions,omitempty"` // about the person, kept apart from the ballot

	Ideas   *Ideas   `yaml:"ideas" json:"ideas,omitempty"`     // where the ideas for the projects come from
	Results Results  `yaml:"results" json:"results,omitempty"` // when people see how the vote stands
	Round   string   `yaml:"round" json:"round,omitempty"`     // shared by the exercises of several places
	Place   string   `yaml:"place" json:"place,omitempty"`     // of a round: the place whose exercise it is
	VoteIn  VoteIn   `yaml:"vote_in" json:"vote_in,omitempty"` // the rule of the round
	Only    []string `yaml:"only" json:"only,omitempty"`       // the places whose people may vote; empty: everybody
}

// Kind is how people fill in a ballot.
type Kind string

// The kinds of ballot.
const (
	Tick   Kind = "tick"   // everything one likes
	UpTo   Kind = "up_to"  // at most Most
	Order  Kind = "order"  // favourites in order, the dearest first
	Points Kind = "points" // Most points, as one likes
	Purse  Kind = "purse"  // what fits the amount
	Thumbs Kind = "thumbs" // up or down, about priorities without money
)

// Kinds are all kinds of ballot.
var Kinds = []Kind{Tick, UpTo, Order, Points, Purse, Thumbs}

// Limit is how many projects of a category one ballot may wish for.
type Limit struct {
	Category string        `yaml:"category" json:"category"`
	Name     exercise.Text `yaml:"name" json:"name"`
	Most     int           `yaml:"most" json:"most"`
}

// Help is when a project helps.
type Help string

// When a project helps; empty is not said.
const (
	Early Help = "early" // before things get bad
	Late  Help = "late"  // when things are bad already
)

// Project is something that can be funded, wholly or not at all; for Thumbs, a priority.
type Project struct {
	ID       string        `yaml:"id" json:"id"`
	Name     exercise.Text `yaml:"name" json:"name"`
	Text     exercise.Text `yaml:"text" json:"text"`
	Picture  string        `yaml:"picture" json:"picture,omitempty"`
	Cost     Money         `yaml:"cost" json:"cost,omitempty"`           // with which it is counted: the highest it may be
	CostFrom Money         `yaml:"cost_from" json:"cost_from,omitempty"` // the lowest it may be, where it is not costed yet
	For      exercise.Text `yaml:"for" json:"for,omitempty"`             // whom it is for, in words
	Groups   []string      `yaml:"groups" json:"groups,omitempty"`       // the same as age bands and options of the priority question
	Place    string        `yaml:"place" json:"place,omitempty"`         // a place of the area; empty: all of it
	Provider exercise.Text `yaml:"provider" json:"provider,omitempty"`
	IdeaOf   exercise.Text `yaml:"idea_of" json:"idea_of,omitempty"` // whose idea it was: a group, never a person
	Help     Help          `yaml:"help" json:"help,omitempty"`
	Category string        `yaml:"category" json:"category,omitempty"` // of a limit
}

// Role is what a question asks about the person.
type Role string

// The roles of questions.
const (
	RoleAge      Role = "age_band" // one of exercise.AgeBands
	RolePlace    Role = "place"    // a place of the area, or elsewhere
	RolePriority Role = "priority" // some of the options, each a group that is seldom heard
	RoleGroup    Role = "group"    // one of the options
)

// Roles are all roles of questions.
var Roles = []Role{RoleAge, RolePlace, RolePriority, RoleGroup}

// Question is asked about the person, after the ballot. Nobody has to answer it.
type Question struct {
	ID      string        `yaml:"id" json:"id"`
	Role    Role          `yaml:"role" json:"role"`
	Ask     exercise.Text `yaml:"ask" json:"ask"`
	Hint    exercise.Text `yaml:"hint" json:"hint,omitempty"`
	Options []Option      `yaml:"options" json:"options,omitempty"`
}

// Option is one thing that can be chosen.
type Option struct {
	ID      string        `yaml:"id" json:"id"`
	Text    exercise.Text `yaml:"text" json:"text"`
	Picture string        `yaml:"picture" json:"picture,omitempty"`
	Alone   bool          `yaml:"alone" json:"alone,omitempty"` // "none of these": excludes the others
}

// OpenOn says whether people can vote on the day.
func (e *Exercise) OpenOn(d exercise.Day) bool { return e.Opens <= d && d <= e.Closes }

// Offered returns the tags of the languages people may take part in.
func (e *Exercise) Offered() []string { return exercise.Offered(e.Languages) }

// Project returns the project of the id; nil if there is none.
func (e *Exercise) Project(id string) *Project {
	i := slices.IndexFunc(e.Projects, func(p Project) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return &e.Projects[i]
}

// Question returns the question of the id and its position; nil if there is none.
func (e *Exercise) Question(id string) (*Question, int) {
	i := slices.IndexFunc(e.Questions, func(q Question) bool { return q.ID == id })
	if i < 0 {
		return nil, 0
	}
	return &e.Questions[i], i
}

// OptionIDs returns the ids that can be chosen, in order.
func (q *Question) OptionIDs() []string {
	if q.Role == RoleAge && len(q.Options) == 0 {
		return exercise.AgeBands
	}
	ids := make([]string, len(q.Options))
	for i, o := range q.Options {
		ids[i] = o.ID
	}
	return ids
}

// Ties is the order that breaks ties: drawn by lot from the published seed.
func (e *Exercise) Ties() budget.Order { return budget.Order{Name: "lot", Seed: e.Seed} }

// TieOrder returns the ids of the projects as the lot orders them, the one that wins every tie first.
func (e *Exercise) TieOrder() ([]string, error) {
	ranks, err := e.Ties().Ranks(e.Election())
	if err != nil {
		return nil, err
	}
	out := make([]string, len(ranks))
	for i, rank := range ranks {
		out[rank] = e.Projects[i].ID
	}
	return out, nil
}

// Election returns the exercise as it is counted, without ballots. Priorities without money cost one each, and there is
// money for as many as are taken forward.
func (e *Exercise) Election() *budget.Election {
	out := &budget.Election{Kind: e.countedAs(), Budget: int64(e.Amount), Unit: 100}
	if e.Ballot == Thumbs {
		out.Budget, out.Unit = int64(e.Take), 1
	}
	for _, p := range e.Projects {
		cost := int64(p.Cost)
		if e.Ballot == Thumbs {
			cost = 1
		}
		out.Projects = append(out.Projects, budget.Project{ID: p.ID, Name: p.Name, Cost: cost, For: p.Groups})
	}
	return out
}

// countedAs is the kind of ballot by the name that Pabulib gives it.
func (e *Exercise) countedAs() budget.Kind {
	switch e.Ballot {
	case Order:
		return budget.Ordinal
	case Points:
		return budget.Cumulative
	}
	return budget.Approval
}
