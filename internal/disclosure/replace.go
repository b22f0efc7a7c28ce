package disclosure

import "sayso/internal/fault"

// MayReplace says whether the next tables may be published after the previous release: every group shown
// there must have at least MinNew new people, however its figure was rounded. So nobody is found by
// comparing two releases. Otherwise it returns a Conflict that says in how many groups people are missing
// and, rounded up to the base, how many at most.
func MayReplace(rules Rules, previous Release, next []Raw) error {
	if err := rules.check(); err != nil {
		return err
	}
	counts, err := groupCounts(next)
	if err != nil {
		return err
	}
	var more int64
	short := map[string]bool{}
	for _, t := range previous.Tables {
		if len(t.Figures) != t.size() {
			return t.invalid(nil)
		}
		t.each(func(i int, at []int) {
			key := t.key(t.Base, at)
			if !t.Figures[i].shown || key != t.key(t.Base, t.groupOf(at)) {
				return
			}
			_, most := rules.span(t.Figures[i])
			if missing := rules.MinNew - (counts[key] - most); missing > 0 {
				short[key] = true
				more = max(more, missing)
			}
		})
	}
	if len(short) == 0 {
		return nil
	}
	up := (more + rules.Base - 1) / rules.Base * rules.Base
	return fault.New(fault.Conflict, "disclosure.too_soon").With(map[string]any{"more": int(up), "groups": len(short)})
}

// groupCounts returns the number of people in every group of the tables.
func groupCounts(tables []Raw) (map[string]int64, error) {
	out := map[string]int64{}
	for _, t := range tables {
		if err := t.check(); err != nil {
			return nil, err
		}
		counts := t.margins()
		t.each(func(i int, at []int) {
			if key := t.key(t.Base, at); key == t.key(t.Base, t.groupOf(at)) {
				out[key] = counts[i]
			}
		})
	}
	return out, nil
}
