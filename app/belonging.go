package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"iter"

	"sayso/internal/archive"
	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/survey"
)

// typed yields the documents of a collection as what they are.
func typed[T any](v archive.View, collection string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for doc, err := range v.Each(collection) {
			var one T
			if err == nil {
				err = json.Unmarshal(doc, &one)
			}
			if err != nil {
				err = fmt.Errorf("read %s: %w", collection, err)
			}
			if !yield(one, err) || err != nil {
				return
			}
		}
	}
}

// each shows every document of a collection to see.
func each[T any](v archive.View, collection string, see func(T)) error {
	for one, err := range typed[T](v, collection) {
		if err != nil {
			return err
		}
		see(one)
	}
	return nil
}

// spoken is what matters here of a response, and of a background.
type spoken struct {
	survey.Ref
	Version   int             `json:"version"`
	Withdrawn bool            `json:"withdrawn"`
	About     []survey.Answer `json:"about"`
}

// suspects are what looks wrong in one moment of the store; it may be all right in the next.
type suspects struct {
	seed      maphash.Seed
	there     map[uint64]bool // hashes of the refs of responses and of the ids of drafts: 16 bytes and a few for each
	versions  map[string]bool
	unsent    []survey.Draft   // sent, and still there
	alone     []survey.Ref     // backgrounds without their response
	kept      []survey.Ref     // backgrounds of what was withdrawn
	bare      int              // responses without their background
	unwritten map[string]int   // "survey version": responses that name a version that is not there
	idle      []people.Receipt // receipts that open nothing
	codes     batches
	halfway   []ballot.Sheet // paper ballots that were being made ballots
}

// belongings looks whether drafts, responses, backgrounds, receipts and versions of surveys belong together.
func (d *doctor) belongings(ctx context.Context) ([]trouble, error) {
	s := &suspects{seed: maphash.MakeSeed(), there: map[uint64]bool{}, versions: map[string]bool{}, unwritten: map[string]int{}}
	if err := d.store.View(ctx, s.walk); err != nil {
		return nil, err
	}
	return d.confirm(ctx, s)
}

func (s *suspects) hash(parts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	for _, p := range parts {
		_, _ = h.WriteString(p)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

func (s *suspects) hashOf(r survey.Ref) uint64 { return s.hash(r.Area, r.Survey, string(r.Day), r.ID) }

func versionName(id string, version int) string { return fmt.Sprintf("%s %d", id, version) }

func (s *suspects) walk(v archive.View) error {
	for sv, err := range typed[survey.Survey](v, "surveys") {
		if err != nil {
			return err
		}
		s.versions[versionName(sv.ID, sv.Version)] = true
	}
	for b, err := range typed[ballot.Ballot](v, "ballots") {
		if err != nil {
			return err
		}
		s.there[s.hash(b.ID)] = true
	}
	for sh, err := range typed[ballot.Sheet](v, "sheets") {
		if err != nil {
			return err
		}
		if sh.State == ballot.Becoming {
			s.halfway = append(s.halfway, sh)
		}
	}
	for d, err := range typed[survey.Draft](v, "drafts") {
		if err != nil {
			return err
		}
		s.there[s.hash(d.ID)] = true
		if d.Submitted != "" {
			s.unsent = append(s.unsent, d)
		}
	}
	if err := s.join(v); err != nil {
		return err
	}
	if err := s.codes.walk(v); err != nil {
		return err
	}
	for rc, err := range typed[people.Receipt](v, "receipts") {
		if err != nil {
			return err
		}
		if !s.there[s.hash(rc.Draft)] && !s.there[s.hashOf(refOf(rc))] {
			s.idle = append(s.idle, rc)
		}
	}
	return nil
}

func refOf(rc people.Receipt) survey.Ref {
	return survey.Ref{Area: rc.Area, Survey: rc.Survey, Day: exercise.Day(rc.Day), ID: rc.Draft}
}

func compareRefs(a, b survey.Ref) int {
	return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.Survey, b.Survey), cmp.Compare(a.Day, b.Day), cmp.Compare(a.ID, b.ID))
}

// join reads responses and backgrounds side by side, which stand in the same order.
func (s *suspects) join(v archive.View) error {
	next, stop := iter.Pull2(typed[spoken](v, "backgrounds"))
	defer stop()
	about, err, more := next()
	for r, rerr := range typed[spoken](v, "responses") {
		if rerr != nil {
			return rerr
		}
		s.there[s.hashOf(r.Ref)] = true
		if name := versionName(r.Survey, r.Version); !s.versions[name] {
			s.unwritten[name]++
		}
		for ; more && err == nil && compareRefs(about.Ref, r.Ref) < 0; about, err, more = next() {
			s.alone = append(s.alone, about.Ref)
		}
		switch {
		case err != nil:
			return err
		case !more || about.Ref != r.Ref:
			s.bare++
			continue
		case r.Withdrawn && len(about.About) > 0:
			s.kept = append(s.kept, r.Ref)
		}
		about, err, more = next()
	}
	for ; more && err == nil; about, err, more = next() {
		s.alone = append(s.alone, about.Ref)
	}
	return err
}

// confirm looks at each suspect again, as it is now, and says how to mend those that remain. What finishes something
// comes before what removes.
func (d *doctor) confirm(ctx context.Context, s *suspects) ([]trouble, error) {
	var all []trouble
	say := func(format string, cures []func(context.Context) error, err error) error {
		if len(cures) > 0 {
			all = append(all, trouble{fmt.Sprintf(format, len(cures)), cures})
		}
		return err
	}
	sent, err := still(ctx, s.unsent, d.stillUnsent, d.send)
	if err := say("%d drafts were sent and are still there, perhaps without their response. sayso doctor --mend finishes sending them", sent, err); err != nil {
		return nil, err
	}
	halfway, err := still(ctx, s.halfway, d.stillHalfway, d.become)
	if err := say("%d paper ballots were typed in and are half-way to being counted. sayso doctor --mend finishes them", halfway, err); err != nil {
		return nil, err
	}
	kept, err := still(ctx, s.kept, always, d.store.Withdraw)
	if err := say("%d people took their words back, and what they said about themselves is still there. sayso doctor --mend takes it away", kept, err); err != nil {
		return nil, err
	}
	alone, err := still(ctx, s.alone, d.stillAlone, d.store.DropBackground)
	if err := say("%d times it is kept who somebody is, without what they said. Compare with a backup; sayso doctor --mend removes it", alone, err); err != nil {
		return nil, err
	}
	idle, err := still(ctx, s.idle, d.stillIdle, func(ctx context.Context, rc people.Receipt) error { return d.store.DeleteReceipts(ctx, rc.Draft) })
	if err := say("%d keys open nothing: what they opened is gone. If that is too many, restore a backup; sayso doctor --mend forgets them", idle, err); err != nil {
		return nil, err
	}
	cut, err := d.codes(ctx, &s.codes)
	if err != nil {
		return nil, err
	}
	all = append(all, cut...)
	if s.bare > 0 {
		all = append(all, trouble{text: fmt.Sprintf("%d responses have lost who spoke. Restore the last backup that has it", s.bare)})
	}
	for name, n := range s.unwritten {
		all = append(all, trouble{text: fmt.Sprintf("%d responses answer version %q of a survey, which is not there. Restore the last backup that has it", n, name)})
	}
	return all, nil
}

// still returns a cure for each suspect that is one now.
func still[T any](ctx context.Context, suspects []T, look func(context.Context, T) (bool, error), cure func(context.Context, T) error) ([]func(context.Context) error, error) {
	var cures []func(context.Context) error
	for _, one := range suspects {
		is, err := look(ctx, one)
		if err != nil {
			return nil, err
		}
		if is {
			cures = append(cures, func(ctx context.Context) error {
				if is, err := look(ctx, one); err != nil || !is {
					return err
				}
				return cure(ctx, one)
			})
		}
	}
	return cures, nil
}

func always(context.Context, survey.Ref) (bool, error) { return true, nil }

// gone turns NotFound into true.
func gone(err error) (bool, error) {
	if fault.Is(err, fault.NotFound) {
		return true, nil
	}
	return false, err
}

func (d *doctor) stillUnsent(ctx context.Context, draft survey.Draft) (bool, error) {
	_, err := d.store.Draft(ctx, draft.ID)
	isGone, err := gone(err)
	return !isGone, err
}

// send sends a draft once more, which lands on the response that it may have become.
func (d *doctor) send(ctx context.Context, draft survey.Draft) error {
	_, err := d.surveys.Submit(ctx, draft.ID)
	return err
}

func (d *doctor) stillHalfway(ctx context.Context, sh ballot.Sheet) (bool, error) {
	now, err := d.store.Sheet(ctx, sh.Hash)
	return now.State == ballot.Becoming, err
}

// become makes the ballot of a sheet, of which there is one however often this happens.
func (d *doctor) become(ctx context.Context, sh ballot.Sheet) error {
	if err := d.ballots.Refresh(ctx); err != nil {
		return err
	}
	_, err := d.ballots.Become(ctx, sh)
	return err
}

// stillAlone says no for a draft's background: the response may be just behind it.
func (d *doctor) stillAlone(ctx context.Context, ref survey.Ref) (bool, error) {
	if isGone, err := gone(second(d.store.Draft(ctx, ref.ID))); err != nil || !isGone {
		return false, err
	}
	return gone(second(d.store.Response(ctx, ref)))
}

func second[T any](_ T, err error) error { return err }

// stillIdle looks in the order in which sending writes: when the draft is gone the receipt has its day.
func (d *doctor) stillIdle(ctx context.Context, rc people.Receipt) (bool, error) {
	if isGone, err := gone(second(d.store.Draft(ctx, rc.Draft))); err != nil || !isGone {
		return false, err
	}
	now, err := d.store.Receipt(ctx, rc.Hash)
	if isGone, err := gone(err); err != nil || isGone {
		return false, err
	}
	if now.Budget != "" {
		return gone(second(d.store.Ballot(ctx, now.Draft)))
	}
	if now.Day == "" {
		return true, nil
	}
	return gone(second(d.store.Response(ctx, refOf(now))))
}
