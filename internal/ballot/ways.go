package ballot

import (
	"context"
	"slices"

	"sayso/internal/exercise"
	"sayso/internal/fault"
)

// Way is a second way to fill in a ballot over the same projects, for people who would find the first too hard, or too
// simple. Votes by either way count alike.
type Way struct {
	Ballot Kind          `yaml:"ballot" json:"ballot"`
	Most   int           `yaml:"most" json:"most,omitempty"`
	For    exercise.Text `yaml:"for" json:"for"`             // whom it is for, in words
	Coin   Money         `yaml:"coin" json:"coin,omitempty"` // what one coin stands for to them; 0: they count in pounds
}

// Which is one of the ways of an exercise: the first, the second, or 0 where nobody chose, since there is only one.
type Which int

// The ways.
const (
	First  Which = 1
	Second Which = 2
)

// alike are the kinds of ballot that say the same of a project: it is wished for, or is not.
var alike = []Kind{Tick, UpTo, Purse}

// Ways returns the ways among which people choose; none if there is only one.
func (e *Exercise) Ways() []Which {
	if e.Also == nil {
		return nil
	}
	return []Which{First, Second}
}

// Way describes one of the ways.
func (e *Exercise) Way(w Which) Way {
	if w == Second && e.Also != nil {
		return *e.Also
	}
	return Way{Ballot: e.Ballot, Most: e.Most, For: e.For, Coin: e.Coin}
}

// By returns a whole exercise as those meet it who vote by the way; for 0 as it is for everybody: with coins only if all
// count in the same.
func (e *Exercise) By(w Which) *Exercise {
	if e.Also == nil || w == First {
		return e
	}
	out := *e
	if w == Second {
		out.Ballot, out.Most, out.Coin = e.Also.Ballot, e.Also.Most, e.Also.Coin
	} else if e.Coin != e.Also.Coin {
		out.Coin = 0
	}
	return &out
}

// Choose has the ballot filled in by the way from now on. Wishes that fit it stay, in their order; those that do not are
// taken out and returned. Invalid if there is no such way.
func (s *Service) Choose(ctx context.Context, id string, w Which) (Ballot, []Wish, error) {
	var out []Wish
	b, err := s.change(ctx, id, func(e *Exercise, b *Ballot) error {
		if !slices.Contains(e.Ways(), w) {
			return fault.New(fault.Invalid, "answer.choose_one")
		}
		var err error
		b.Way = w
		b.Wishes, out, err = e.By(w).fit(b.Wishes)
		return err
	})
	return b, out, err
}

// fit presses the wishes one after the other into an empty ballot: what cannot be pressed is left out.
func (e *Exercise) fit(wishes []Wish) (in, out []Wish, err error) {
	var b Ballot
	for _, w := range wishes {
		switch err := e.press(&b, Press{Project: w.Project, Act: Add}); {
		case fault.Is(err, fault.Invalid):
			out = append(out, w)
		case err != nil:
			return nil, nil, err
		}
	}
	return b.Wishes, out, nil
}
