package intake

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// before is a response of the survey that was imported earlier: a piece of memory without pointers.
type before struct {
	key       key
	day       [len("2006-01-02")]byte
	withdrawn bool
}

// earlier is what was imported before, in the order of the keys. A person is known by the key alone, whatever the day
// of their newest row is by now.
type earlier []before

// recall reads who was imported before, once for the whole table.
func (r *run) recall(ctx context.Context, log survey.Responses) error {
	if log == nil || len(r.o.Mapping.Identity.Columns) == 0 { // rows without an identity are known by what they hold, with their day
		return nil
	}
	sv := &r.o.Survey
	for resp, err := range log.Scan(ctx, survey.Range{Area: sv.Area, Survey: sv.ID}) {
		if err != nil {
			return fmt.Errorf("look who is there already: %w", err)
		}
		b := before{withdrawn: resp.Withdrawn}
		if resp.Channel != survey.Imported || len(resp.ID) != hex.EncodedLen(len(b.key)) {
			continue
		}
		if _, err := hex.Decode(b.key[:], []byte(resp.ID)); err != nil {
			continue // not an id of an import
		}
		copy(b.day[:], resp.Day)
		r.earlier = append(r.earlier, b)
	}
	slices.SortFunc(r.earlier, func(a, b before) int { return bytes.Compare(a.key[:], b.key[:]) })
	return nil
}

// of returns the responses of the person, of which there is one at most unless an import of old left more.
func (e earlier) of(k key) earlier {
	lo, _ := slices.BinarySearchFunc(e, k, func(b before, k key) int { return bytes.Compare(b.key[:], k[:]) })
	hi := lo
	for hi < len(e) && e[hi].key == k {
		hi++
	}
	return e[lo:hi]
}

// takeBack takes the words of somebody away who was imported before and does not want to take part any more.
func (r *run) takeBack(ctx context.Context, k key) error {
	for _, b := range r.earlier.of(k) {
		if b.withdrawn {
			continue
		}
		r.result.Withdrawn++
		if r.batch == nil {
			continue
		}
		ref := survey.Ref{Area: r.o.Survey.Area, Survey: r.o.Survey.ID, Day: exercise.Day(b.day[:]), ID: hex.EncodeToString(k[:])}
		if err := r.batch.sink.Withdraw(ctx, ref); err != nil {
			return fmt.Errorf("take a response back: %w", err)
		}
	}
	return nil
}
