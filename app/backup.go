package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sayso/internal/archive"
	"sayso/internal/exercise"
	"sayso/internal/people"
	"sayso/internal/store/mongo"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
)

// keeper is a store that can also be read and filled whole, and looked after.
type keeper interface {
	store
	archive.Store
	Inspect(ctx context.Context) (faults []string, err error)
	DropBackground(ctx context.Context, ref survey.Ref) error
}

var (
	_ keeper = (*sqlite.Store)(nil)
	_ keeper = (*mongo.Store)(nil)
)

// errNoStore says that there is nothing to read yet.
var errNoStore = errors.New("there is no store")

// keep opens the store of the settings, without the rooms around it.
func keep(ctx context.Context, c *Config) (keeper, error) {
	s, err := openStore(ctx, c)
	if err != nil {
		return nil, err
	}
	k, ok := s.(keeper)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a store of %T cannot be kept", s), s.Close())
	}
	return k, nil
}

// keepThere is keep for a store that must be there already; errNoStore.
func keepThere(ctx context.Context, c *Config) (keeper, error) {
	if c.MongoDB == "" {
		if _, err := os.Stat(filepath.Join(c.Data, "sayso.db")); errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("%w in %s. Is SAYSO_DATA the folder of the server?", errNoStore, c.Data)
		}
	}
	return keep(ctx, c)
}

// settled reads and checks the settings.
func settled(c *Config) (*house, error) {
	if err := errors.Join(c.readFiles(), c.check()); err != nil {
		return nil, err
	}
	return furnish(c)
}

type backupCommand struct {
	File  string `arg:"" help:"File to write, such as sayso-2026-05-01.gz. It holds what people said: keep it as safe as the store."`
	Force bool   `help:"Overwrite the file if it is there."`
}

// Run writes a backup beside the file, reads it back, and only then gives it its name.
func (k backupCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := settled(c)
	if err != nil {
		return err
	}
	if err := k.vacant(); err != nil {
		return err
	}
	s, err := keepThere(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	// Before the moment that is written, so that the backup itself says that it was made.
	if err := people.NewLog(s, h.now).Record(ctx, people.CommandLine(), people.ActBackedUp, "store", "", nil); err != nil {
		return fmt.Errorf("write into the audit log that a backup is made: %w", err)
	}
	part := k.File + ".part"
	flags := os.O_RDWR | os.O_CREATE | os.O_EXCL
	if k.Force {
		flags = os.O_RDWR | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(part, flags, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there: another backup is on its way, or one was cut short. Remove it, or use --force", part)
	}
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	if err := k.write(ctx, out, file, s, exercise.DayOf(h.now())); err != nil {
		return errors.Join(err, file.Close(), os.Remove(part))
	}
	if err := errors.Join(file.Close(), k.vacant()); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	if err := os.Rename(part, k.File); err != nil {
		return fmt.Errorf("name the backup: %w", err)
	}
	return syncFolder(filepath.Dir(k.File))
}

func (k backupCommand) vacant() error {
	if _, err := os.Stat(k.File); err == nil && !k.Force {
		return fmt.Errorf("%s is there already. Choose another name, or use --force", k.File)
	}
	return nil
}

func (k backupCommand) write(ctx context.Context, out io.Writer, file *os.File, s archive.Source, today exercise.Day) error {
	if err := file.Chmod(0o600); err != nil { // it may have been there with other rights
		return fmt.Errorf("write the backup: %w", err)
	}
	bar := newBar(out, "Writing "+k.File)
	head, sums, err := archive.Write(ctx, file, s, today, bar.show)
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	bar.end()
	if _, err := readBackup(file); err != nil {
		return fmt.Errorf("read the backup back: %w", err)
	}
	say(out, sums)
	if !head.Steady {
		fmt.Fprintln(out, "NOTE: this MongoDB cannot show one moment, so what was written meanwhile may be half in the backup. That needs a replica set, even of one member, of version 5.0 or newer. Until then stop the servers for a backup.")
	}
	fmt.Fprintln(out, "The backup does not hold the server's secret. Keep that elsewhere: without it no key opens what somebody said.")
	return nil
}

// say prints how many documents there are and the hash of them all.
func say(out io.Writer, sums archive.Sums) {
	for _, c := range archive.Collections {
		fmt.Fprintf(out, "  %-12s %9d\n", c, sums[c].Count)
	}
	fmt.Fprintf(out, "The SHA-256 of everything is %s\n", sums.All())
}

// syncFolder makes the names in the folder durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("keep the name of a file: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("keep the name of a file: %w", err)
	}
	return nil
}

// readBackup reads all of the file and checks it.
func readBackup(file *os.File) (*archive.Backup, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the backup: %w", err)
	}
	return archive.Open(file, info.Size())
}

type restoreCommand struct {
	File string `arg:"" help:"A backup." type:"readable"`
}

// Run checks the backup to its last byte before it writes anything, and then that all of it arrived.
func (k restoreCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := settled(c)
	if err != nil {
		return err
	}
	file, err := os.Open(k.File)
	if err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	defer file.Close()
	fmt.Fprintf(out, "Checking %s …\n", k.File)
	b, err := readBackup(file)
	if err != nil {
		return k.refuse(err)
	}
	s, err := keep(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	bar := newBar(out, "Restoring")
	if err := b.Restore(ctx, s, bar.show); err != nil {
		return k.refuse(err)
	}
	bar.end()
	if err := people.NewLog(s, h.now).Record(ctx, people.CommandLine(), people.ActRestored, "store", "", map[string]string{"day": string(b.Header.Day)}); err != nil {
		return fmt.Errorf("everything was restored, but the audit log does not say so: %w", err)
	}
	fmt.Fprintf(out, "Everything of %s (%s) is there:\n", b.Header.Day, b.Header.Engine)
	say(out, b.Sums)
	fmt.Fprintln(out, "Whatever people took back after that day is there again, and whoever was shut out since can sign in. Now run: sayso doctor")
	return nil
}

// refuse says what to do about a backup that was not restored.
func (k restoreCommand) refuse(err error) error {
	switch {
	case errors.Is(err, archive.ErrFull):
		return errors.New("the store is not empty, and nothing was written. Restore into an empty one: set SAYSO_DATA to a new folder, or SAYSO_MONGODB_DATABASE to a new name")
	case errors.Is(err, archive.ErrForeign):
		return fmt.Errorf("%s: %w. Nothing was written. Choose a file that sayso backup wrote", k.File, err)
	case errors.Is(err, archive.ErrDamaged):
		return fmt.Errorf("%s: %w. It is not to be trusted: use another copy of it, or the backup before", k.File, err)
	case errors.Is(err, archive.ErrNewer):
		return fmt.Errorf("%s: %w. Nothing was written. Restore it with that version of Sayso", k.File, err)
	case errors.Is(err, archive.ErrDiffers):
		return fmt.Errorf("%w. Do not use this store: remove it, and restore into a new one", err)
	}
	return fmt.Errorf("restore: %w. What was written so far is not complete: remove that store, and restore into a new one", err)
}
