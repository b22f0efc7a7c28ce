package main

import (
	"encoding/json"
	"math/big"

	"sayso/internal/budget"
)

// The JSON of "budget count". Money is in units, exactly; fractions are strings such as "5/3".

type saidJSON struct {
	Rule           string              `json:"rule"`
	Ties           string              `json:"ties"`
	Voters         int64               `json:"voters"`
	Budget         json.Number         `json:"budget"`
	Winners        []string            `json:"winners"`
	Cost           json.Number         `json:"cost"`
	EverythingFits bool                `json:"everything_fits"`
	Funded         []string            `json:"funded"`
	TiesBroken     int                 `json:"ties_broken"`
	Add1           *add1JSON           `json:"add1,omitempty"`
	Rounds         []roundJSON         `json:"rounds"`
	Projects       []reasonJSON        `json:"projects"`
	Groups         []budget.GroupShare `json:"groups,omitempty"`
	Remarks        []budget.Remark     `json:"remarks,omitempty"`
}

type add1JSON struct {
	Increments int64       `json:"increments"`
	Stopped    budget.Stop `json:"stopped"`
	Each       *big.Rat    `json:"final_voter_budget"`
}

type roundJSON struct {
	Round     int               `json:"round"`
	Step      budget.Step       `json:"step"`
	Project   string            `json:"project"`
	Tied      []string          `json:"tied,omitempty"`
	Merit     *big.Rat          `json:"merit,omitempty"`
	Support   float64           `json:"effective_support,omitempty"`
	Price     *big.Rat          `json:"price,omitempty"`
	Full      int64             `json:"pay_in_full,omitempty"`
	Emptied   int64             `json:"give_all_left,omitempty"`
	Left      json.Number       `json:"left"`
	Standings []budget.Standing `json:"standings,omitempty"`
}

type reasonJSON struct {
	Project    string         `json:"project"`
	Funded     bool           `json:"funded"`
	Why        budget.Why     `json:"why"`
	Round      int            `json:"round,omitempty"`
	Supporters int64          `json:"supporters"`
	Lot        []string       `json:"lot_decided_among,omitempty"` // the others that were as good
	Had        float64        `json:"effective_support,omitempty"`
	Needed     float64        `json:"effective_support_needed,omitempty"`
	Last       int            `json:"last_affordable_round,omitempty"`
	Left       json.Number    `json:"left_with_supporters,omitempty"`
	Missing    json.Number    `json:"missing,omitempty"`
	Spent      []spendingJSON `json:"spent_on,omitempty"`
	Change     *changeJSON    `json:"change,omitempty"`
}

type spendingJSON struct {
	Project string      `json:"project"`
	Amount  json.Number `json:"amount"`
}

type changeJSON struct {
	Cost       json.Number `json:"cost,omitempty"`
	Cheaper    json.Number `json:"cheaper_by,omitempty"`
	Supporters int64       `json:"more_supporters,omitempty"`
}

func (s *said) json() saidJSON {
	out := saidJSON{
		Rule: s.Rule, Ties: s.Ties, Voters: s.Voters, Budget: amount(s.e, s.e.Budget), Winners: s.Winners,
		Cost: amount(s.e, s.Cost), EverythingFits: s.EverythingFits, Funded: s.Funded(s.e), TiesBroken: s.TiesBroken,
		Rounds: []roundJSON{}, Groups: s.groups, Remarks: s.remarks,
	}
	if a := s.Add1; a != nil {
		out.Add1 = &add1JSON{a.Increments, a.Stopped, s.inUnits(a.Each)}
	}
	for i, r := range s.Rounds {
		out.Rounds = append(out.Rounds, roundJSON{
			Round: i + 1, Step: r.Step, Project: r.Project, Tied: r.Tied, Merit: r.Merit, Support: r.Support, Price: s.inUnits(r.Price),
			Full: r.Full, Emptied: r.Emptied, Left: amount(s.e, r.Left), Standings: r.Standings,
		})
	}
	for _, r := range s.Projects {
		out.Projects = append(out.Projects, s.reasonJSON(r))
	}
	return out
}

// inUnits turns smallest units into units.
func (s *said) inUnits(r *big.Rat) *big.Rat {
	if r == nil {
		return nil
	}
	return new(big.Rat).Quo(r, new(big.Rat).SetInt64(s.e.Unit))
}

func (s *said) reasonJSON(r budget.Reason) reasonJSON {
	out := reasonJSON{
		Project: r.Project, Funded: r.Funded, Why: r.Why, Round: r.Round, Supporters: r.Supporters, Lot: r.Lot,
		Had: r.Had, Needed: r.Needed, Last: r.Last,
	}
	if r.Why == budget.WhySpent || r.Why == budget.WhyPoor {
		out.Left, out.Missing = amount(s.e, r.Left), amount(s.e, r.Missing)
	}
	for _, sp := range r.Spent {
		out.Spent = append(out.Spent, spendingJSON{sp.Project, amount(s.e, sp.Amount)})
	}
	if c, ok := s.changes[r.Project]; ok {
		out.Change = &changeJSON{Supporters: c.Supporters}
		if c.ByCost {
			out.Change.Cost, out.Change.Cheaper = amount(s.e, c.Cost), amount(s.e, c.Cheaper)
		}
	}
	return out
}
