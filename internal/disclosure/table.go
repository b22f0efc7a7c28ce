package disclosure

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sayso/internal/fault"
)

// Kind says what a dimension divides people by.
type Kind string

// The kinds of dimension.
const (
	Group  Kind = "group"  // who people are: a denominator
	Answer Kind = "answer" // what they said
)

// Total stands for "all categories" where a category is asked for.
const Total = ""

// The categories of a Split.
const (
	Yes = "yes"
	No  = "no"
)

// Dim is one dimension of a table. Its categories exclude each other and leave nobody out.
type Dim struct {
	Name       string   `json:"name"`
	Kind       Kind     `json:"kind"`
	Categories []string `json:"categories"`
}

// Split returns the yes/no answer dimension of one option of several, or of one theme.
func Split(name string) Dim {
	return Dim{Name: name, Kind: Answer, Categories: []string{Yes, No}}
}

// Shape is what a table counts. Tables of one Base count the same people, so equal cells of theirs are one
// cell. Within names the base this one is part of ("" for none): people who were asked a question that
// others skipped by routing are a base within everyone.
type Shape struct {
	Name   string `json:"name"`
	Base   string `json:"base"`
	Within string `json:"within,omitempty"`
	Dims   []Dim  `json:"dims"`
}

// Raw is a table of true counts. Counts holds the cells without margins in row-major order, the last
// dimension running fastest; margins are implied.
type Raw struct {
	Shape
	Counts []int64
}

// NewRaw returns the table of the shape with every count nought.
func NewRaw(shape Shape) Raw {
	n := 1
	for _, d := range shape.Dims {
		n *= len(d.Categories)
	}
	return Raw{Shape: shape, Counts: make([]int64, n)}
}

// Add counts n more people in the cell with one category for each dimension.
func (r *Raw) Add(n int64, categories ...string) error {
	if len(categories) != len(r.Dims) {
		return r.invalid(fmt.Errorf("%d categories for %d dimensions", len(categories), len(r.Dims)))
	}
	at := 0
	for i, d := range r.Dims {
		c := slices.Index(d.Categories, categories[i])
		if c < 0 {
			return r.invalid(fmt.Errorf("dimension %s has no category %q", d.Name, categories[i]))
		}
		at = at*len(d.Categories) + c
	}
	r.Counts[at] += n
	return nil
}

// Table is a published table: figures for every cell and margin.
type Table struct {
	Shape
	Figures []Figure `json:"figures"` // row-major, each dimension followed by its total
}

// At returns the figure for one category, or Total, of each dimension. What the table does not hold is hidden.
func (t Table) At(categories ...string) Figure {
	at := 0
	if len(categories) != len(t.Dims) {
		return Figure{}
	}
	for i, d := range t.Dims {
		c := len(d.Categories)
		if categories[i] != Total {
			c = slices.Index(d.Categories, categories[i])
		}
		if c < 0 {
			return Figure{}
		}
		at = at*(len(d.Categories)+1) + c
	}
	if at >= len(t.Figures) {
		return Figure{}
	}
	return t.Figures[at]
}

// Share returns the figure at the categories as a share of the people of the same group.
func (t Table) Share(categories ...string) Share {
	whole := slices.Clone(categories)
	for i, d := range t.Dims {
		if d.Kind == Answer && i < len(whole) {
			whole[i] = Total
		}
	}
	return ShareOf(t.At(categories...), t.At(whole...))
}

// Release is everything published at one time for one exercise; it holds no true count, so it may be kept
// and read back as it is.
type Release struct {
	Tables []Table `json:"tables"`
}

// Table returns the table of that name.
func (r Release) Table(name string) (Table, bool) {
	i := slices.IndexFunc(r.Tables, func(t Table) bool { return t.Name == name })
	if i < 0 {
		return Table{}, false
	}
	return r.Tables[i], true
}

// History is everything ever published for one exercise, oldest first.
type History []Release

// size returns the number of cells with margins.
func (s Shape) size() int {
	n := 1
	for _, d := range s.Dims {
		n *= len(d.Categories) + 1
	}
	return n
}

// each calls f with every cell and margin: its index, and the category of each dimension, where the number
// of categories stands for the total. f must not keep at.
func (s Shape) each(f func(i int, at []int)) {
	at := make([]int, len(s.Dims))
	for i := range s.size() {
		rest := i
		for d := len(s.Dims) - 1; d >= 0; d-- {
			n := len(s.Dims[d].Categories) + 1
			at[d], rest = rest%n, rest/n
		}
		f(i, at)
	}
}

// Separators of keys; names must not contain them.
const (
	sepPart = "\x1f"
	sepPair = "\x1e"
	sepRest = "\x1d"
)

// key names the cell whatever table it stands in and in whatever order the dimensions are.
func (s Shape) key(base string, at []int) string {
	parts := make([]string, 0, len(at))
	for d, c := range at {
		if dim := s.Dims[d]; c < len(dim.Categories) {
			parts = append(parts, sepPart+dim.Name+sepPair+dim.Categories[c])
		}
	}
	slices.Sort(parts)
	return base + strings.Join(parts, "")
}

// groupOf returns the cell with its answers totalled.
func (s Shape) groupOf(at []int) []int {
	g := slices.Clone(at)
	for d := range g {
		if s.Dims[d].Kind == Answer {
			g[d] = len(s.Dims[d].Categories)
		}
	}
	return g
}

// margins returns the counts of every cell and margin, in the order of each.
func (r Raw) margins() []int64 {
	out := make([]int64, r.size())
	r.each(func(i int, at []int) {
		inner := 0
		for d, c := range at {
			if c == len(r.Dims[d].Categories) {
				return
			}
			inner = inner*len(r.Dims[d].Categories) + c
		}
		r.spread(out, at, r.Counts[inner])
	})
	return out
}

// spread adds n to the cell and to each of its margins.
func (r Raw) spread(out []int64, at []int, n int64) {
	for mask := range 1 << len(at) {
		i := 0
		for d, c := range at {
			size := len(r.Dims[d].Categories)
			if mask>>d&1 == 1 {
				c = size
			}
			i = i*(size+1) + c
		}
		out[i] += n
	}
}

const (
	maxDims  = 4
	maxCount = 1 << 40
)

func (r Raw) check() error {
	if err := r.Shape.check(); err != nil {
		return r.invalid(err)
	}
	if len(r.Counts) != len(NewRaw(r.Shape).Counts) {
		return r.invalid(errors.New("number of counts does not fit the dimensions"))
	}
	for _, n := range r.Counts {
		if n < 0 || n > maxCount {
			return r.invalid(errors.New("a count is out of range"))
		}
	}
	return nil
}

func (s Shape) check() error {
	if len(s.Dims) > maxDims || badName(s.Base) || badName(s.Within) || (s.Within != "" && s.Within == s.Base) {
		return errors.New("too many dimensions, or a base that cannot be used")
	}
	seen := map[string]bool{}
	for _, d := range s.Dims {
		if d.Name == "" || badName(d.Name) || seen[d.Name] || len(d.Categories) == 0 || (d.Kind != Group && d.Kind != Answer) {
			return fmt.Errorf("dimension %q cannot be used", d.Name)
		}
		seen[d.Name] = true
		cats := slices.Sorted(slices.Values(d.Categories))
		if cats[0] == Total || len(slices.Compact(cats)) != len(d.Categories) || slices.ContainsFunc(cats, badName) {
			return fmt.Errorf("dimension %q has an empty, double or unusable category", d.Name)
		}
	}
	return nil
}

func badName(s string) bool { return strings.ContainsAny(s, sepPart+sepPair+sepRest) }

func (s Shape) invalid(cause error) error {
	return fault.New(fault.Invalid, "disclosure.table_invalid").With(map[string]any{"table": s.Name}).Because(cause)
}
