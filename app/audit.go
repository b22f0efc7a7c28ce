package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"sayso/internal/people"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Follow the chain of the audit log, or of an export of it, and say whether it is whole."`
	Export auditExportCommand `cmd:"" help:"Print the audit log, one entry a line, as JSON."`
}

type auditVerifyCommand struct {
	File string `arg:"" optional:"" help:"An export. Left out: the log in the store." type:"readable"`
}

// Run follows the chain from the first entry to the last.
func (k auditVerifyCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	entries, leave, err := k.entries(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	chain, err := people.Verify(entries)
	if err != nil {
		return err
	}
	if chain.Break != people.Whole {
		return fmt.Errorf("the audit log is broken at entry %d: %s", chain.At, chain.Break)
	}
	if chain.Entries == 0 {
		fmt.Fprintln(out, "The audit log is empty.")
		return nil
	}
	fmt.Fprintf(out, "The audit log is whole: %d entries, the last with the hash %s.\n", chain.Entries, chain.Head)
	return nil
}

// entries are those of the file or, if none is named, of the store. Call leave when they were read.
func (k auditVerifyCommand) entries(ctx context.Context, c *Config) (entries iter.Seq2[people.Entry, error], leave func() error, err error) {
	if k.File != "" {
		file, err := os.Open(k.File)
		if err != nil {
			return nil, nil, fmt.Errorf("open the export: %w", err)
		}
		return exported(file), file.Close, nil
	}
	h, err := open(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	return h.store.Entries(ctx, 1), h.store.Close, nil
}

// exported yields the entries of an export.
func exported(in io.Reader) iter.Seq2[people.Entry, error] {
	return func(yield func(people.Entry, error) bool) {
		for lines := json.NewDecoder(in); ; {
			var e people.Entry
			err := lines.Decode(&e)
			if errors.Is(err, io.EOF) || !yield(e, err) || err != nil {
				return
			}
		}
	}
}

type auditExportCommand struct{}

// Run prints every entry, from the first to the last.
func (auditExportCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	lines := json.NewEncoder(out)
	for e, err := range h.store.Entries(ctx, 1) {
		if err == nil {
			err = lines.Encode(e)
		}
		if err != nil {
			return fmt.Errorf("export the audit log: %w", err)
		}
	}
	return nil
}
