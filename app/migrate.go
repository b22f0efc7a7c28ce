package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"sayso/internal/archive"
	"sayso/internal/people"
)

type migrateCommand struct {
	From string `required:"" help:"Where everything is: a data folder, or the URI of a MongoDB." placeholder:"FOLDER|URI"`
	To   string `required:"" help:"Where it goes, which must be empty: a data folder, or the URI of a MongoDB." placeholder:"FOLDER|URI"`
}

// Run copies one store to another and compares the hashes of both.
func (k migrateCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := settled(c)
	if err != nil {
		return err
	}
	at, there := place(c, k.From), place(c, k.To)
	if at.MongoDB == there.MongoDB && at.Database == there.Database && filepath.Clean(at.Data) == filepath.Clean(there.Data) {
		return errors.New("--from and --to are the same")
	}
	from, err := keepThere(ctx, at)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := keep(ctx, there)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if err := people.NewLog(from, h.now).Record(ctx, people.CommandLine(), people.ActMigrated, "store", "", nil); err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	bar := newBar(out, "Copying")
	sums, err := archive.Copy(ctx, from, to, bar.show)
	if errors.Is(err, archive.ErrFull) {
		return fmt.Errorf("%s is not empty, and nothing was written. If an earlier attempt was cut short, remove what it left, and begin again", there.where())
	}
	if err != nil {
		return fmt.Errorf("%w. %s is not complete: remove it, and begin again", err, there.where())
	}
	bar.end()
	say(out, sums)
	now, err := archive.Measure(ctx, from)
	if err != nil {
		return fmt.Errorf("read %s again: %w", at.where(), err)
	}
	if now.All() != sums.All() {
		return fmt.Errorf("%s was written to meanwhile, so that %s lacks something. Stop the server, remove the copy, and begin again", at.where(), there.where())
	}
	fmt.Fprintf(out, "Both hold the same. Keep the secret of the old server, %s, for the new one: without it no key opens what somebody said.\n", at.secretPlace())
	return nil
}

// place is the settings with the store at the folder or URI.
func place(c *Config, where string) *Config {
	p := &Config{Database: c.Database}
	if !strings.HasPrefix(where, "mongodb://") && !strings.HasPrefix(where, "mongodb+srv://") {
		p.Data = where
		return p
	}
	p.MongoDB = where
	_, hosts, _ := strings.Cut(where, "://") // several of them, which net/url does not read
	_, path, _ := strings.Cut(hosts, "/")
	if name, _, _ := strings.Cut(path, "?"); name != "" {
		p.Database = name
	}
	return p
}

// where names the store without its passwords.
func (c *Config) where() string {
	if c.MongoDB == "" {
		return c.Data
	}
	return masked("uri", c.MongoDB) + ", database " + c.Database
}

func (c *Config) secretPlace() string {
	if c.MongoDB == "" {
		return "which stands in the file secret of " + c.Data + " if SAYSO_SECRET was not set"
	}
	return "SAYSO_SECRET"
}
