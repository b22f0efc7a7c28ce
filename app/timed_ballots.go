package main

import (
	"context"

	"sayso/internal/ballot"
	"sayso/internal/operation"
)

// The budget exercises, and what people wish for.

func (w timed) PublishExercise(ctx context.Context, e ballot.Exercise) (err error) {
	defer w.time("PublishExercise", &err)()
	return w.store.PublishExercise(ctx, e)
}

func (w timed) Exercise(ctx context.Context, id string, version int) (e ballot.Exercise, err error) {
	defer w.time("Exercise", &err)()
	return w.store.Exercise(ctx, id, version)
}

func (w timed) CreateBallot(ctx context.Context, b ballot.Ballot) (err error) {
	defer w.time("CreateBallot", &err)()
	err = w.store.CreateBallot(ctx, b)
	w.metrics.Saved(operation.Begin, err)
	return err
}

func (w timed) Ballot(ctx context.Context, id string) (b ballot.Ballot, err error) {
	defer w.time("Ballot", &err)()
	return w.store.Ballot(ctx, id)
}

func (w timed) UpdateBallot(ctx context.Context, id string, change func(*ballot.Ballot) error) (b ballot.Ballot, err error) {
	defer w.time("UpdateBallot", &err)()
	b, err = w.store.UpdateBallot(ctx, id, change)
	w.metrics.Saved(operation.Page, err)
	return b, err
}

func (w timed) DeleteBallot(ctx context.Context, id string) (err error) {
	defer w.time("DeleteBallot", &err)()
	return w.store.DeleteBallot(ctx, id)
}

func (w timed) CountBallots(ctx context.Context, exercise string) (n int, err error) {
	defer w.time("CountBallots", &err)()
	return w.store.CountBallots(ctx, exercise)
}

func (w timed) CreateBackground(ctx context.Context, b ballot.Background) (err error) {
	defer w.time("CreateBackground", &err)()
	return w.store.CreateBackground(ctx, b)
}

func (w timed) Background(ctx context.Context, id string) (b ballot.Background, err error) {
	defer w.time("Background", &err)()
	return w.store.Background(ctx, id)
}

func (w timed) UpdateBackground(ctx context.Context, id string, change func(*ballot.Background) error) (b ballot.Background, err error) {
	defer w.time("UpdateBackground", &err)()
	return w.store.UpdateBackground(ctx, id, change)
}

func (w timed) DeleteBackground(ctx context.Context, id string) (err error) {
	defer w.time("DeleteBackground", &err)()
	return w.store.DeleteBackground(ctx, id)
}

func (w timed) CreateOutcome(ctx context.Context, o ballot.Outcome) (err error) {
	defer w.time("CreateOutcome", &err)()
	return w.store.CreateOutcome(ctx, o)
}

func (w timed) Outcome(ctx context.Context, exercise string, number int) (o ballot.Outcome, err error) {
	defer w.time("Outcome", &err)()
	return w.store.Outcome(ctx, exercise, number)
}

func (w timed) UpdateOutcome(ctx context.Context, exercise string, number int, change func(*ballot.Outcome) error) (o ballot.Outcome, err error) {
	defer w.time("UpdateOutcome", &err)()
	return w.store.UpdateOutcome(ctx, exercise, number, change)
}

func (w timed) Outcomes(ctx context.Context, exercise string) (all []ballot.Outcome, err error) {
	defer w.time("Outcomes", &err)()
	return w.store.Outcomes(ctx, exercise)
}

func (w timed) CreateSheets(ctx context.Context, sheets []ballot.Sheet) (fresh int, err error) {
	defer w.time("CreateSheets", &err)()
	return w.store.CreateSheets(ctx, sheets)
}

func (w timed) Sheet(ctx context.Context, hash string) (sh ballot.Sheet, err error) {
	defer w.time("Sheet", &err)()
	return w.store.Sheet(ctx, hash)
}

func (w timed) UpdateSheet(ctx context.Context, hash string, change func(*ballot.Sheet) error) (sh ballot.Sheet, err error) {
	defer w.time("UpdateSheet", &err)()
	return w.store.UpdateSheet(ctx, hash, change)
}
