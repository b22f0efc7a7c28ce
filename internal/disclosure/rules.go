package disclosure

import (
	"errors"

	"sayso/internal/fault"
)

// Rules are the limits figures are published under; all are counts of people.
type Rules struct {
	Floor      int64 // a group of fewer people is not shown at all
	Small      int64 // a count from 1 to Small is hidden
	Base       int64 // shown counts are rounded to the nearest multiple
	SmallGroup int64 // in a smaller group, an answer given by all or all but one is hidden
	MinNew     int64 // new people every shown group needs before the next release
}

// Standard returns the rules Sayso publishes under. Small and Base are the NHS Digital sub-national rule;
// Floor is stricter than it. SmallGroup is 30, the legal limit of an English infant class: in a group no
// larger than a class people know each other, so "all of them said so" is a statement about each.
func Standard() Rules {
	return Rules{Floor: 10, Small: 7, Base: 5, SmallGroup: 30, MinNew: 10}
}

// round returns n to the nearest multiple of the base, halves upwards.
func (r Rules) round(n int64) int64 { return (n + r.Base/2) / r.Base * r.Base }

// span returns the smallest and largest count that a shown figure may stand for. Nought stands for itself,
// because counts from 1 to Small are never shown.
func (r Rules) span(f Figure) (lo, hi int64) {
	if !f.shown {
		return 0, unbounded
	}
	if f.n == 0 {
		return 0, 0
	}
	return max(0, f.n-r.Base/2), f.n + r.Base/2
}

func (r Rules) check() error {
	if r.Base < 1 || r.Small < 1 || r.Floor <= r.Small || r.SmallGroup < r.Floor || r.MinNew < 1 || r.round(r.Small+1) == 0 {
		return fault.New(fault.Internal, "disclosure.rules_invalid").Because(errors.New("limits contradict each other"))
	}
	return nil
}
