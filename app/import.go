package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"sayso/internal/fault"
	"sayso/internal/intake"
	"sayso/internal/people"
	"sayso/internal/survey"
)

type importCommand struct {
	Responses importResponsesCommand `cmd:"" help:"Import responses to a survey from a table (CSV or XLSX)."`
}

type importResponsesCommand struct {
	Survey  string `required:"" help:"Id of the survey they answer."`
	Mapping string `required:"" help:"File that says which column answers which question; see content/imports for one." type:"readable"`
	DryRun  bool   `help:"Only say what would be imported."`
	Input   string `arg:"" help:"The table: CSV or XLSX." type:"readable"`
}

// Run imports the table. Running it twice doubles nothing, and leaves who is there already as they are.
func (k importResponsesCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	data, err := os.ReadFile(k.Mapping)
	if err != nil {
		return fmt.Errorf("read the mapping: %w", err)
	}
	mapping, err := intake.ParseMapping(k.Mapping, data)
	if err != nil {
		return unusable(out, err)
	}
	sv, err := h.survey(k.Survey)
	if err != nil {
		return err
	}
	if problems := intake.Check(mapping, *sv); len(problems) > 0 {
		for _, p := range problems {
			fmt.Fprintf(out, "%s:%s\n", k.Mapping, p)
		}
		return errSaid
	}
	file, err := os.Open(k.Input)
	if err != nil {
		return fmt.Errorf("open the table: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("look at the table: %w", err)
	}
	bar := newBar(out, "Reading "+k.Input)
	result, err := intake.Run(ctx, intake.Options{Survey: *sv, Mapping: mapping, Input: file, Size: info.Size(), Key: h.secrets.Derive("import"),
		Today: h.surveys.Today(), DryRun: k.DryRun, Progress: bar.show}, h.store)
	bar.end()
	if result.Rows > 0 {
		k.say(out, result)
	}
	if err := errors.Join(err, k.record(ctx, h, sv, result)); err != nil { // recorded also where it broke off midway
		return unusable(out, err)
	}
	if result.Rows == 0 {
		return fmt.Errorf("%s has no rows below its heading: nothing was imported", k.Input)
	}
	if result.Refused == result.Rows {
		return errSaid
	}
	return nil
}

// record says in the log what changed, if anything did.
func (k importResponsesCommand) record(ctx context.Context, h *house, sv *survey.Survey, r intake.Result) error {
	if k.DryRun || r.Kept+r.Withdrawn == 0 {
		return nil
	}
	what := map[string]string{"kept": fmt.Sprint(r.Kept)}
	if r.Withdrawn > 0 {
		what["withdrawn"] = fmt.Sprint(r.Withdrawn)
	}
	return h.audit.Record(ctx, people.CommandLine(), people.ActImported, "survey/"+sv.ID, sv.Area, what)
}

// unusable says what is wrong with a mapping or a table that cannot be used, in sentences alone.
func unusable(out io.Writer, err error) error {
	if m, ok := errors.AsType[*intake.MappingError](err); ok {
		fmt.Fprintln(out, m)
		return errSaid
	}
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.Invalid && f.Unwrap() != nil {
		return fmt.Errorf("the table cannot be used: %w", f.Unwrap())
	}
	return err
}

const mostListed = 50 // refusals printed one by one

func (k importResponsesCommand) say(out io.Writer, r intake.Result) {
	kept, taken := "kept", "were"
	if k.DryRun {
		kept, taken = "would be kept", "would be"
	}
	fmt.Fprintf(out, "%d rows: %d responses %s, %d were there before and stay as they are, %d rows joined another of the same person, %d empty, %d refused.\n",
		r.Rows, r.Kept, kept, r.There, r.Merged, r.Empty, r.Refused)
	if r.Withdrawn > 0 {
		fmt.Fprintf(out, "%d responses of people who declined since %s taken back.\n", r.Withdrawn, taken)
	}
	if r.Note != "" {
		fmt.Fprintln(out, r.Note)
	}
	for i, refusal := range r.Refusals {
		if i == mostListed {
			fmt.Fprintf(out, "… and %d more.\n", r.Refused-mostListed)
			break
		}
		fmt.Fprintln(out, refusal)
	}
	for _, cell := range r.Unlisted {
		fmt.Fprintln(out, cell)
	}
}

// bar shows how far a long job has come: on a terminal as it goes, elsewhere every tenth.
type bar struct {
	out      io.Writer
	what     string
	terminal bool
	shown    int64 // of a hundred, on a terminal
	tenth    int64
}

func newBar(out io.Writer, what string) *bar {
	b := &bar{out: out, what: what, shown: -1, tenth: -1}
	if file, ok := out.(*os.File); ok {
		info, err := file.Stat()
		b.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return b
}

func (b *bar) show(done, total int64) {
	if total <= 0 {
		return
	}
	if b.terminal {
		b.draw(done * 100 / total)
		return
	}
	if t := done * 10 / total; t > b.tenth {
		b.tenth = t
		fmt.Fprintf(b.out, "%s: %d %%\n", b.what, t*10)
	}
}

// draw draws the bar over the one before.
func (b *bar) draw(percent int64) {
	if percent <= b.shown {
		return
	}
	b.shown = percent
	full := int(percent / 4)
	fmt.Fprintf(b.out, "\r%s: [%s%s] %3d %%", b.what, strings.Repeat("#", full), strings.Repeat("-", 25-full), percent)
}

func (b *bar) end() {
	if b.shown >= 0 {
		b.draw(100)
		fmt.Fprintln(b.out)
		return
	}
	if b.tenth >= 0 && b.tenth < 10 {
		fmt.Fprintf(b.out, "%s: done\n", b.what)
	}
}
