package disclosure

import (
	"cmp"
	"errors"
	"slices"

	"sayso/internal/fault"
)

// Part is one part of a ledger with its true count of voices.
type Part struct {
	Name  string
	Count int64
}

// Ledger is a published account that adds up: the figures of the entries sum to the total exactly.
type Ledger struct {
	Total   Figure  `json:"total"`
	Entries []Entry `json:"entries"`
}

// Entry is one line of a ledger: the part it shows, or the parts merged into it.
type Entry struct {
	Parts  []string `json:"parts"`
	Figure Figure   `json:"figure"`
}

type heap struct {
	parts []Part
	count int64
}

// PublishLedger publishes a ledger whose parts sum to total. Small parts are merged with each other and, if
// that is not enough, with the smallest part that is not small; then each entry is rounded down and the
// largest remainders up until the entries sum to the rounded total, ties going to the earlier part. So an
// entry is off by less than the base, and one of 8 or 9 voices may read 5. A total under the floor hides all.
func PublishLedger(rules Rules, total int64, parts []Part) (Ledger, error) {
	if err := rules.check(); err != nil {
		return Ledger{}, err
	}
	if err := checkLedger(total, parts); err != nil {
		return Ledger{}, fault.New(fault.Internal, "disclosure.ledger_sum").Because(err)
	}
	heaps := mergeSmall(rules, parts)
	out := Ledger{Entries: make([]Entry, len(heaps))}
	for i, h := range heaps {
		for _, p := range h.parts {
			out.Entries[i].Parts = append(out.Entries[i].Parts, p.Name)
		}
	}
	if total < rules.Floor {
		return out, nil
	}
	out.Total = Figure{true, rules.round(total)}
	for i, n := range roundTo(rules.Base, out.Total.n, heaps) {
		out.Entries[i].Figure = Figure{true, n}
	}
	return out, nil
}

func checkLedger(total int64, parts []Part) error {
	for _, p := range parts {
		if p.Count < 0 || p.Count > maxCount {
			return errors.New("a part is out of range")
		}
		total -= p.Count
	}
	if total != 0 {
		return errors.New("parts do not sum to the total")
	}
	return nil
}

// mergeSmall returns the parts in their order, small ones in one heap at the place of the first of them.
func mergeSmall(rules Rules, parts []Part) []heap {
	var out []heap
	small := -1
	for _, p := range parts {
		if !rules.small(p.Count) {
			out = append(out, heap{[]Part{p}, p.Count})
			continue
		}
		if small < 0 {
			small = len(out)
			out = append(out, heap{})
		}
		out[small].parts = append(out[small].parts, p)
		out[small].count += p.Count
	}
	if small < 0 || !rules.small(out[small].count) {
		return out
	}
	neighbour := -1
	for i, h := range out {
		if i != small && h.count > 0 && (neighbour < 0 || h.count < out[neighbour].count) {
			neighbour = i
		}
	}
	if neighbour < 0 {
		return out
	}
	a, b := min(small, neighbour), max(small, neighbour)
	out[a] = heap{append(out[a].parts, out[b].parts...), out[a].count + out[b].count}
	return slices.Delete(out, b, b+1)
}

// roundTo returns multiples of base near the counts that sum to total.
func roundTo(base, total int64, heaps []heap) []int64 {
	out := make([]int64, len(heaps))
	order := make([]int, len(heaps))
	for i, h := range heaps {
		order[i] = i
		out[i] = h.count / base * base
		total -= out[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(heaps[b].count%base, heaps[a].count%base)
	})
	for _, i := range order {
		if total <= 0 {
			break
		}
		out[i] += base
		total -= base
	}
	return out
}

func (r Rules) small(n int64) bool { return n >= 1 && n <= r.Small }
