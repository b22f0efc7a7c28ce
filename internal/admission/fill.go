package admission

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
)

const (
	portion     = 4000             // slips written at a time; others write between them
	fillingHold = 30 * time.Second // after the last portion a batch counts as interrupted
)

// errLost says that the batch is another's now, or was cancelled.
var errLost = errors.New("the batch is not ours to make any more")

// Progress is told how many codes of how many are written.
type Progress func(made, total int)

// Resume goes on with a batch whose making was interrupted. Conflict if somebody is at it, or it is made. For authors and
// analysts.
func (s *Service) Resume(ctx context.Context, by people.Staff, e Exercise, id string) (Batch, error) {
	if err := mayMake(by); err != nil {
		return Batch{}, err
	}
	b, err := s.Batch(ctx, e, id)
	switch {
	case err != nil:
		return Batch{}, err
	case b.State != Making || b.Held(s.instant()):
		return Batch{}, errBusy
	}
	return b, s.record(ctx, by, people.ActCodesResumed, &b, nil)
}

// FillBehind writes the codes of the batch in the background, until Close; tell hears how it ended.
func (s *Service) FillBehind(id string, tell func(error)) {
	s.making.Go(func() { tell(s.Fill(s.behind, id, nil)) })
}

// Fill writes the codes of the batch, and makes it ready when all are there. Only one server does so at a time: Conflict
// for another. What was interrupted goes on where it was. progress may be nil.
func (s *Service) Fill(ctx context.Context, id string, progress Progress) (err error) {
	me := exercise.NewID()
	b, err := s.store.UpdateBatch(ctx, id, func(b *Batch) error {
		if b.State != Making || b.Held(s.instant()) {
			return errBusy
		}
		b.Holder, b.HeldTo = me, s.instant().Add(fillingHold)
		return nil
	})
	if err != nil {
		return err
	}
	f := &filling{Service: s, me: me, b: b, progress: progress}
	err = f.fill(ctx)
	if errors.Is(err, errLost) {
		return f.lost(ctx)
	}
	if err != nil {
		return errors.Join(err, f.letGo(context.WithoutCancel(ctx)))
	}
	return nil
}

// filling is one making of a batch.
type filling struct {
	*Service
	me       string
	b        Batch
	urn      *urn
	progress Progress
}

// fill draws the codes, writes them, and draws others for those that are taken.
func (f *filling) fill(ctx context.Context) error {
	seed, err := f.seed(&f.b)
	if err != nil {
		return err
	}
	if err := f.sameSecret(ctx); err != nil {
		return err
	}
	f.urn = newUrn(seed, &f.b)
	written := 0
	for want := f.b.Count; want > 0; {
		todo, err := f.urn.drawMany(want, f.secrets)
		if err != nil {
			return err
		}
		want = 0
		for part := range slices.Chunk(todo, portion) {
			taken, err := f.write(ctx, part)
			if err != nil {
				return err
			}
			want += len(taken)
			written += len(part) - len(taken)
			if err := f.keep(ctx, written, taken); err != nil {
				return err
			}
		}
	}
	return f.finish(ctx)
}

// sameSecret begins anew where the codes that are there were hashed by a secret that is no longer the newest: hashed by
// another one each could be spent twice.
func (f *filling) sameSecret(ctx context.Context) error {
	now := newest(f.secrets)
	if f.b.Secret == now {
		return nil
	}
	if f.b.Secret != "" {
		if err := f.drop(ctx, f.b.ID); err != nil {
			return err
		}
	}
	return f.update(ctx, func(b *Batch) { b.Secret, b.Made, b.Dropped = now, 0, nil })
}

// write writes slips and returns the draws that are codes of other batches.
func (f *filling) write(ctx context.Context, part []drawn) (taken []uint32, err error) {
	at := make(map[string]uint32, len(part))
	hashes := make([]string, 0, len(part))
	older, err := f.older(ctx, part)
	if err != nil {
		return nil, err
	}
	for _, d := range part {
		if older[d.at] {
			taken = append(taken, d.at)
			continue
		}
		hash := f.b.Secret + ":" + hex.EncodeToString(d.hash[:])
		at[hash] = d.at
		hashes = append(hashes, hash)
	}
	others, err := f.store.AddSlips(ctx, f.b.ID, hashes)
	if err != nil {
		return nil, fmt.Errorf("write codes: %w", err)
	}
	for _, hash := range others {
		taken = append(taken, at[hash])
	}
	return taken, nil
}

// older returns the draws that are codes already, hashed by an older secret in force.
func (f *filling) older(ctx context.Context, part []drawn) (map[uint32]bool, error) {
	var hashes []string
	at := map[string]uint32{}
	for _, d := range part {
		code, err := f.urn.code(d.at)
		if err != nil {
			return nil, err
		}
		all := f.secrets.HashesOfCode(purpose, code)
		if len(all) == 1 {
			return nil, nil
		}
		for _, hash := range all[1:] {
			hashes = append(hashes, hash)
			at[hash] = d.at
		}
	}
	there, err := f.store.SlipsThere(ctx, hashes)
	if err != nil {
		return nil, fmt.Errorf("look for codes that are taken: %w", err)
	}
	out := map[uint32]bool{}
	for _, hash := range there {
		out[at[hash]] = true
	}
	return out, nil
}

// keep notes how far it is.
func (f *filling) keep(ctx context.Context, written int, taken []uint32) error {
	err := f.update(ctx, func(b *Batch) {
		b.Made = max(b.Made, written)
		b.Dropped = append(b.Dropped, taken...)
	})
	if err == nil && f.progress != nil {
		f.progress(written, f.b.Count)
	}
	return err
}

// finish makes the batch ready, if every code is there.
func (f *filling) finish(ctx context.Context) error {
	made, _, err := f.store.CountSlips(ctx, f.b.ID)
	if err != nil {
		return fmt.Errorf("count the codes: %w", err)
	}
	if made != f.b.Count {
		return fmt.Errorf("the batch %s has %d codes, not %d: cancel it, and make another", f.b.ID, made, f.b.Count)
	}
	return f.update(ctx, func(b *Batch) { b.State, b.Made, b.Holder, b.HeldTo = Ready, b.Count, "", time.Time{} })
}

// update changes the batch while it is ours, and says that we are still at it.
func (f *filling) update(ctx context.Context, change func(*Batch)) error {
	b, err := f.store.UpdateBatch(ctx, f.b.ID, func(b *Batch) error {
		if b.State != Making || b.Holder != f.me {
			return errLost
		}
		b.HeldTo = f.instant().Add(fillingHold)
		change(b)
		return nil
	})
	if err == nil {
		f.b = b
	}
	return err
}

// letGo lets others go on.
func (f *filling) letGo(ctx context.Context) error {
	err := f.update(ctx, func(b *Batch) { b.Holder, b.HeldTo = "", time.Time{} })
	if errors.Is(err, errLost) {
		return nil
	}
	return err
}

// lost forgets what was written of a batch that was cancelled meanwhile.
func (f *filling) lost(ctx context.Context) error {
	b, err := f.store.Batch(ctx, f.b.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if b.State == Cancelled {
		return errors.Join(errCancelled, f.drop(ctx, f.b.ID))
	}
	return errBusy
}
