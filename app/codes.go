package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"sayso/internal/admission"
	"sayso/internal/people"
)

type codesCommand struct {
	Make   codesMakeCommand   `cmd:"" help:"Make a batch of codes and write them to a file, once. Again with the same name it goes on with what was interrupted."`
	List   codesListCommand   `cmd:"" help:"List the batches of a survey or vote."`
	Cancel codesCancelCommand `cmd:"" help:"Cancel a batch: its codes that were not used open nothing any more."`
}

type codesMakeCommand struct {
	Exercise string `arg:"" help:"What the codes open, such as s/worries for a survey or b/summer for a vote."`
	Count    int    `required:"" help:"How many, at most 1000000."`
	Name     string `required:"" help:"What the batch is called, such as \"Year 6\"."`
	Out      string `required:"" help:"File to write, such as year-6.csv. Whoever has it can take part: keep it as safe as the codes on paper." placeholder:"FILE.csv"`
}

// Run makes the batch and writes the file beside its name first, so that a file with that name is whole.
func (k codesMakeCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { h.codes.Close(); err = errors.Join(err, h.store.Close()) }()
	e, area, err := h.closed(k.Exercise)
	if err != nil {
		return err
	}
	if _, err := os.Stat(k.Out); err == nil {
		return fmt.Errorf("%s is there already. Choose another name", k.Out)
	}
	part := k.Out + ".part"
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the codes: %w", err)
	}
	named := false
	defer func() {
		if !named {
			err = errors.Join(err, file.Close(), os.Remove(part))
		}
	}()
	b, err := k.batch(ctx, h, e, area, out)
	if err != nil {
		return h.sentence(err)
	}
	g, err := h.codes.Give(ctx, people.CommandLine(), e, b.ID, admission.CSV)
	if err != nil {
		return h.sentence(err)
	}
	if err := k.write(ctx, h, file, part, g); err != nil {
		return errors.Join(err, g.BreakOff(context.WithoutCancel(ctx)))
	}
	named = true
	if err := g.Done(ctx); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d codes are in %s. They are nowhere else, and cannot be written again.\n", b.Count, k.Out)
	return nil
}

// batch returns a batch of the name whose codes are all made.
func (k codesMakeCommand) batch(ctx context.Context, h *house, e admission.Exercise, area string, out io.Writer) (admission.Batch, error) {
	b, err := k.begun(ctx, h, e, area, out)
	if err != nil || b.State != admission.Making {
		return b, err
	}
	bar := newBar(out, "Making codes")
	if err := h.codes.Fill(ctx, b.ID, func(made, total int) { bar.show(int64(made), int64(total)) }); err != nil {
		return b, err
	}
	bar.end()
	return b, nil
}

// begun is the batch of the name that is there already, or a new one.
func (k codesMakeCommand) begun(ctx context.Context, h *house, e admission.Exercise, area string, out io.Writer) (admission.Batch, error) {
	b, err := h.batch(ctx, e, k.Name)
	if errors.Is(err, errNoBatch) {
		return h.codes.Order(ctx, people.CommandLine(), e, area, k.Name, k.Count)
	}
	switch {
	case err != nil:
		return b, err
	case b.Count != k.Count:
		return b, fmt.Errorf("there is a batch %q of %d codes already. Choose another name", k.Name, b.Count)
	case b.State != admission.Making:
		return b, nil
	}
	fmt.Fprintf(out, "Going on with %q, which was interrupted.\n", k.Name)
	return h.codes.Resume(ctx, people.CommandLine(), e, b.ID)
}

// write writes the codes with their links, durably, and gives the file its name.
func (k codesMakeCommand) write(ctx context.Context, h *house, file *os.File, part string, g *admission.Giving) error {
	w := bufio.NewWriter(file)
	fmt.Fprintln(w, "code,link")
	for code, err := range g.Codes(ctx) {
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s,%s/i/%s\n", code, h.address(), string(code))
	}
	if err := errors.Join(w.Flush(), file.Sync()); err != nil {
		return fmt.Errorf("write the codes: %w", err)
	}
	if err := errors.Join(file.Close(), os.Rename(part, k.Out)); err != nil {
		return fmt.Errorf("name the file of codes: %w", err)
	}
	return syncFolder(filepath.Dir(k.Out))
}

// address is where people reach the server.
func (h *house) address() string {
	if h.config.URL != "" {
		return strings.TrimSuffix(h.config.URL, "/")
	}
	return "http://" + h.config.Addr
}

var errNoBatch = errors.New("there is no such batch")

// batch returns the batch of the name that was not cancelled; errNoBatch.
func (h *house) batch(ctx context.Context, e admission.Exercise, name string) (admission.Batch, error) {
	all, err := h.codes.List(ctx, e)
	if err != nil {
		return admission.Batch{}, err
	}
	for _, b := range all {
		if b.Name == name && b.State != admission.Cancelled {
			return b, nil
		}
	}
	return admission.Batch{}, errNoBatch
}

// closed returns the survey or vote of the argument, and its area; an error unless it asks for codes.
func (h *house) closed(name string) (admission.Exercise, string, error) {
	var e admission.Exercise
	var area string
	var codes bool
	if id, ok := strings.CutPrefix(name, "b/"); ok {
		v, err := h.ballots.Newest(id)
		if err != nil {
			return "", "", fmt.Errorf("there is no vote %q", id)
		}
		e, area, codes = admission.Budget(id), v.Area, v.Codes
	} else {
		sv, err := h.survey(strings.TrimPrefix(name, "s/"))
		if err != nil {
			return "", "", err
		}
		e, area, codes = admission.Survey(sv.ID), sv.Area, sv.Codes
	}
	if !codes {
		return "", "", fmt.Errorf("%s is open to everybody. For codes write codes: true in its file, before it opens", e)
	}
	return e, area, nil
}

type codesListCommand struct {
	Exercise string `arg:"" help:"What the codes open, such as s/worries or b/summer."`
}

// Run lists the batches, one a line.
func (k codesListCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { h.codes.Close(); err = errors.Join(err, h.store.Close()) }()
	e, _, err := h.closed(k.Exercise)
	if err != nil {
		return err
	}
	all, err := h.codes.List(ctx, e)
	for _, b := range all {
		used := ""
		switch {
		case !b.Tells():
		case b.Used == 0:
			used = "fewer than 10 used"
		default:
			used = fmt.Sprintf("at least %d used", b.Used)
		}
		fmt.Fprintf(out, "%s  %-30s %9d of %-9d %-10s %s\n", b.Day, b.Name, b.Made, b.Count, b.State, used)
	}
	return err
}

type codesCancelCommand struct {
	Exercise string `arg:"" help:"What the codes open, such as s/worries or b/summer."`
	Name     string `arg:"" help:"What the batch is called."`
}

// Run cancels the batch.
func (k codesCancelCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { h.codes.Wait(); err = errors.Join(err, h.store.Close()) }()
	e, _, err := h.closed(k.Exercise)
	if err != nil {
		return err
	}
	b, err := h.batch(ctx, e, k.Name)
	if errors.Is(err, errNoBatch) {
		return fmt.Errorf("there is no batch %q of %s", k.Name, e)
	}
	if err == nil {
		err = h.codes.Cancel(ctx, people.CommandLine(), e, b.ID)
	}
	if err != nil {
		return h.sentence(err)
	}
	fmt.Fprintf(out, "%q is cancelled.\n", k.Name)
	return nil
}
