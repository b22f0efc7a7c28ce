package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"strings"

	"sayso/internal/people"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Follow the chain of the audit log, or of an export of it, and say whether it is whole."`
	Export auditExportCommand `cmd:"" help:"Print the audit log, one entry a line, as JSON."`
}

type auditVerifyCommand struct {
	File string `arg:"" optional:"" help:"An export. Left out: the log in the store." type:"readable"`
	Head string `help:"A head that was written down before, as an earlier check printed it. So it shows when the end of the log was cut off, or the whole of it written anew." placeholder:"NUMBER:HASH"`
}

// Run follows the chain from the first entry to the last.
func (k auditVerifyCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	entries, leave, err := k.entries(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	head, err := readHead(k.Head)
	if err != nil {
		return err
	}
	chain, err := people.Verify(head.watch(entries))
	if err != nil {
		return err
	}
	if chain.Break != people.Whole {
		return fmt.Errorf("the audit log is broken at entry %d: %s", chain.At, chain.Break)
	}
	if !head.met {
		return fmt.Errorf("the audit log does not hold the head that was written down, %s: entries were cut off, or it was written anew", k.Head)
	}
	if chain.Entries == 0 {
		fmt.Fprintln(out, "The audit log is empty.")
		return nil
	}
	fmt.Fprintf(out, "The audit log is whole: %d entries. Its head, to be written down elsewhere: %d:%s\n", chain.Entries, chain.Entries, chain.Head)
	return nil
}

// head is an entry that the log must hold, and whether it was met; the zero number asks for none.
type head struct {
	number int64
	hash   string
	met    bool
}

// readHead reads NUMBER:HASH; an empty text is met already.
func readHead(text string) (*head, error) {
	if text == "" {
		return &head{met: true}, nil
	}
	number, hash, _ := strings.Cut(text, ":")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || len(hash) != hex.EncodedLen(sha256.Size) {
		return nil, fmt.Errorf("--head is NUMBER:HASH, as audit verify prints it, not %q", text)
	}
	return &head{number: n, hash: hash}, nil
}

// watch yields the same entries, and looks for the head among them.
func (h *head) watch(entries iter.Seq2[people.Entry, error]) iter.Seq2[people.Entry, error] {
	return func(yield func(people.Entry, error) bool) {
		for e, err := range entries {
			h.met = h.met || err == nil && e.Number == h.number && e.Hash == h.hash
			if !yield(e, err) {
				return
			}
		}
	}
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
