package budget

import (
	"math/bits"
	"slices"
)

// The maximin support rule for projects with prices (Aziz, Lee and Talmon call it generalised sequential Phragmén): the
// costs of what is funded are spread over its supporters so that the greatest load of any voter is as small as can be,
// and the next project is the one with which that load stays smallest. What does not fit any more is passed over.
//
// The least greatest load of a set of projects is the greatest cost(X)/supporters(X) over its subsets X, so it is found
// from below: a flow shows whether a load is enough, and where it is not, the projects that are short are an X with a
// greater one. Loads never fall when projects are added, so earlier ones are bounds, and few projects need a flow.

// load is a number of money per voter, exactly.
type load struct{ cost, people int64 }

func (l load) against(o load) int {
	return density{l.cost, l.people}.against(density{o.cost, o.people})
}

// spread is a count by maximin support on its way. Voters who support the same of the funded projects are one group.
type spread struct {
	*run
	p          *profile
	group      []int32 // by ballot
	crowds     []crowd
	unit       int64  // all costs are multiples of it, and counted in it
	fine       int64  // grains in a unit, as many as fit a machine word
	grains     int64  // in a unit, in what crowds bear
	now        load   // of what is funded
	bound      []load // by project: with it the load is at least this
	flow       flow
	laid       int   // the project, counted from 1, with which the flow was last run …
	laidGrains int64 // … and in which grains
	cuts       []cut
	touch      []int64 // scratch, by group: supporters of the project looked at
}

// cut is a set of funded projects that has shown to bear on the load. What proves a load for one project does so, with
// another in its place, for others too.
type cut struct {
	projects []bool // by place in the order of funding
	cost     int64
	people   int64  // supporters
	groups   []bool // that they are in
}

const mostCuts = 6

// crowd is a group of voters with the funded projects they support, as places in the order of funding.
type crowd struct {
	people int64
	of     []int32
	bears  []int64 // beside of: what they carry of its cost, in grains
}

func (r *run) maximin() { newSpread(r).count() }

func newSpread(r *run) *spread {
	p := r.wants()
	s := &spread{run: r, p: p, group: make([]int32, len(p.weight)), crowds: []crowd{{people: p.voters}}, now: load{0, 1}, grains: 1}
	for _, pr := range r.e.Projects {
		s.unit = gcd(s.unit, pr.Cost)
	}
	s.unit = max(s.unit, 1)
	s.fine = (1 << 62) / max(r.e.Budget/s.unit, 1)
	s.bound = make([]load, len(r.e.Projects))
	for i := range r.e.Projects {
		people, _ := p.total(i)
		s.bound[i] = load{s.price(i), people}
	}
	return s
}

// count funds project after project.
func (s *spread) count() {
	for tied := s.least(); len(tied) > 0; tied = s.least() {
		w := s.first(tied)
		l := s.bound[w]
		s.keep(w, l)
		s.fund(w, Round{Step: Chosen, Merit: ratio(l.cost*s.unit, l.people), Tied: s.ids(tied), Standings: s.stood()})
		for k, c := range s.cuts {
			s.cuts[k] = s.measured(c)
		}
	}
}

// least returns the projects with which the load stays smallest.
func (s *spread) least() []int {
	var queue []int
	for i, b := range s.bound {
		if !s.won[i] && b.people > 0 && s.e.Projects[i].Cost <= s.left {
			if b.against(s.now) < 0 {
				s.bound[i] = s.now
			}
			queue = append(queue, i)
		}
	}
	slices.SortFunc(queue, func(a, b int) int { return s.bound[a].against(s.bound[b]) })
	var tied []int
	for _, i := range queue {
		if len(tied) > 0 && s.bound[i].against(s.bound[tied[0]]) > 0 {
			break
		}
		s.raise(i, tied)
		against := -1
		if len(tied) > 0 {
			against = s.bound[i].against(s.bound[tied[0]])
		}
		switch {
		case against < 0:
			tied = append(tied[:0], i)
		case against == 0:
			tied = append(tied, i)
		}
	}
	return tied
}

// raise lifts the bound of the project to its load, or above that of the best so far.
func (s *spread) raise(i int, best []int) {
	s.touched(i)
	for {
		s.prove(i)
		if len(best) > 0 && s.bound[i].against(s.bound[best[0]]) > 0 {
			return
		}
		worse, ok := s.try(i, s.bound[i])
		if ok {
			return
		}
		s.bound[i] = worse
		s.learn()
	}
}

// touched counts the supporters of the project in each group.
func (s *spread) touched(i int) {
	s.touch = append(s.touch[:0], make([]int64, len(s.crowds))...)
	for j := s.p.by[i]; j < s.p.by[i+1]; j++ {
		b := s.p.ballot[j]
		s.touch[s.group[b]] += s.p.weight[b]
	}
}

// prove lifts the bound of the project by the cuts that are known.
func (s *spread) prove(i int) {
	for _, c := range s.cuts {
		l := load{c.cost + s.price(i), c.people}
		for g, n := range s.touch {
			if n > 0 && !c.groups[g] {
				l.people += n
			}
		}
		if l.against(s.bound[i]) > 0 {
			s.bound[i] = l
		}
	}
}

// learn keeps the funded projects that the flow found short.
func (s *spread) learn() {
	c := cut{projects: make([]bool, len(s.out.winners))}
	for p := range c.projects {
		c.projects[p] = s.flow.depthP[p] >= 0
	}
	if len(s.cuts) == mostCuts {
		s.cuts = slices.Delete(s.cuts, 0, 1)
	}
	s.cuts = append(s.cuts, s.measured(c))
}

// measured works out what the cut costs and who supports it.
func (s *spread) measured(c cut) cut {
	c.cost, c.people, c.groups = 0, 0, make([]bool, len(s.crowds))
	for p, in := range c.projects {
		if in {
			c.cost += s.price(s.out.winners[p])
		}
	}
	for g, crowd := range s.crowds {
		if slices.ContainsFunc(crowd.of, func(p int32) bool { return int(p) < len(c.projects) && c.projects[p] }) {
			c.groups[g] = true
			c.people += crowd.people
		}
	}
	return c
}

// try says whether the load is enough for what is funded and the project; if not, it returns a greater one that is
// needed at least.
func (s *spread) try(i int, l load) (load, bool) {
	s.laid = i + 1
	s.build(i, l.reduced())
	if s.flow.run() {
		return l, true
	}
	if worse := s.flow.short(s.costs(i)); worse.against(l) > 0 {
		return worse, false
	}
	return l, true // what is short is less than what was lost to whole grains
}

func (l load) reduced() load {
	g := gcd(l.cost, l.people)
	return load{l.cost / g, l.people / g}
}

// price is the cost of the project in units.
func (s *spread) price(i int) int64 { return s.e.Projects[i].Cost / s.unit }

// costs returns the costs of what is funded and of the project, in that order.
func (s *spread) costs(i int) []int64 {
	out := make([]int64, 0, len(s.out.winners)+1)
	for _, w := range append(slices.Clone(s.out.winners), i) {
		out = append(out, s.price(w))
	}
	return out
}

// build lays out the flow for the funded projects and one more. Groups of which some support it are taken apart.
func (s *spread) build(i int, l load) {
	f := &s.flow
	grains := s.size(l)
	f.begin(s.costs(i), grains, grains != l.people)
	last := int32(len(s.out.winners))
	for g := range s.crowds {
		c := &s.crowds[g]
		with, without := s.touch[g], c.people-s.touch[g]
		if with > 0 {
			f.crowd(with, capacity(with, l, grains))
			for k, of := range c.of {
				f.edge(of, scale(s.bears(c, k, grains), with, c.people))
			}
			f.edge(last, 0)
		}
		if without > 0 && len(c.of) > 0 {
			f.crowd(without, capacity(without, l, grains))
			for k, of := range c.of {
				b := s.bears(c, k, grains)
				f.edge(of, b-scale(b, with, c.people))
			}
		}
	}
	f.end()
	s.laidGrains = grains
}

// size chooses how many grains a unit of money has. With as many as there are people in the load, all amounts are
// whole. With very many, always the same, flows carry over from load to load; each crowd may lose one grain and each
// edge one, which is less than half of what a set of projects is short that is short at all: one grain in as many as
// there are people in the load.
func (s *spread) size(l load) int64 {
	edges := 4 * len(s.crowds)
	for g := range s.crowds {
		edges += 2 * len(s.crowds[g].of)
	}
	if s.fine/l.people > 2*int64(edges) {
		return s.fine
	}
	return l.people
}

// bears returns what the crowd bears of its k-th project, in grains of this size.
func (s *spread) bears(c *crowd, k int, grains int64) int64 {
	if grains == s.grains {
		return c.bears[k]
	}
	return scale(c.bears[k], grains, s.grains)
}

// capacity is what people can bear under the load, in grains.
func capacity(people int64, l load, grains int64) int64 {
	hi, lo := bits.Mul64(uint64(people*l.cost), uint64(grains))
	if hi >= uint64(l.people) {
		return 1 << 62 // more than there is
	}
	q, _ := bits.Div64(hi, lo, uint64(l.people))
	return int64(min(q, 1<<62))
}

// keep takes over the flow with the project that was funded.
func (s *spread) keep(w int, l load) {
	l = l.reduced()
	s.touched(w)
	if s.laid != w+1 { // else its flow is still there
		s.build(w, l)
		s.flow.run()
	}
	s.now, s.grains = l, s.laidGrains
	with := make([]int32, len(s.crowds)) // the group that those who support it come to
	var crowds []crowd
	without := make([]int32, len(s.crowds))
	at := 0
	for g, c := range s.crowds {
		with[g], without[g] = -1, -1
		if s.touch[g] > 0 {
			with[g] = int32(len(crowds))
			crowds = append(crowds, s.flow.taken(at))
			at++
		}
		switch {
		case c.people == s.touch[g]:
		case len(c.of) == 0:
			without[g] = int32(len(crowds))
			crowds = append(crowds, crowd{people: c.people - s.touch[g]})
		default:
			without[g] = int32(len(crowds))
			crowds = append(crowds, s.flow.taken(at))
			at++
		}
	}
	supports := make([]bool, len(s.group))
	for j := s.p.by[w]; j < s.p.by[w+1]; j++ {
		supports[s.p.ballot[j]] = true
	}
	for b, g := range s.group {
		if s.group[b] = without[g]; supports[b] {
			s.group[b] = with[g]
		}
	}
	s.crowds = crowds
	for k, c := range s.cuts {
		c.projects = append(c.projects, true) // most likely it bears on the load too
		s.cuts[k] = c
	}
}

func (s *spread) stood() []Standing {
	if !s.walk {
		return nil
	}
	var out []Standing
	for i, b := range s.bound {
		if !s.won[i] && b.people > 0 && s.e.Projects[i].Cost <= s.left {
			out = append(out, Standing{Project: s.e.Projects[i].ID, Merit: float64(b.cost) / float64(b.people)})
		}
	}
	return out
}
