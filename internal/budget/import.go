package budget

import (
	"slices"
	"strings"

	"sayso/internal/exercise"
)

// Election reads the tables for their meaning. A cell that is literally "none" is empty. A project that stands twice in
// one ballot counts once, where it stands first: counted twice it would be paid for by a voter who is not there.
func (f *File) Election() (*Election, []Remark, error) {
	r := &importer{file: f, e: &Election{}, place: map[string]int{}}
	for _, step := range []func() error{r.heads, r.meta, r.projects, r.votes} {
		if err := step(); err != nil {
			return nil, nil, err
		}
	}
	if err := r.e.Check(); err != nil {
		return nil, nil, f.wrong(0, "The election cannot be counted (%v).", err)
	}
	r.look()
	return r.e, r.remarks, nil
}

type importer struct {
	file    *File
	e       *Election
	places  int // decimals of money
	place   map[string]int
	said    map[string]entry // what META says, by key
	shift   int              // decimals of points
	remarks []Remark
}

// entry is a value of META, and where it stands.
type entry struct {
	value string
	line  int
}

// cell returns the cell of the row in the column, "" where the row is too short or says "none".
func cell(row []string, column int) string {
	if column < 0 || column >= len(row) {
		return ""
	}
	c := strings.TrimSpace(row[column])
	if strings.EqualFold(c, "none") {
		return ""
	}
	return c
}

// column returns the place of the column in the head, -1 without.
func (t *Table) column(name string) int {
	return slices.IndexFunc(t.Head, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
}

// heads refuses a column that stands twice: which of them is meant cannot be known.
func (r *importer) heads() error {
	for _, part := range r.file.parts() {
		for i, h := range part.t.Head {
			if h = strings.TrimSpace(h); h != "" && part.t.column(h) != i {
				return r.file.wrong(part.t.Line, "The head of %s has the column %q twice.", part.name, clip(h))
			}
		}
	}
	return nil
}

func (r *importer) meta() error {
	t := &r.file.Meta
	budget := ""
	r.said = map[string]entry{}
	for i, row := range t.Rows {
		key := strings.TrimSpace(row[0])
		if before, twice := r.said[key]; twice && key != "" {
			return r.file.wrong(t.Lines[i], "The part META says %q twice; it said so on line %d already.", clip(key), before.line)
		}
		r.said[key] = entry{cell(row, 1), t.Lines[i]}
		switch key {
		case "budget":
			budget = cell(row, 1)
			d, ok := parseDecimal(budget)
			if !ok {
				return r.file.wrong(t.Lines[i], "The budget %q is not an amount of money.", clip(budget))
			}
			r.places = d.places
			r.e.Budget = d.digits
		case "vote_type":
			r.e.Kind = Kind(strings.ToLower(cell(row, 1)))
			if !slices.Contains(Kinds, r.e.Kind) {
				return r.file.wrong(t.Lines[i], "There is no kind of ballot called %q; there are approval, choose-1, cumulative, scoring and ordinal.", clip(string(r.e.Kind)))
			}
		}
	}
	switch {
	case budget == "":
		return r.file.wrong(t.Line, "The part META says no budget.")
	case r.e.Kind == "":
		return r.file.wrong(t.Line, "The part META says no vote_type.")
	}
	return nil
}

func (r *importer) projects() error {
	t := &r.file.Projects
	id, price := t.column("project_id"), t.column("cost")
	name, groups := t.column("name"), t.column("beneficiaries")
	if id < 0 || price < 0 {
		return r.file.wrong(t.Line, "The head of the projects needs the columns project_id and cost.")
	}
	costs := make([]decimal, len(t.Rows))
	for i, row := range t.Rows {
		p := Project{ID: strings.TrimSpace(at(row, id))}
		if p.ID == "" {
			return r.file.wrong(t.Lines[i], "This project has no id.")
		}
		if _, twice := r.place[p.ID]; twice {
			return r.file.wrong(t.Lines[i], "The project %q stands twice.", clip(p.ID))
		}
		r.place[p.ID] = i
		var ok bool
		if costs[i], ok = parseDecimal(cell(row, price)); !ok {
			return r.file.wrong(t.Lines[i], "The cost %q of the project %q is not an amount of money.", clip(at(row, price)), clip(p.ID))
		}
		if n := cell(row, name); n != "" {
			p.Name = exercise.Text{"en": strings.ReplaceAll(n, "\r\n", "\n")} // the language is not said
		}
		p.For = list(cell(row, groups))
		r.e.Projects = append(r.e.Projects, p)
	}
	return r.price(costs)
}

// price turns costs and budget into the same smallest unit.
func (r *importer) price(costs []decimal) error {
	budget := decimal{r.e.Budget, r.places}
	for _, c := range costs {
		r.places = max(r.places, c.places)
	}
	r.e.Unit = powerOfTen(r.places)
	var ok bool
	if r.e.Budget, ok = budget.in(r.places); !ok {
		return r.file.wrong(r.file.Meta.Line, "The budget is too large.")
	}
	for i, c := range costs {
		p := &r.e.Projects[i]
		if p.Cost, ok = c.in(r.places); !ok {
			return r.file.wrong(r.file.Projects.Lines[i], "The cost of the project %q is too large.", clip(p.ID))
		}
		if p.Cost > r.e.Budget {
			r.remarks = append(r.remarks, Remark{DearProject, r.file.Projects.Lines[i], p.ID})
		}
	}
	return nil
}

func at(row []string, column int) string {
	if column >= len(row) {
		return ""
	}
	return row[column]
}

// list takes "a,b" apart.
func list(s string) []string {
	if s == "" {
		return nil
	}
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func (r *importer) votes() error {
	t := &r.file.Votes
	vote, points := t.column("vote"), t.column("points")
	if vote < 0 {
		return r.file.wrong(t.Line, "The head of the votes needs the column vote.")
	}
	pointed := r.e.Kind == Cumulative || r.e.Kind == Scoring
	if pointed && points < 0 {
		return r.file.wrong(t.Line, "Where ballots are %s, the head of the votes needs the column points.", r.e.Kind)
	}
	var traits []int
	for i, h := range t.Head {
		if !slices.Contains([]string{"voter_id", "vote", "points"}, strings.TrimSpace(h)) {
			traits = append(traits, i)
			r.e.Traits = append(r.e.Traits, strings.TrimSpace(h))
		}
	}
	r.e.Ballots = make([]Ballot, len(t.Rows))
	var given [][]decimal
	for i, row := range t.Rows {
		if len(row) <= vote {
			return r.file.wrong(t.Lines[i], "This line ends before the cell vote: it has only %d of the %d cells of the head on line %d.", len(row), len(t.Head), t.Line)
		}
		b := &r.e.Ballots[i]
		if len(traits) > 0 {
			b.Traits = make([]string, len(traits))
		}
		for j, column := range traits {
			b.Traits[j] = cell(row, column)
		}
		numbers := ""
		if pointed {
			numbers = cell(row, points)
		}
		d, err := r.ballot(b, row[vote], numbers, t.Lines[i])
		if err != nil {
			return err
		}
		if pointed {
			given = append(given, d)
		}
	}
	return r.points(given)
}

// ballot reads the wishes of one ballot, and the points beside them.
func (r *importer) ballot(b *Ballot, vote, numbers string, line int) ([]decimal, error) {
	vote = strings.TrimSpace(vote)
	if strings.EqualFold(vote, "none") {
		if _, project := r.place[vote]; !project {
			vote = ""
		}
	}
	points := list(numbers)
	var given []decimal
	if vote == "" {
		return nil, nil
	}
	ids := strings.Split(vote, ",")
	n := len(ids)
	for i, id := range ids {
		id = strings.TrimSpace(id)
		p, ok := r.place[id]
		if !ok {
			return nil, r.file.wrong(line, "This ballot names the project %q, which is not among the projects.", clip(id))
		}
		var d decimal
		if points != nil {
			if i >= len(points) {
				return nil, r.file.wrong(line, "This ballot names more projects than it gives points.")
			}
			if d, ok = parseDecimal(points[i]); !ok {
				return nil, r.file.wrong(line, "The points %q are not a number from 0 up.", clip(points[i]))
			}
		}
		if slices.Contains(b.Wishes, p) {
			r.remarks = append(r.remarks, Remark{Duplicate, line, id})
			continue
		}
		b.Wishes, given = append(b.Wishes, p), append(given, d)
	}
	if points != nil && n != len(points) || points == nil && (r.e.Kind == Cumulative || r.e.Kind == Scoring) {
		return nil, r.file.wrong(line, "This ballot names %d projects and gives points to %d.", n, len(points))
	}
	return given, nil
}

// points turns the points of all ballots into whole numbers of the same size.
func (r *importer) points(given [][]decimal) error {
	for _, g := range given {
		for _, d := range g {
			r.shift = max(r.shift, d.places)
		}
	}
	for i, g := range given {
		b := &r.e.Ballots[i]
		b.Points = make([]int64, len(g))
		for j, d := range g {
			var ok bool
			if b.Points[j], ok = d.in(r.shift); !ok || b.Points[j] > mostPoints {
				return r.file.wrong(r.file.Votes.Lines[i], "The points of this ballot are too many, or too finely divided.")
			}
		}
	}
	return nil
}
