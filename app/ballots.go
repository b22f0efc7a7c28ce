package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"regexp"

	"sayso/internal/authoring"
	"sayso/internal/ballot"
	"sayso/internal/fault"
	"sayso/internal/people"
)

// votable is how a budget exercise differs from a survey: it says how people vote, or on what.
var votable = regexp.MustCompile(`(?m)^(ballot|projects|amount) *:`)

func isBudget(data []byte) bool { return votable.Match(bytes.TrimPrefix(data, []byte("\ufeff"))) }

// budgetKnown is what a file of a budget exercise may name.
func (h *house) budgetKnown() authoring.Known {
	k := h.known()
	return authoring.Known{Areas: k.Areas, Picture: k.Picture, Language: k.Language, Idea: h.ideaIn(h.published())}
}

// budgetFile is an exercise with the name of its file.
type budgetFile struct {
	path     string
	exercise ballot.Exercise
}

func (h *house) readBudgets(files fs.FS) ([]budgetFile, error) {
	paths, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	budgets, ids := make([]budgetFile, len(paths)), idFiles{}
	for i, path := range paths {
		data, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		e, problems := ballot.ReadFile(data, h.budgetKnown())
		problems = append(ids.twice(e.ID, checked{name: path, data: data}), problems...)
		if len(problems) > 0 {
			return nil, fmt.Errorf("%s:%s (%d to mend; sayso check lists them)", path, problems[0], len(problems))
		}
		budgets[i] = budgetFile{path, e}
	}
	return budgets, h.checkRounds(budgets)
}

// publishBudgetFolder publishes the budget exercises of a folder on disk. If one of them cannot be read, none is
// published.
func (h *house) publishBudgetFolder(ctx context.Context, folder string, tell func(format string, args ...any)) error {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("SAYSO_BUDGETS is %q, but there is no such folder", folder)
	}
	budgets, err := h.readBudgets(os.DirFS(folder))
	if err == nil && len(budgets) == 0 {
		err = fmt.Errorf("SAYSO_BUDGETS is %q, but there is no file (.yaml) in that folder", folder)
	}
	if err != nil {
		return err
	}
	return h.publishBudgets(ctx, budgets, tell)
}

func (h *house) publishBudgets(ctx context.Context, budgets []budgetFile, tell func(format string, args ...any)) error {
	for _, f := range budgets {
		if err := h.publishBudget(ctx, f.exercise, tell); err != nil {
			return fmt.Errorf("publish %s: %w", f.path, h.sentence(err))
		}
		if i := f.exercise.Ideas; i != nil && h.published()[i.Survey] == nil {
			tell("%s takes its ideas from the survey %s, which is not published: its page cannot lead there.", f.exercise.ID, i.Survey)
		}
	}
	return nil
}

func (h *house) publishBudget(ctx context.Context, e ballot.Exercise, tell func(format string, args ...any)) error {
	version, fresh, err := h.ballots.Publish(ctx, e)
	if fault.Is(err, fault.Conflict) { // another server published it at this moment
		version, fresh, err = h.ballots.Publish(ctx, e)
	}
	if err != nil || !fresh {
		return err
	}
	if err := h.audit.Record(ctx, people.CommandLine(), people.ActBudgetPublished, "budget/"+e.ID, e.Area,
		map[string]string{"version": fmt.Sprint(version)}); err != nil {
		return err
	}
	tell("Published %s, version %d.", e.ID, version)
	return nil
}
