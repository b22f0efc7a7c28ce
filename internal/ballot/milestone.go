package ballot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
)

// Progress says how far a project has come.
type Progress string

// How far a project has come.
const (
	NotBegun Progress = "not_begun"
	Begun    Progress = "begun"
	Done     Progress = "done"
	Changed  Progress = "changed" // it is done, and otherwise than planned
	Stopped  Progress = "stopped"
)

// Progresses are all states, in the order in which they are offered.
var Progresses = []Progress{NotBegun, Begun, Done, Changed, Stopped}

// Milestone is what the board tells of a project after the decision. One that was taken back stays for the record, and
// only staff see it.
type Milestone struct {
	Number  int          `json:"number"` // 1, 2, … in the outcome
	Project string       `json:"project"`
	State   Progress     `json:"state"`
	Text    string       `json:"text"`
	Lang    string       `json:"lang"` // in which the text is written
	On      exercise.Day `json:"on"`
	By      string       `json:"by"` // id of staff

	TakenOn exercise.Day `json:"taken_on,omitempty"` // when it was taken back
	TakenBy string       `json:"taken_by,omitempty"`
}

// mostMilestones bounds what is kept beside one outcome.
const mostMilestones = 400

// Funded returns the ids of the projects that get money: as the board decided, else as it was counted.
func (p *Published) Funded() []string {
	if p.Board != nil {
		return p.Board.Funded
	}
	return p.Found.Funded()
}

// Funded returns the ids of the projects that the count funds, in their order.
func (r *Result) Funded() []string {
	var out []string
	for _, v := range r.Projects {
		if v.Funded {
			out = append(out, v.Project)
		}
	}
	return out
}

// ToldOf returns what was told of the project and not taken back, the latest first.
func (o *Outcome) ToldOf(project string) []Milestone {
	var out []Milestone
	for _, m := range slices.Backward(o.Told) {
		if m.Project == project && m.TakenOn == "" {
			out = append(out, m)
		}
	}
	return out
}

// Tell keeps what became of a project that the count or the board funds: State and Text in the language Lang. The same
// twice on one day is kept once. Invalid says what to mend; Conflict unless the count is public. For boards and analysts.
func (s *Service) Tell(ctx context.Context, by people.Staff, id string, number int, m Milestone) (Outcome, error) {
	if !by.Is(people.Board, people.Analyst) {
		return Outcome{}, forbidden()
	}
	m.Text = strings.TrimSpace(m.Text)
	if err := m.check(); err != nil {
		return Outcome{}, err
	}
	m.On, m.By, m.TakenOn, m.TakenBy = s.Today(), by.ID, "", ""
	before := 0
	o, err := s.store.UpdateOutcome(ctx, id, number, func(o *Outcome) error {
		before = len(o.Told)
		return o.tell(m)
	})
	if err != nil || len(o.Told) == before {
		return o, err
	}
	return o, s.recordTold(ctx, by, people.ActMilestoneTold, o, o.Told[before])
}

func (m *Milestone) check() error {
	long := utf8.RuneCountInString(m.Text)
	switch {
	case !slices.Contains(Progresses, m.State):
		return fault.New(fault.Invalid, "told.choose_state")
	case m.Text == "":
		return fault.New(fault.Invalid, "told.say_something")
	case long > MostLetters:
		return fault.New(fault.Invalid, "answer.too_long").With(map[string]any{"Most": MostLetters, "Count": long - MostLetters})
	}
	return nil
}

// tell adds the milestone, unless it says what was told of the project last, and today.
func (o *Outcome) tell(m Milestone) error {
	if o.State != Approved {
		return fault.New(fault.Conflict, "result.not_public")
	}
	r, err := o.Read()
	if err != nil {
		return err
	}
	byBoard := o.Board != nil && slices.Contains(o.Board.Funded, m.Project)
	switch last := o.ToldOf(m.Project); {
	case !byBoard && !slices.Contains(r.Funded(), m.Project):
		return fault.New(fault.Invalid, "answer.choose_listed")
	case len(last) > 0 && last[0].On == m.On && last[0].State == m.State && last[0].Text == m.Text:
		return nil
	case len(o.Told) >= mostMilestones:
		return fault.New(fault.Conflict, "told.too_many")
	}
	m.Number = len(o.Told) + 1
	o.Told = append(slices.Clip(o.Told), m)
	return nil
}

// TakeToldBack takes the milestone of the number out of what people see; the record stays. NotFound if there is none.
// For boards and analysts.
func (s *Service) TakeToldBack(ctx context.Context, by people.Staff, id string, number, milestone int) (Outcome, error) {
	if !by.Is(people.Board, people.Analyst) {
		return Outcome{}, forbidden()
	}
	changed := false
	o, err := s.store.UpdateOutcome(ctx, id, number, func(o *Outcome) error {
		changed = false
		if milestone < 1 || milestone > len(o.Told) {
			return fault.New(fault.NotFound, "told.not_found")
		}
		if o.Told[milestone-1].TakenOn != "" {
			return nil
		}
		o.Told = slices.Clone(o.Told)
		o.Told[milestone-1].TakenOn, o.Told[milestone-1].TakenBy, changed = s.Today(), by.ID, true
		return nil
	})
	if err != nil || !changed {
		return o, err
	}
	return o, s.recordTold(ctx, by, people.ActMilestoneTakenBack, o, o.Told[milestone-1])
}

func (s *Service) recordTold(ctx context.Context, by people.Staff, act string, o Outcome, m Milestone) error {
	if err := s.audit.Record(ctx, by, act, "budget/"+o.Exercise, o.Area, map[string]string{
		"number": strconv.Itoa(o.Number), "milestone": strconv.Itoa(m.Number), "project": m.Project, "state": string(m.State)}); err != nil {
		return fmt.Errorf("record %s: %w", act, err)
	}
	return nil
}
