package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"sayso/internal/fault"
	"sayso/internal/people"
)

type reportCommand struct {
	Survey string `arg:"" help:"Id of the survey."`
}

// Run makes a snapshot and says where to approve it.
func (k reportCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	if _, err := h.survey(k.Survey); err != nil {
		return err
	}
	r, err := h.reports.Make(ctx, people.CommandLine(), k.Survey)
	if err != nil {
		return h.sentence(err)
	}
	fmt.Fprintf(out, "Report %d of %s is made. Staff read and approve it at /staff/surveys/%s/reports/%d\n", r.Number, r.Survey, r.Survey, r.Number)
	return nil
}

// worded is an error in a sentence for whoever runs a command.
type worded struct {
	sentence string
	cause    error
}

func (w worded) Error() string { return w.sentence }

func (w worded) Unwrap() error { return w.cause }

// sentence says a fault in English, with its cause, for whoever runs a command.
func (h *house) sentence(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	l := h.locales.Choose("en", "", "")
	if !l.Has(f.Key) {
		return err
	}
	var args []any
	for name, value := range f.Args {
		args = append(args, name, value)
	}
	sentence := l.T(f.Key, args...)
	if f.Unwrap() == nil && err.Error() == f.Error() { // there is no more to say
		return worded{sentence, err}
	}
	return fmt.Errorf("%s (%w)", sentence, err)
}
