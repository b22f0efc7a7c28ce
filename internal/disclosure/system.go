package disclosure

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"sayso/internal/fault"
)

// cell is one count wherever it is published: equal cells of several tables are one cell.
type cell struct {
	key    string
	count  int64 // true count; of a past cell only the published one
	group  int   // the cell with its answers totalled, itself when it is a group
	hidden bool
	past   bool  // published earlier: fixed, and its true count is not known here
	inner  bool  // the people of a base that another base leaves out: never published, but a difference of two
	lo, hi int64 // what a reader takes the cell for before any arithmetic
	lines  []int
}

// line says that the parts of one cell along one dimension sum to it.
type line struct {
	total  int
	parts  []int
	answer bool // along an answer dimension
}

// system is everything published for an exercise, now and before, as cells and lines. Cells are in the order
// of their keys, so nothing depends on the order of tables or categories.
type system struct {
	cells   []cell
	lines   []line
	links   [][2]int // a past cell and the next one like it, which holds at least as many people
	members [][]int  // group → the answer cells within it
	index   map[string]int
}

type entry struct {
	count       int64
	lo, hi      int64
	group       string
	hidden      bool
	past, inner bool
}

type lineKey struct {
	total, dim string
}

type lineEntry struct {
	parts  []string
	answer bool
}

// builder gathers the cells and lines of tables under their keys.
type builder struct {
	rules   Rules
	entries map[string]entry
	lines   map[lineKey]lineEntry
	dims    map[string]Dim    // base and name → dimension
	subsets map[string]string // cell of a base → the same cell of the base around it
}

func newSystem(rules Rules, history History, tables []Raw) (*system, error) {
	b := builder{rules, map[string]entry{}, map[lineKey]lineEntry{}, map[string]Dim{}, map[string]string{}}
	for _, t := range tables {
		if err := b.addRaw(t); err != nil {
			return nil, err
		}
	}
	for i, r := range history {
		for _, t := range r.Tables {
			if err := b.addPast(era(len(history)-i), t); err != nil {
				return nil, err
			}
		}
	}
	if err := b.leaveOut(); err != nil {
		return nil, err
	}
	s := b.compile()
	s.link(len(history))
	return s, nil
}

// era starts the keys of the release published n releases ago.
func era(n int) string { return strconv.Itoa(n) + sepRest }

func (b *builder) addRaw(t Raw) error {
	if err := t.check(); err != nil {
		return err
	}
	counts := t.margins()
	return b.add(era(0), t.Shape, func(i int) entry {
		return entry{count: counts[i], hi: unbounded}
	})
}

func (b *builder) addPast(prefix string, t Table) error {
	if err := t.check(); err != nil || len(t.Figures) != t.size() {
		return fault.New(fault.Internal, "disclosure.history_invalid").Because(err)
	}
	return b.add(prefix, t.Shape, func(i int) entry {
		f := t.Figures[i]
		lo, hi := b.rules.span(f)
		return entry{count: f.n, lo: lo, hi: hi, hidden: !f.shown, past: true}
	})
}

func (b *builder) add(prefix string, s Shape, at func(i int) entry) error {
	if err := b.addDims(prefix, s); err != nil {
		return err
	}
	base := prefix + s.Base
	var failed error
	s.each(func(i int, pos []int) {
		e, key := at(i), s.key(base, pos)
		e.group = s.key(base, s.groupOf(pos))
		if old, ok := b.entries[key]; ok && old != e {
			failed = s.invalid(errors.New("tables of one base do not agree"))
		}
		b.entries[key] = e
		if s.Within != "" && e.group == key {
			b.subsets[key] = s.key(prefix+s.Within, pos)
		}
		b.addLines(base, s, key, pos)
	})
	return failed
}

// addDims makes sure that dimensions of one name are the same in all tables of a base.
func (b *builder) addDims(prefix string, s Shape) error {
	for _, d := range s.Dims {
		d.Categories = slices.Sorted(slices.Values(d.Categories))
		name := prefix + s.Base + sepPart + d.Name
		if old, ok := b.dims[name]; ok && (old.Kind != d.Kind || !slices.Equal(old.Categories, d.Categories)) {
			return s.invalid(errors.New("dimension " + d.Name + " differs between tables of one base"))
		}
		b.dims[name] = d
	}
	return nil
}

// addLines adds the lines of which the cell is the total.
func (b *builder) addLines(base string, s Shape, key string, pos []int) {
	for d, dim := range s.Dims {
		if pos[d] < len(dim.Categories) {
			continue
		}
		part := slices.Clone(pos)
		var parts []string
		for c := range dim.Categories {
			part[d] = c
			parts = append(parts, s.key(base, part))
		}
		b.lines[lineKey{key, dim.Name}] = lineEntry{parts, dim.Kind == Answer}
	}
}

// leaveOut adds the people whom a base leaves out of the base around it: nobody prints them, but anybody can
// subtract.
func (b *builder) leaveOut() error {
	for part, whole := range b.subsets {
		p, w := b.entries[part], b.entries[whole]
		if _, ok := b.entries[whole]; !ok {
			continue
		}
		if !p.past && w.count < p.count {
			return fault.New(fault.Invalid, "disclosure.base_too_large")
		}
		key := part + sepRest + whole
		b.entries[key] = entry{count: w.count - p.count, hi: unbounded, group: key, hidden: true, past: p.past, inner: true}
		b.lines[lineKey{whole, part}] = lineEntry{parts: []string{part, key}}
	}
	return nil
}

func (b *builder) compile() *system {
	keys := slices.Sorted(maps.Keys(b.entries))
	s := &system{cells: make([]cell, len(keys)), members: make([][]int, len(keys)), index: make(map[string]int, len(keys))}
	for i, k := range keys {
		s.index[k] = i
	}
	for i, k := range keys {
		e := b.entries[k]
		g := s.index[e.group]
		s.cells[i] = cell{key: k, count: e.count, group: g, hidden: e.hidden, past: e.past, inner: e.inner, lo: e.lo, hi: e.hi}
		if g != i {
			s.members[g] = append(s.members[g], i)
		}
	}
	for k, e := range b.lines {
		l := line{total: s.index[k.total], answer: e.answer}
		for _, p := range e.parts {
			l.parts = append(l.parts, s.index[p])
		}
		slices.Sort(l.parts)
		s.lines = append(s.lines, l)
	}
	s.sortLines()
	return s
}

func (s *system) sortLines() {
	slices.SortFunc(s.lines, func(a, b line) int {
		if a.total != b.total {
			return a.total - b.total
		}
		return slices.Compare(a.parts, b.parts)
	})
	for l := range s.lines {
		for i := range s.around(l) {
			s.cells[i].lines = append(s.cells[i].lines, l)
		}
	}
}

// around yields the cells of a line, the total first.
func (s *system) around(l int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		if !yield(s.lines[l].total) {
			return
		}
		for _, p := range s.lines[l].parts {
			if !yield(p) {
				return
			}
		}
	}
}

// link joins every past cell to the next release that has it.
func (s *system) link(releases int) {
	for ago := releases; ago > 0; ago-- {
		prefix := era(ago)
		for i, c := range s.cells {
			if c.inner || len(c.key) < len(prefix) || c.key[:len(prefix)] != prefix {
				continue
			}
			for next := ago - 1; next >= 0; next-- {
				if j, ok := s.index[era(next)+c.key[len(prefix):]]; ok {
					s.links = append(s.links, [2]int{i, j})
					break
				}
			}
		}
	}
}

// hide hides a cell of this release, and with a group everything said by it.
func (s *system) hide(i int) {
	s.cells[i].hidden = true
	for _, m := range s.members[i] {
		s.cells[m].hidden = true
	}
}

// may says whether the cell can still be hidden to protect others: nobody is no cover.
func (s *system) may(i int) bool {
	c := &s.cells[i]
	return !c.past && !c.hidden && c.count > 0
}

// guarded says whether the hidden cell must stay underivable. People left out of a base are only a matter
// when they are few.
func (s *system) guarded(rules Rules, i int) bool {
	c := &s.cells[i]
	return !c.inner || (!c.past && rules.small(c.count))
}

// suppress hides what may not be shown whatever stands beside it.
func (s *system) suppress(rules Rules) {
	for i, c := range s.cells {
		switch {
		case c.past || c.inner:
		case c.group == i && c.count < rules.Floor:
			s.hide(i)
		case rules.small(c.count):
			s.cells[i].hidden = true
		}
	}
	for _, l := range s.lines {
		if t := s.cells[l.total]; l.answer && !t.past && t.count < rules.SmallGroup && s.oneVoice(l) {
			for _, p := range l.parts {
				s.cells[p].hidden = true
			}
		}
	}
}

// oneVoice says whether all, or all but one, of the line gave one answer.
func (s *system) oneVoice(l line) bool {
	n := s.cells[l.total].count
	return n > 0 && slices.ContainsFunc(l.parts, func(p int) bool { return s.cells[p].count >= n-1 })
}
