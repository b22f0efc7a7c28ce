package budget

import (
	"encoding/binary"
	"slices"
)

// profile is the ballots of an election with equal ones merged: what a wish is worth, seen from the voters and from
// the projects. Both are one flat list with the place where each begins.
type profile struct {
	voters  int64   // ballots, empty ones too
	weight  []int64 // of each merged ballot: how many cast it
	from    []int32 // wishes of ballot i are project[from[i]:from[i+1]]
	project []int32
	score   []int64
	by      []int32 // supporters of project p are ballot[by[p]:by[p+1]]
	ballot  []int32
	worth   []int64 // beside ballot: the score it gives
}

// approvals merges the ballots by which projects they name.
func approvals(e *Election) *profile {
	return merge(e, func(Ballot, int) int64 { return 1 })
}

// scores merges the ballots by the points that they give: those written, Borda points where wishes are in order (for
// each wish as many as stand below it on the ballot, so none for the last), else one for a wish.
func scores(e *Election) *profile {
	return merge(e, func(b Ballot, j int) int64 {
		switch {
		case b.Points != nil:
			return b.Points[j]
		case e.Kind == Ordinal:
			return int64(len(b.Wishes) - 1 - j)
		}
		return 1
	})
}

// places merges the ballots by the places of their wishes among all projects: with m of them the first is worth m-1
// points, the second m-2, and what is not named nothing. So one wish alone is worth as much as the first of many.
func places(e *Election) *profile {
	return merge(e, func(_ Ballot, j int) int64 { return int64(len(e.Projects) - 1 - j) })
}

// wish is a project with what it is worth.
type wish struct {
	project int32
	score   int64
}

func merge(e *Election, score func(Ballot, int) int64) *profile {
	p := &profile{voters: int64(len(e.Ballots)), from: []int32{0}}
	place := make(map[string]int32, len(e.Ballots)/4)
	var key []byte
	var wishes []wish
	for i := range e.Ballots {
		wishes = wishes[:0]
		for j, w := range e.Ballots[i].Wishes {
			if s := score(e.Ballots[i], j); s > 0 {
				wishes = append(wishes, wish{int32(w), s})
			}
		}
		slices.SortFunc(wishes, func(a, b wish) int { return int(a.project - b.project) })
		key = key[:0]
		for _, w := range wishes {
			key = binary.AppendUvarint(binary.AppendUvarint(key, uint64(w.project)), uint64(w.score))
		}
		if at, ok := place[string(key)]; ok {
			p.weight[at]++
			continue
		}
		place[string(key)] = int32(len(p.weight))
		p.weight = append(p.weight, 1)
		for _, w := range wishes {
			p.project, p.score = append(p.project, w.project), append(p.score, w.score)
		}
		p.from = append(p.from, int32(len(p.project)))
	}
	p.turn(len(e.Projects))
	return p
}

// turn lists the wishes again from the side of the projects.
func (p *profile) turn(projects int) {
	p.by = make([]int32, projects+1)
	for _, pr := range p.project {
		p.by[pr+1]++
	}
	for i := range projects {
		p.by[i+1] += p.by[i]
	}
	p.ballot, p.worth = make([]int32, len(p.project)), make([]int64, len(p.project))
	next := slices.Clone(p.by)
	for i := range p.weight {
		for k := p.from[i]; k < p.from[i+1]; k++ {
			at := next[p.project[k]]
			p.ballot[at], p.worth[at] = int32(i), p.score[k]
			next[p.project[k]]++
		}
	}
}

// total returns how many people support the project, and with how many points.
func (p *profile) total(project int) (people, points int64) {
	for k := p.by[project]; k < p.by[project+1]; k++ {
		w := p.weight[p.ballot[k]]
		people, points = people+w, points+w*p.worth[k]
	}
	return people, points
}
