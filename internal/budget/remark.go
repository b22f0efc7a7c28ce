package budget

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Remark is something odd in a file that was read all the same, and counts as it stands.
type Remark struct {
	Kind  Oddity
	Line  int
	Value string // the project or voter; what META says of a number; how many choices or points a ballot has
}

// Oddity is the kind of a remark.
type Oddity string

// The oddities.
const (
	Duplicate   Oddity = "duplicate"      // a ballot named a project twice, and counts once
	DearProject Oddity = "too_dear"       // a project costs more than the budget
	VoterTwice  Oddity = "voter_twice"    // an earlier ballot has the same voter_id
	NumVotes    Oddity = "num_votes"      // META says another number of ballots: the file may be cut off
	NumProjects Oddity = "num_projects"   // META says another number of projects
	NotOne      Oddity = "choose_one"     // a ballot of choose-1 names several projects
	TooLong     Oddity = "max_length"     // a ballot names more projects than META allows
	ManyPoints  Oddity = "max_sum_points" // a ballot gives more points than META allows
	HighPoints  Oddity = "max_points"     // a ballot gives a project more points than META allows
)

// look remarks on ballots that go beyond what META says, and puts all remarks in the order of their lines.
func (r *importer) look() {
	r.numbered("num_votes", NumVotes, len(r.e.Ballots))
	r.numbered("num_projects", NumProjects, len(r.e.Projects))
	r.voters()
	length, hasLength := r.bound("max_length", 0)
	sum, hasSum := r.bound("max_sum_points", r.shift)
	most, hasMost := r.bound("max_points", r.shift)
	for i := range r.e.Ballots {
		b, line := &r.e.Ballots[i], r.file.Votes.Lines[i]
		n := int64(len(b.Wishes))
		switch {
		case r.e.Kind == ChooseOne && n > 1:
			r.remark(NotOne, line, strconv.FormatInt(n, 10))
		case hasLength && n > length:
			r.remark(TooLong, line, strconv.FormatInt(n, 10))
		}
		if len(b.Points) == 0 {
			continue
		}
		var all int64
		for _, p := range b.Points {
			all += p
		}
		if hasSum && all > sum {
			r.remark(ManyPoints, line, r.written(all))
		}
		if high := slices.Max(b.Points); hasMost && high > most {
			r.remark(HighPoints, line, r.written(high))
		}
	}
	slices.SortStableFunc(r.remarks, func(a, b Remark) int { return cmp.Compare(a.Line, b.Line) })
}

func (r *importer) remark(kind Oddity, line int, value string) {
	r.remarks = append(r.remarks, Remark{kind, line, value})
}

// numbered remarks where META says another number than there are rows.
func (r *importer) numbered(key string, kind Oddity, rows int) {
	said, ok := r.said[key]
	if ok && said.value != "" && said.value != strconv.Itoa(rows) {
		if d, number := parseDecimal(said.value); !number || d != (decimal{int64(rows), 0}) {
			r.remark(kind, said.line, said.value)
		}
	}
}

// voters remarks on each ballot whose voter_id an earlier one has.
func (r *importer) voters() {
	t := &r.file.Votes
	column := t.column("voter_id")
	seen := make(map[string]bool, len(t.Rows))
	for i, row := range t.Rows {
		id := cell(row, column)
		if id != "" && seen[id] {
			r.remark(VoterTwice, t.Lines[i], id)
		}
		seen[id] = true
	}
}

// bound returns what META says under the key, in units of which 10^places make one, rounded down.
func (r *importer) bound(key string, places int) (int64, bool) {
	d, ok := parseDecimal(r.said[key].value)
	if !ok {
		return 0, false
	}
	if d.places > places {
		return d.digits / powerOfTen(d.places-places), true
	}
	return d.in(places)
}

// written writes points as they stood in the file.
func (r *importer) written(points int64) string {
	one := powerOfTen(r.shift)
	whole := strconv.FormatInt(points/one, 10)
	if points%one == 0 {
		return whole
	}
	part := strconv.FormatInt(one+points%one, 10)[1:]
	return whole + "." + strings.TrimRight(part, "0")
}
