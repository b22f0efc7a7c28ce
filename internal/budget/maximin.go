package budget

import "slices"

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
	p      *profile
	group  []int32 // by ballot
	crowds []crowd
	now    load   // of what is funded
	bound  []load // by project: with it the load is at least this
	flow   flow
	touch  []int64 // scratch, by group: supporters of the project looked at
}

// crowd is a group of voters with the funded projects they support, as places in the order of funding.
type crowd struct {
	people int64
	of     []int32
	bears  []int64 // beside of: what they carry of its cost, over now.people
}

func (r *run) maximin() {
	p := r.wants()
	s := &spread{run: r, p: p, group: make([]int32, len(p.weight)), crowds: []crowd{{people: p.voters}}, now: load{0, 1}}
	s.bound = make([]load, len(r.e.Projects))
	for i, pr := range r.e.Projects {
		people, _ := p.total(i)
		s.bound[i] = load{pr.Cost, people}
	}
	for {
		tied := s.least()
		if len(tied) == 0 {
			return
		}
		w := r.first(tied)
		l := s.bound[w]
		s.keep(w, l)
		r.fund(w, Round{Step: Chosen, Merit: ratio(l.cost, l.people), Tied: r.ids(tied), Standings: s.stood()})
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
	for {
		worse, ok := s.try(i, s.bound[i])
		if ok {
			return
		}
		s.bound[i] = worse
		if len(best) > 0 && worse.against(s.bound[best[0]]) > 0 {
			return
		}
	}
}

// try says whether the load is enough for what is funded and the project; if not, it returns a greater one that is
// needed at least.
func (s *spread) try(i int, l load) (load, bool) {
	s.build(i, l.reduced())
	if s.flow.run() {
		return l, true
	}
	return s.flow.short(s.costs(i)), false
}

func (l load) reduced() load {
	g := gcd(l.cost, l.people)
	return load{l.cost / g, l.people / g}
}

// costs returns the costs of what is funded and of the project, in that order.
func (s *spread) costs(i int) []int64 {
	out := make([]int64, 0, len(s.out.winners)+1)
	for _, w := range append(slices.Clone(s.out.winners), i) {
		out = append(out, s.e.Projects[w].Cost)
	}
	return out
}

// build lays out the flow for the funded projects and one more. Groups of which some support it are taken apart.
func (s *spread) build(i int, l load) {
	s.touch = append(s.touch[:0], make([]int64, len(s.crowds))...)
	for j := s.p.by[i]; j < s.p.by[i+1]; j++ {
		b := s.p.ballot[j]
		s.touch[s.group[b]] += s.p.weight[b]
	}
	f := &s.flow
	f.begin(s.costs(i), l)
	last := int32(len(s.out.winners))
	for g := range s.crowds {
		c := &s.crowds[g]
		if with := s.touch[g]; with > 0 {
			f.crowd(with, l)
			for k, of := range c.of {
				f.edge(of, rescale(c.bears[k], with, c.people, s.now.people, l.people))
			}
			f.edge(last, 0)
		}
		if without := c.people - s.touch[g]; without > 0 && len(c.of) > 0 {
			f.crowd(without, l)
			for k, of := range c.of {
				f.edge(of, rescale(c.bears[k], without, c.people, s.now.people, l.people))
			}
		}
	}
	f.end()
}

// rescale returns what part of the people carry, over a new denominator, rounded down.
func rescale(bears, part, people, old, over int64) int64 {
	if old != over {
		bears = scale(bears, over, old)
	}
	return scale(bears, part, people)
}

// keep takes over the flow with the project that was funded.
func (s *spread) keep(w int, l load) {
	l = l.reduced()
	s.build(w, l)
	s.flow.run()
	s.now = l
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
