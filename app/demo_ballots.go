package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/goccy/go-yaml"

	"sayso/content"
	"sayso/internal/admission"
	"sayso/internal/ballot"
	"sayso/internal/demonstration"
	"sayso/internal/exercise"
	"sayso/internal/people"
	"sayso/internal/survey"
)

// Votes of the demonstration that show something of their own.
const (
	demoClosed  = "summer"        // it is over, and has an outcome
	demoRound   = "play"          // the round of several places
	demoEarly   = "play-saltmere" // one of the round: how it stands is public
	demoInvited = "year-6"        // it takes invitation codes
)

// vote publishes the budget exercises, makes up ballots, and lets the outcome of one become public.
func (k demoCommand) vote(ctx context.Context, h *house, out io.Writer, say func(string, ...any)) error {
	files, err := fs.Sub(content.FS, "budgets")
	if err != nil {
		return err
	}
	budgets, err := h.readBudgets(files)
	if err != nil {
		return err
	}
	for i := range budgets {
		e := &budgets[i].exercise
		if days := moveVote(e, h.ballots.Today()); e.ID == demoClosed {
			if err := h.publishIdeas(ctx, days, say); err != nil {
				return err
			}
		}
	}
	if err := h.publishBudgets(ctx, budgets, say); err != nil {
		return err
	}
	bar := newBar(out, "Making up votes")
	for i, e := range h.ballots.All() {
		if err := castVotes(ctx, h.store, k.Seed, e, h.ballots.Today(), k.voters(e)); err != nil {
			return err
		}
		bar.show(int64(i+1), int64(len(budgets)))
	}
	bar.end()
	if err := h.demoOutcome(ctx); err != nil {
		return err
	}
	if _, err := h.ballots.CountEarly(ctx, people.CommandLine(), demoEarly); err != nil {
		return h.sentence(err)
	}
	return nil
}

// voters is how many people vote: some of a class, some hundred of a place, and a thousand of an area, unless fewer answers
// were asked for.
func (k demoCommand) voters(e *ballot.Exercise) int {
	const few = 24
	switch {
	case e.Codes:
		return few
	case e.Round != "":
		return max(few, k.Answers/20)
	}
	return max(1, k.Answers/4)
}

// demoCodes makes the invitation codes of a class, and returns some that nobody has used.
func (h *house) demoCodes(ctx context.Context) (some []people.Code, err error) {
	const class, shown = 30, 3
	by, to := people.CommandLine(), admission.Budget(demoInvited)
	e, err := h.ballots.Newest(demoInvited)
	if err != nil {
		return nil, err
	}
	b, err := h.codes.Order(ctx, by, to, e.Area, "Year 6", class)
	if err == nil {
		err = h.codes.Fill(ctx, b.ID, nil)
	}
	if err != nil {
		return nil, err
	}
	g, err := h.codes.Give(ctx, by, to, b.ID, admission.CSV)
	if err != nil {
		return nil, err
	}
	for code, err := range g.Codes(ctx) {
		if err != nil {
			return nil, err
		}
		if len(some) < shown {
			some = append(some, code)
		}
	}
	return some, g.Done(ctx)
}

// moveVote moves the dates of an exercise so that the closed one has been over for some weeks, and others have been open
// for as long. It returns by how many days.
func moveVote(e *ballot.Exercise, today exercise.Day) (days int) {
	const weeks = 6 * 7
	switch {
	case e.ID == demoClosed:
		days = int(today.Add(-weeks).Time().Sub(e.Closes.Time()).Hours() / 24)
	case !e.OpenOn(today) || !e.OpenOn(today.Add(7)):
		days = int(today.Add(-weeks).Time().Sub(e.Opens.Time()).Hours() / 24)
	}
	e.Opens, e.Closes, e.Decision.On = e.Opens.Add(days), e.Closes.Add(days), e.Decision.On.Add(days)
	return days
}

// publishIdeas publishes the survey in which the ideas for the closed exercise were told, moved by as many days.
func (h *house) publishIdeas(ctx context.Context, days int, say func(string, ...any)) error {
	data, err := fs.ReadFile(content.FS, "demo/summer-ideas.yaml")
	if err != nil {
		return err
	}
	sv, problems := survey.ReadFile(data, h.known())
	if len(problems) > 0 {
		return fmt.Errorf("demo/summer-ideas.yaml:%s", problems[0])
	}
	sv.Opens, sv.Closes, sv.Decision.On = sv.Opens.Add(days), sv.Closes.Add(days), sv.Decision.On.Add(days)
	return h.publishOne(ctx, sv, say)
}

func castVotes(ctx context.Context, to store, seed uint64, e *ballot.Exercise, today exercise.Day, n int) error {
	for v := range demonstration.Votes(seed, e, today, n) {
		if err := to.CreateBackground(ctx, v.Background); err != nil {
			return err
		}
		if err := to.CreateBallot(ctx, v.Ballot); err != nil {
			return err
		}
	}
	return nil
}

// ago is the service of ballots so many days ago.
func (h *house) ago(ctx context.Context, days int) (*ballot.Service, error) {
	s := ballot.NewService(h.store, h.audit, func() time.Time { return h.now().AddDate(0, 0, -days) })
	return s, s.Refresh(ctx)
}

// demoOutcome counts the exercise that is over, makes the outcome public, and tells what became of its projects.
func (h *house) demoOutcome(ctx context.Context) error {
	const days = 40
	by := people.CommandLine()
	then, err := h.ago(ctx, days)
	if err != nil {
		return err
	}
	o, err := then.Count(ctx, by, demoClosed)
	if err == nil {
		o, err = then.Approve(ctx, by, o.Exercise, o.Number)
	}
	if err == nil {
		err = h.demoMilestones(ctx, o)
	}
	if err != nil {
		return h.sentence(err)
	}
	return nil
}

// demoMilestones tells what became of the projects that get money, the oldest first.
func (h *house) demoMilestones(ctx context.Context, o ballot.Outcome) error {
	data, err := fs.ReadFile(content.FS, "demo/milestones.yaml")
	if err != nil {
		return err
	}
	var file struct {
		Milestones map[string][]struct {
			State ballot.Progress
			Days  int
			Text  string
		}
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		return fmt.Errorf("milestones of the demonstration: %w", err)
	}
	found, err := o.Read()
	if err != nil {
		return err
	}
	for _, id := range found.Funded() {
		for _, m := range file.Milestones[id] {
			then, err := h.ago(ctx, m.Days)
			if err != nil {
				return err
			}
			if _, err := then.Tell(ctx, people.CommandLine(), o.Exercise, o.Number, ballot.Milestone{Project: id, State: m.State, Text: m.Text, Lang: "en"}); err != nil {
				return fmt.Errorf("tell of %s: %w", id, err)
			}
		}
	}
	return nil
}
