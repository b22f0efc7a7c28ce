package budget

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// plainTransfer is support transfers by the book, with a fraction for every voter.
type plainTransfer struct {
	e       *Election
	p       *profile
	rank    []int
	have    []*big.Rat
	in      map[int]bool
	left    int64
	winners []string
	tied    [][]string
}

func (t *plainTransfer) count() {
	for {
		tied := t.best(func(q int) bool { return t.cost(q).Cmp(t.upon(q)) <= 0 && t.e.Projects[q].Cost <= t.left })
		if tied == nil {
			for q := range t.e.Projects {
				if t.cost(q).Cmp(t.means(q)) > 0 || t.e.Projects[q].Cost > t.left {
					delete(t.in, q)
				}
			}
			tied = t.best(func(int) bool { return true })
		}
		if tied == nil {
			return
		}
		q := slices.MinFunc(tied, func(a, b int) int { return t.rank[a] - t.rank[b] })
		t.buy(q)
		t.winners = append(t.winners, t.e.Projects[q].ID)
		var ids []string
		for _, q := range tied {
			if len(tied) > 1 {
				ids = append(ids, t.e.Projects[q].ID)
			}
		}
		t.tied = append(t.tied, ids)
	}
}

func (t *plainTransfer) cost(q int) *big.Rat { return big.NewRat(t.e.Projects[q].Cost, 1) }

// lays is what a voter of the ballot lays upon the project they give points to.
func (t *plainTransfer) lays(i int32, points int64) *big.Rat {
	var rest int64
	for k := t.p.from[i]; k < t.p.from[i+1]; k++ {
		if t.in[int(t.p.project[k])] {
			rest += t.p.score[k]
		}
	}
	return new(big.Rat).Mul(t.have[i], big.NewRat(points, rest))
}

func (t *plainTransfer) upon(q int) *big.Rat {
	return t.sum(q, func(j int32) *big.Rat { return t.lays(t.p.ballot[j], t.p.worth[j]) })
}

func (t *plainTransfer) means(q int) *big.Rat {
	return t.sum(q, func(j int32) *big.Rat { return t.have[t.p.ballot[j]] })
}

func (t *plainTransfer) sum(q int, of func(j int32) *big.Rat) *big.Rat {
	sum := new(big.Rat)
	for j := t.p.by[q]; j < t.p.by[q+1]; j++ {
		sum.Add(sum, new(big.Rat).Mul(of(j), big.NewRat(t.p.weight[t.p.ballot[j]], 1)))
	}
	return sum
}

func (t *plainTransfer) best(may func(int) bool) []int {
	var tied []int
	most := new(big.Rat)
	for q := range t.e.Projects {
		if !t.in[q] || t.upon(q).Sign() == 0 || !may(q) {
			continue
		}
		merit := t.upon(q)
		switch merit.Quo(merit, t.cost(q)).Cmp(most) {
		case 1:
			tied, most = []int{q}, merit
		case 0:
			tied = append(tied, q)
		}
	}
	return tied
}

func (t *plainTransfer) buy(q int) {
	lays, empty := map[int32]*big.Rat{}, map[int32]bool{}
	for j := t.p.by[q]; j < t.p.by[q+1]; j++ {
		lays[t.p.ballot[j]] = t.lays(t.p.ballot[j], t.p.worth[j])
	}
	delete(t.in, q)
	t.left -= t.e.Projects[q].Cost
	for {
		left, base, more := t.cost(q), new(big.Rat), false
		for i, l := range lays {
			w := big.NewRat(t.p.weight[i], 1)
			if empty[i] {
				left.Sub(left, w.Mul(w, t.have[i]))
			} else {
				base.Add(base, w.Mul(w, l))
			}
		}
		f := new(big.Rat)
		if base.Sign() > 0 {
			f.Quo(left, base)
		}
		for i, l := range lays {
			if !empty[i] && new(big.Rat).Mul(l, f).Cmp(t.have[i]) > 0 {
				empty[i], more = true, true
			}
		}
		if more {
			continue
		}
		for i, l := range lays {
			if t.have[i] = new(big.Rat).Sub(t.have[i], l.Mul(l, f)); empty[i] {
				t.have[i] = new(big.Rat)
			}
		}
		return
	}
}

func plainTransfers(c *Counter) *plainTransfer {
	t := &plainTransfer{e: c.e, p: c.gives(), rank: c.rank, left: c.e.Budget, in: map[int]bool{}}
	for range t.p.weight {
		t.have = append(t.have, big.NewRat(c.e.Budget, t.p.voters))
	}
	for q, pr := range c.e.Projects {
		people, _ := t.p.total(q)
		t.in[q] = people > 0 && pr.Cost > 0 && pr.Cost <= c.e.Budget
	}
	t.count()
	return t
}

// likeTheBook compares a count by support transfers with the plain one: what was chosen, and what it was tied with.
func likeTheBook(t testing.TB, e *Election, order Order) {
	t.Helper()
	c, err := NewCounter(e, order)
	if err != nil {
		t.Fatal(err)
	}
	o, err := c.Count(rule(t, "cstv"))
	if err != nil {
		t.Fatal(err)
	}
	want := plainTransfers(c)
	var winners []string
	var tied [][]string
	for _, r := range o.Rounds {
		if r.Step == Chosen {
			winners, tied = append(winners, r.Project), append(tied, r.Tied)
		}
	}
	if !slices.Equal(winners, want.winners) || fmt.Sprint(tied) != fmt.Sprint(want.tied) {
		t.Fatalf("%s: chosen %v, tied %v; want %v, tied %v", order, winners, tied, want.winners, want.tied)
	}
}

func TestTransfersAreWhatTheBookSaysWhateverTheNames(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		e := elections(Cumulative).Draw(r, "election")
		if len(e.Ballots) == 0 || e.Budget == 0 {
			return
		}
		ids := make([]string, len(e.Projects))
		for i, p := range e.Projects {
			ids[i] = p.ID
		}
		likeTheBook(t, e, Order{Name: "list", List: rapid.Permutation(ids).Draw(r, "order")})
	})
	for seed := range uint64(8) {
		likeTheBook(t, larger(seed, Cumulative, 9, 20+10*int(seed)), Lexico)
	}
}

// Thirds of a voter's part are no whole number of grains, but three of them are a part as much as one is.
func TestTransfersFindAnExactTie(t *testing.T) {
	e := parsed(t, Cumulative, 78, "a 19", "b 19", "c 50", "d 19", "3: a=1 c=1 d=1", "1: b=1")
	for _, list := range []string{"a,b,d,c", "a,d,b,c", "b,a,d,c", "b,d,a,c", "d,a,b,c", "d,b,a,c"} {
		order := Order{Name: "list", List: strings.Split(list, ",")}
		likeTheBook(t, e, order)
		o := won(t, e, "cstv", order)
		if first := o.Rounds[0]; first.Project != list[:1] || strings.Join(first.Tied, "") != "abd" || o.TiesBroken == 0 {
			t.Errorf("%s: %+v", list, first)
		}
	}
}

// Equal standings tie however the projects are called, and whichever stands first: exchanging two names and their
// places in the order exchanges them in the outcome.
func TestTransfersDoNotKnowNames(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		e := elections(Cumulative).Draw(r, "election")
		places := make([]int, len(e.Projects)) // from old to new
		for i := range places {
			places[i] = i
		}
		places = rapid.Permutation(places).Draw(r, "places")
		other := &Election{Kind: e.Kind, Budget: e.Budget, Unit: e.Unit, Projects: make([]Project, len(places))}
		for old, at := range places {
			other.Projects[at] = Project{ID: fmt.Sprint("q", at), Cost: e.Projects[old].Cost}
		}
		for _, b := range e.Ballots {
			b.Wishes = slices.Clone(b.Wishes)
			for i := range b.Wishes {
				b.Wishes[i] = places[b.Wishes[i]]
			}
			other.Ballots = append(other.Ballots, b)
		}
		var list, turned []string
		for old, at := range places {
			list, turned = append(list, e.Projects[old].ID), append(turned, other.Projects[at].ID)
		}
		name := map[string]string{}
		for i := range list {
			name[list[i]] = turned[i]
		}
		a, b := counted(r, e, "cstv", Order{Name: "list", List: list}), counted(r, other, "cstv", Order{Name: "list", List: turned})
		var want []string
		for _, w := range a.Winners {
			want = append(want, name[w])
		}
		slices.Sort(want) // what costs nothing is funded in the order of the file
		if got := slices.Sorted(slices.Values(b.Winners)); !slices.Equal(got, want) {
			t.Fatalf("%v under one set of names, %v under another", want, got)
		}
		if a.TiesBroken != b.TiesBroken {
			t.Fatalf("%d ties under one set of names, %d under another", a.TiesBroken, b.TiesBroken)
		}
	})
}

func TestWideNumbers(t *testing.T) {
	wides := rapid.Custom(func(t *rapid.T) wide {
		return wide{rapid.Uint64Range(0, 1<<62).Draw(t, "hi"), rapid.Uint64().Draw(t, "lo")}
	})
	rapid.Check(t, func(t *rapid.T) {
		w, o := wides.Draw(t, "w"), wides.Draw(t, "o")
		b := rapid.Int64Range(1, 1<<40).Draw(t, "b")
		a := rapid.Int64Range(0, b).Draw(t, "a")
		part := new(big.Int).Mul(w.big(), big.NewInt(a))
		if part.Quo(part, big.NewInt(b)); w.part(a, b).big().Cmp(part) != 0 {
			t.Fatalf("%v·%d/%d is %v", w, a, b, w.part(a, b))
		}
		if want := new(big.Rat).SetFrac(w.big(), big.NewInt(b)).Cmp(new(big.Rat).SetFrac(o.big(), big.NewInt(a+1))); w.against(b, o, a+1) != want {
			t.Fatalf("%v/%d against %v/%d", w, b, o, a+1)
		}
		if got := w.plus(o).big(); got.Cmp(new(big.Int).Add(w.big(), o.big())) != 0 || w.plus(o).minus(o) != w {
			t.Fatalf("%v and %v are %v", w, o, got)
		}
		of, by := wide{1<<20 + w.hi>>20, w.lo}, wide{1<<20 + o.hi>>20, o.lo}
		f, x := newFactor(of, by), wide{w.hi >> 22, o.lo}
		exact := new(big.Rat).Mul(new(big.Rat).SetInt(x.big()), f.rat())
		off := new(big.Rat).Sub(new(big.Rat).SetInt(f.pay(x).big()), exact)
		small := new(big.Rat).Quo(exact, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 127)))
		if exact.Cmp(new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 127))) < 0 && (off.Sign() < 0 || off.Cmp(small.Add(small, big.NewRat(1, 1))) > 0) {
			t.Fatalf("%v times %v is wrong by %v", x, f, off)
		}
	})
}
