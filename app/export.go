package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"sayso/internal/people"
	"sayso/internal/report"
)

type exportCommand struct {
	Responses exportResponsesCommand `cmd:"" help:"Write what people answered as a table, one row each, without what they told about themselves."`
}

type exportResponsesCommand struct {
	Survey   string `arg:"" help:"Id of the survey."`
	Format   string `default:"csv" enum:"csv,xlsx" help:"csv or xlsx."`
	Language string `default:"en" help:"Language of the headings and of the answers to choose from."`
	Output   string `arg:"" help:"File to write. It holds what people wrote: keep it as safe as the store."`
}

// Run writes the table beside the file, and gives it its name when all of it is there.
func (k exportResponsesCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	if _, err := h.survey(k.Survey); err != nil {
		return err
	}
	if _, err := os.Stat(k.Output); err == nil {
		return fmt.Errorf("%s is there already. Choose another name", k.Output)
	}
	l, ok := h.locales.Locale(k.Language)
	if !ok {
		var tags []string
		for _, known := range h.locales.Locales() {
			tags = append(tags, known.Tag)
		}
		return fmt.Errorf("there is no language %q; there are %s", k.Language, strings.Join(tags, ", "))
	}
	a, err := h.reports.Answers(ctx, people.CommandLine(), k.Survey, report.Format(k.Format), report.Naming{Lang: l.Tag, Words: l.T,
		Language: func(tag string) string { return tag }})
	if err != nil {
		return h.sentence(err)
	}
	part := k.Output + ".part"
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	sum, err := a.Write(ctx, file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(h.sentence(err), os.Remove(part))
	}
	if err := os.Rename(part, k.Output); err != nil {
		return fmt.Errorf("name the table: %w", err)
	}
	fmt.Fprintf(out, "%d rows in %s: of %d responses %d were taken back and %d are held back.\n",
		sum.Rows, k.Output, sum.Received, sum.Withdrawn, sum.Held)
	return syncFolder(filepath.Dir(k.Output))
}
