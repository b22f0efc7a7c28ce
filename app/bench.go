package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"sayso/internal/theme"
)

type benchCommand struct {
	Pages  benchPagesCommand  `cmd:"" help:"How fast question pages are, against a bare handler."`
	Save   benchSaveCommand   `cmd:"" help:"How fast answers are saved, durably, and how long people wait for it."`
	Scale  benchScaleCommand  `cmd:"" help:"How long a country takes: importing, reports and exports of half a million responses."`
	Budget benchBudgetCommand `cmd:"" help:"How fast ballots are read and counted, against pabutools."`
	Themes benchThemesCommand `cmd:"" help:"How well a codebook finds the themes that people found."`
}

type benchThemesCommand struct {
	Codebook string `default:"nhs-v6" help:"Id of the codebook."`
	JSON     bool   `help:"As JSON: rows of name, value, unit, at_least."`
	File     string `arg:"" optional:"" default:"../shared/data/nhs-comments/v6framework_shared.csv" help:"Table of comments with the themes that people gave them."`
}

var errMissed = errors.New("a figure falls short of its bar")

// Run prints precision, recall and F1 of every theme.
func (k benchThemesCommand) Run(c *Config, out io.Writer) (err error) {
	h, err := furnish(c)
	if err != nil {
		return err
	}
	book, ok := h.books[k.Codebook]
	if !ok {
		return fmt.Errorf("there is no codebook %q; there are %s", k.Codebook, strings.Join(slices.Sorted(maps.Keys(h.books)), ", "))
	}
	file, err := os.Open(k.File)
	if err != nil {
		return fmt.Errorf("the comments cannot be read (%w); name the table that holds them", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	m, err := theme.Measure(book, file)
	if err != nil {
		return err
	}
	if k.JSON {
		err = json.NewEncoder(out).Encode(map[string]any{"rows": m.Figures()})
	} else {
		k.table(out, m)
	}
	if err == nil && !m.GoodEnough() {
		return errMissed
	}
	return err
}

func (k benchThemesCommand) table(out io.Writer, m theme.Measurement) {
	fmt.Fprintf(out, "%d comments, identical ones counted once, %d themes of %s\n\n", m.Comments, len(m.Themes), k.Codebook)
	fmt.Fprintf(out, "%-50s %9s %9s %6s %7s\n", "theme", "precision", "recall", "F1", "people")
	for _, t := range m.Themes {
		fmt.Fprintf(out, "%-50s %9.2f %9.2f %6.2f %7d\n", t.Name, t.Precision, t.Recall, t.F1, t.Both+t.People)
	}
	fmt.Fprintln(out)
	for _, f := range m.Figures()[:2] {
		fmt.Fprintf(out, "%-50s %.3f (at least %.2f)\n", f.Name, f.Value, *f.AtLeast)
	}
}
