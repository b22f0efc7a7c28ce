package main

import (
	"context"
	"io"
	"io/fs"

	"sayso/content"
	"sayso/internal/ballot"
	"sayso/internal/demonstration"
	"sayso/internal/exercise"
	"sayso/internal/people"
)

// demoClosed is the budget exercise of the demonstration that is over, with an outcome.
const demoClosed = "summer"

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
		moveVote(&budgets[i].exercise, h.ballots.Today())
	}
	if err := h.publishBudgets(ctx, budgets, say); err != nil {
		return err
	}
	bar := newBar(out, "Making up votes")
	each := max(1, k.Answers/(2*len(budgets)))
	for i, e := range h.ballots.All() {
		if err := castVotes(ctx, h.store, k.Seed, e, h.ballots.Today(), each); err != nil {
			return err
		}
		bar.show(int64((i+1)*each), int64(len(budgets)*each))
	}
	bar.end()
	return h.demoOutcome(ctx)
}

// moveVote moves the dates of an exercise so that the closed one has been over for some weeks, and others have been open
// for as long.
func moveVote(e *ballot.Exercise, today exercise.Day) {
	const weeks = 6 * 7
	days := 0
	switch {
	case e.ID == demoClosed:
		days = int(today.Add(-weeks).Time().Sub(e.Closes.Time()).Hours() / 24)
	case !e.OpenOn(today) || !e.OpenOn(today.Add(7)):
		days = int(today.Add(-weeks).Time().Sub(e.Opens.Time()).Hours() / 24)
	}
	e.Opens, e.Closes, e.Decision.On = e.Opens.Add(days), e.Closes.Add(days), e.Decision.On.Add(days)
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

// demoOutcome counts the exercise that is over and makes the outcome public.
func (h *house) demoOutcome(ctx context.Context) error {
	by := people.CommandLine()
	o, err := h.ballots.Count(ctx, by, demoClosed)
	if err == nil {
		_, err = h.ballots.Approve(ctx, by, o.Exercise, o.Number)
	}
	if err != nil {
		return h.sentence(err)
	}
	return nil
}
