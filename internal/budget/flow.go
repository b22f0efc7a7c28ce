package budget

import (
	"math"
	"slices"
)

// flow spreads the costs of projects over crowds of their supporters, each of which can carry so much: the greatest
// flow by Dinic's algorithm (1970), from whatever flow it is given. Amounts are whole grains.
type flow struct {
	loses  bool    // an edge may lose a grain
	need   []int64 // by project: what is not yet carried
	room   []int64 // by crowd: what it can still carry
	people []int64
	from   []int32 // edges of crowd c are from[c] to from[c+1]
	to     []int32 // by edge: the project
	crowds []int32 // by edge: the crowd
	bears  []int64 // by edge
	by     []int32 // edges of project p are edges[by[p]:by[p+1]]
	edges  []int32 // beside by

	depthP, depthC []int32 // levels of projects and crowds, -1 not reached
	nextP, nextC   []int32 // where to go on trying
	queue          []int32
}

// begin starts with the projects only.
func (f *flow) begin(costs []int64, grains int64, loses bool) {
	f.need, f.loses = f.need[:0], loses
	for _, c := range costs {
		f.need = append(f.need, c*grains)
	}
	f.room, f.people, f.from = f.room[:0], f.people[:0], f.from[:0]
	f.to, f.crowds, f.bears = f.to[:0], f.crowds[:0], f.bears[:0]
}

// crowd adds people with what they can carry; their edges follow.
func (f *flow) crowd(people, room int64) {
	f.from = append(f.from, int32(len(f.to)))
	f.room = append(f.room, room)
	f.people = append(f.people, people)
}

// edge lets the last crowd carry this much of the project.
func (f *flow) edge(project int32, bears int64) {
	c := len(f.room) - 1
	bears = min(bears, f.need[project], f.room[c])
	f.to, f.crowds, f.bears = append(f.to, project), append(f.crowds, int32(c)), append(f.bears, bears)
	f.need[project] -= bears
	f.room[c] -= bears
}

// end lists the edges by project.
func (f *flow) end() {
	f.from = append(f.from, int32(len(f.to)))
	f.by = append(f.by[:0], make([]int32, len(f.need)+1)...)
	for _, p := range f.to {
		f.by[p+1]++
	}
	for p := range f.need {
		f.by[p+1] += f.by[p]
	}
	next := slices.Clone(f.by)
	f.edges = append(f.edges[:0], make([]int32, len(f.to))...)
	for e, p := range f.to {
		f.edges[next[p]] = int32(e)
		next[p]++
	}
	for p := range f.need {
		if f.needs(p) {
			f.even(p)
		}
	}
}

// run makes the flow as great as it can be, and says whether everything is carried.
func (f *flow) run() bool {
	for f.levels() {
		f.nextP = append(f.nextP[:0], f.by[:len(f.need)]...)
		f.nextC = append(f.nextC[:0], f.from[:len(f.room)]...)
		for p := range f.need {
			if f.needs(p) {
				f.need[p] -= f.give(int32(p), f.need[p])
			}
		}
	}
	for p := range f.need {
		if f.needs(p) {
			return false
		}
	}
	return true
}

// levels finds how far each project and crowd is from a project in need, and says whether some room is in reach.
func (f *flow) levels() bool {
	f.depthP, f.depthC = unreached(f.depthP, len(f.need)), unreached(f.depthC, len(f.room))
	f.queue = f.queue[:0]
	for p := range f.need {
		if f.needs(p) {
			f.depthP[p] = 0
			f.queue = append(f.queue, int32(p))
		}
	}
	last := int32(math.MaxInt32) // how far room was found: nothing further is of use
	for at := 0; at < len(f.queue) && f.depthP[f.queue[at]] < last; at++ {
		p := f.queue[at]
		for _, e := range f.edges[f.by[p]:f.by[p+1]] {
			c := f.crowds[e]
			if f.depthC[c] >= 0 {
				continue
			}
			f.depthC[c] = f.depthP[p] + 1
			if f.room[c] > 0 {
				last = f.depthC[c]
			}
			if last < math.MaxInt32 {
				continue
			}
			for o := f.from[c]; o < f.from[c+1]; o++ {
				if q := f.to[o]; f.bears[o] > 0 && f.depthP[q] < 0 {
					f.depthP[q] = f.depthC[c] + 1
					f.queue = append(f.queue, q)
				}
			}
		}
	}
	return last < math.MaxInt32
}

// even lets the crowds of a project carry it in proportion to their room, as far as that goes: the more evenly loads
// lie, the less has to be moved later.
func (f *flow) even(p int) {
	room := 0.0
	for _, e := range f.edges[f.by[p]:f.by[p+1]] {
		room += float64(f.room[f.crowds[e]])
	}
	part := min(1, float64(f.need[p])/room)
	for _, e := range f.edges[f.by[p]:f.by[p+1]] {
		if f.need[p] == 0 {
			return
		}
		c := f.crowds[e]
		n := min(int64(part*float64(f.room[c])), f.room[c], f.need[p])
		f.bears[e] += n
		f.room[c] -= n
		f.need[p] -= n
	}
}

// needs says whether more of the project has to be carried than grains can have been lost.
func (f *flow) needs(p int) bool {
	if f.loses {
		return f.need[p] > int64(f.by[p+1]-f.by[p])
	}
	return f.need[p] > 0
}

func unreached(depth []int32, n int) []int32 {
	depth = slices.Grow(depth[:0], n)[:n]
	for i := range depth {
		depth[i] = -1
	}
	return depth
}

// give lets crowds one level on carry up to so much more of the project, and returns how much they do.
func (f *flow) give(p int32, want int64) int64 {
	given := int64(0)
	for ; f.nextP[p] < f.by[p+1]; f.nextP[p]++ {
		e := f.edges[f.nextP[p]]
		if c := f.crowds[e]; f.depthC[c] == f.depthP[p]+1 {
			n := f.take(c, want-given)
			f.bears[e] += n
			if given += n; given == want {
				return given
			}
		}
	}
	return given
}

// take makes the crowd carry more: of its room, or by handing on what it carries of projects one level on.
func (f *flow) take(c int32, want int64) int64 {
	taken := min(want, f.room[c])
	f.room[c] -= taken
	for ; taken < want && f.nextC[c] < f.from[c+1]; f.nextC[c]++ {
		e := f.nextC[c]
		if q := f.to[e]; f.bears[e] > 0 && f.depthP[q] == f.depthC[c]+1 {
			n := f.give(q, min(want-taken, f.bears[e]))
			f.bears[e] -= n
			if taken += n; taken == want {
				return taken
			}
		}
	}
	return taken
}

// short returns a load that is needed at least: that of the projects from which no room is in reach.
func (f *flow) short(costs []int64) load {
	var l load
	for p, d := range f.depthP {
		if d >= 0 {
			l.cost += costs[p]
		}
	}
	for c, d := range f.depthC {
		if d >= 0 {
			l.people += f.people[c]
		}
	}
	return l
}

// taken returns the crowd as the flow loads it.
func (f *flow) taken(c int) crowd {
	from, to := f.from[c], f.from[c+1]
	return crowd{people: f.people[c], of: slices.Clone(f.to[from:to]), bears: slices.Clone(f.bears[from:to])}
}
