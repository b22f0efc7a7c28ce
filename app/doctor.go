package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"sayso/internal/admission"
	"sayso/internal/archive"
	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/people"
	"sayso/internal/survey"
)

type doctorCommand struct {
	Mend bool `help:"Also finish or remove what was left half done. It harms nothing that is still on its way."`
}

// settling is how long a write to several servers may take: what was half there for longer will not become whole.
const settling = 30 * time.Second

// Run looks the store over and says what to do; an error when something must be mended.
func (k doctorCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := settled(c)
	if err != nil {
		return err
	}
	s, err := keepThere(ctx, c)
	if errors.Is(err, errNoStore) {
		return err
	}
	if err != nil {
		return fmt.Errorf("the store cannot be opened: %w. If it is damaged, keep it as it is for those who may rescue something, and restore the last backup into a new one: sayso restore", err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	d := &doctor{store: s, surveys: survey.NewService(s, h.now), ballots: ballot.NewService(s, people.NewLog(s, h.now), h.now), areas: h.areas, out: out}
	if s.Engine() != "sqlite" { // there all of a write is seen or nothing
		d.settle = settling
	}
	if d.secrets, err = c.secretsThere(); err != nil {
		return err
	}
	troubles := d.examine(ctx)
	if k.Mend && slices.ContainsFunc(troubles, func(t trouble) bool { return len(t.cures) > 0 }) {
		err := d.cure(ctx, troubles)
		said := map[string]string{"troubles": strconv.Itoa(len(troubles))}
		if err := errors.Join(err, people.NewLog(s, h.now).Record(ctx, people.CommandLine(), people.ActMended, "store", "", said)); err != nil {
			return err
		}
		fmt.Fprintln(out, "\nLooking again:")
		troubles = d.examine(ctx)
	}
	if len(troubles) > 0 {
		return errSaid
	}
	return nil
}

var errNoSecret = errors.New("the server's secret is not there")

// secretsThere is secrets without making one.
func (c *Config) secretsThere() (people.Secrets, error) {
	file := filepath.Join(c.Data, "secret")
	if c.Secret == "" && c.MongoDB == "" {
		if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
			return people.Secrets{}, fmt.Errorf("%w: put back %s, or set SAYSO_SECRET. Without it no key opens what somebody said", errNoSecret, file)
		}
	}
	return c.secrets()
}

// doctor looks a store over.
type doctor struct {
	store   keeper
	surveys *survey.Service
	areas   exercise.Areas
	ballots *ballot.Service
	secrets people.Secrets
	settle  time.Duration
	out     io.Writer
}

// trouble is something that must be mended: by its cures or, if it has none, by a person.
type trouble struct {
	text  string
	cures []func(context.Context) error
}

// examine prints what is fine and what is not, and returns the troubles.
func (d *doctor) examine(ctx context.Context) (all []trouble) {
	for _, check := range []struct {
		fine string
		look func(context.Context) ([]trouble, error)
	}{
		{"the " + d.store.Engine() + " store is sound, and its indexes are there", d.engine},
		{"what belongs together is together", d.belongings},
		{"what budget exercises name is there", d.links},
		{"the ledgers add up", d.ledgers},
		{"the audit log is whole", d.audit},
		{"the secrets in force open what was sealed", d.sealed},
	} {
		troubles, err := check.look(ctx)
		if err != nil {
			troubles = append(troubles, trouble{text: fmt.Sprintf("it could not be seen whether %s: %v", check.fine, err)})
		}
		if len(troubles) == 0 {
			fmt.Fprintf(d.out, "Fine: %s.\n", check.fine)
		}
		for _, t := range troubles {
			fmt.Fprintf(d.out, "MEND: %s.\n", t.text)
		}
		all = append(all, troubles...)
	}
	return all
}

// cure mends what can be mended, in the order in which it was found.
func (d *doctor) cure(ctx context.Context, troubles []trouble) error {
	if d.settle > 0 {
		fmt.Fprintf(d.out, "\nWaiting %v for what may be on its way …\n", d.settle)
		select {
		case <-time.After(d.settle):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := d.surveys.Refresh(ctx); err != nil {
		return err
	}
	for _, t := range troubles {
		failed, why := 0, error(nil)
		for _, cure := range t.cures {
			if err := cure(ctx); err != nil {
				failed, why = failed+1, err
			}
		}
		if failed > 0 {
			fmt.Fprintf(d.out, "%d of %d could not be mended; the last because: %v\n", failed, len(t.cures), why)
		}
	}
	return nil
}

func (d *doctor) engine(ctx context.Context) (troubles []trouble, err error) {
	faults, err := d.store.Inspect(ctx)
	for _, f := range faults {
		troubles = append(troubles, trouble{text: f})
	}
	return troubles, err
}

func (d *doctor) audit(ctx context.Context) ([]trouble, error) {
	chain, err := people.Verify(d.store.Entries(ctx, 1))
	if err != nil || chain.Break == people.Whole {
		return nil, err
	}
	return []trouble{{text: fmt.Sprintf("the audit log is broken at entry %d (%s): somebody changed it. Compare it with a backup from before", chain.At, chain.Break)}}, nil
}

// totpPurpose is what people seals the secret of an authenticator for, before the id of its owner.
const totpPurpose = "totp of "

// sealed looks whether the secrets in force open the authenticators of staff and the seeds of invitation codes, and know
// the keys of receipts and the codes on paper.
func (d *doctor) sealed(ctx context.Context) ([]trouble, error) {
	l := locked{inForce: map[string]bool{}, keys: map[string]int{}, codes: map[string]int{}, sheets: map[string]int{}}
	for one := range strings.SplitSeq(d.secrets.Encode(), ",") {
		id, _, _ := strings.Cut(one, ":")
		l.inForce[id] = true
	}
	err := d.store.View(ctx, func(v archive.View) error {
		return errors.Join(
			each(v, "staff", func(m people.Staff) { l.sealed(&l.staff, d.secrets, totpPurpose+m.ID, m.TOTP) }),
			each(v, "receipts", func(r people.Receipt) { l.hashed(l.keys, r.Hash) }),
			each(v, "code_batches", func(b admission.Batch) { l.sealed(&l.seeds, d.secrets, seedPurpose+b.ID, b.Seed) }),
			each(v, "codes", func(s admission.Slip) { l.hashed(l.codes, s.Hash) }),
			each(v, "sheets", func(s ballot.Sheet) {
				if s.State != ballot.Counted && s.State != ballot.Spoilt {
					l.hashed(l.sheets, s.Hash)
				}
			}))
	})
	return l.troubles(), err
}

// seedPurpose is what admission seals the seed of a batch for, before the id of the batch.
const seedPurpose = "codes of "

// locked is what the secrets in force do not open: how many, or how many by the secret that is missing.
type locked struct {
	inForce             map[string]bool
	staff, seeds        int
	keys, codes, sheets map[string]int
}

func (l *locked) sealed(count *int, secrets people.Secrets, purpose, text string) {
	if _, err := secrets.Open(purpose, text); err != nil && text != "" {
		*count++
	}
}

func (l *locked) hashed(count map[string]int, hash string) {
	if id, _, _ := strings.Cut(hash, ":"); !l.inForce[id] {
		count[id]++
	}
}

func (l *locked) troubles() (out []trouble) {
	say := func(format string, args ...any) { out = append(out, trouble{text: fmt.Sprintf(format, args...)}) }
	if l.staff > 0 {
		say("the codes of %d members of staff cannot be checked by the secrets in force, so that they cannot sign in. Put the old secret behind the new one in SAYSO_SECRET, or invite them again: sayso staff add", l.staff)
	}
	if l.seeds > 0 {
		say("the codes of %d batches that nobody has downloaded cannot be written by the secrets in force. Put the old secret behind the new one in SAYSO_SECRET, or cancel them", l.seeds)
	}
	for id, n := range l.keys {
		say("%d keys were made with the secret %q, which is not in force, so that they open nothing. Put it behind the new one in SAYSO_SECRET", n, id)
	}
	for id, n := range l.codes {
		say("%d invitation codes were made with the secret %q, which is not in force, so that they open nothing. Put it behind the new one in SAYSO_SECRET", n, id)
	}
	for id, n := range l.sheets {
		say("%d paper ballots were made with the secret %q, which is not in force, so that they cannot be typed in. Put it behind the new one in SAYSO_SECRET", n, id)
	}
	return out
}

// ledgers counts each survey as reports do, and compares that with how many responses are said to be there.
func (d *doctor) ledgers(ctx context.Context) (troubles []trouble, err error) {
	logs := map[survey.Range]bool{}
	err = d.store.View(ctx, func(v archive.View) error {
		for sv, err := range typed[survey.Survey](v, "surveys") {
			if err != nil {
				return err
			}
			logs[survey.Range{Area: sv.Area, Survey: sv.ID}] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for r := range logs {
		t, err := d.ledger(ctx, r)
		if err != nil {
			return troubles, err
		}
		troubles = append(troubles, t...)
	}
	return troubles, nil
}

// ledger compares with the counts before and after, since people may go on answering.
func (d *doctor) ledger(ctx context.Context, log survey.Range) ([]trouble, error) {
	before, err := d.store.CountResponses(ctx, log.Area, log.Survey)
	if err != nil {
		return nil, err
	}
	counted, withdrawn := 0, 0
	for r, err := range d.store.Scan(ctx, survey.Range{Area: log.Area, Survey: log.Survey}) {
		switch {
		case err != nil:
			return nil, err
		case r.Withdrawn:
			withdrawn++
		default:
			counted++
		}
	}
	after, err := d.store.CountResponses(ctx, log.Area, log.Survey)
	if err != nil || before <= counted+withdrawn && counted+withdrawn <= after {
		return nil, err
	}
	return []trouble{{text: fmt.Sprintf("the ledger of %s does not add up: %d counted and %d withdrawn are not %d received. Make no report of it before that is mended",
		log.Survey, counted, withdrawn, after)}}, nil
}
