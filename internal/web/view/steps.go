package view

import (
	"strconv"

	"github.com/a-h/templ"

	"sayso/internal/ballot"
	"sayso/internal/budget"
)

// stepLine says what happened in a round in one line.
func (p ResultPage) stepLine(s ballot.Step) string {
	key := "step." + string(s.Step)
	switch {
	case p.priorities() && s.Step == budget.TooDear:
		key = "step.not_taken"
	case s.Step == budget.Excluded && (p.Result.Small() || len(s.Tied) > 1):
		key = "step.excluded_too"
	}
	return p.T(key, "Project", p.name(s.Project))
}

// stepWords tells what happened in a round.
func (p ResultPage) stepWords(s ballot.Step) []string {
	out := []string{p.stepLine(s)}
	if !p.Result.Small() {
		v := p.verdict(s.Project)
		for _, more := range []string{p.support(v), p.paid(s.Paid, v.Votes, "step")} {
			if more != "" {
				out = append(out, more)
			}
		}
		switch {
		case len(s.Tied) > 1:
			out = append(out, p.T("step.tied", "Projects", p.names(s.Tied)))
		case len(v.Lot) > 0:
			out = append(out, p.T("because.lot", "Projects", p.names(v.Lot)))
		}
	}
	if !p.priorities() {
		out = append(out, p.T("step.left", "Money", p.money(s.Left)))
	}
	return out
}

// verdict is what was found about the project.
func (p ResultPage) verdict(project string) ballot.Verdict {
	for _, v := range p.Result.Projects {
		if v.Project == project {
			return v
		}
	}
	return ballot.Verdict{Project: project}
}

// noSteps says why there was no round.
func (p ResultPage) noSteps() string {
	switch {
	case p.Result.Voters == 0:
		return p.nobody()
	case p.Result.EverythingFits:
		return p.T("step.none")
	}
	return p.T("step.none_paid")
}

func (p ResultPage) stepAt(n int) templ.SafeURL {
	return p.at("/steps?step=" + strconv.Itoa(n))
}
