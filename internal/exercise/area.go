package exercise

import (
	"fmt"
	"sort"
)

// Area is an Integrated Care System or a place inside one. The tree has two storeys.
type Area struct {
	ID         string         `yaml:"id"`
	Parent     string         `yaml:"-"`
	Name       Text           `yaml:"name"`
	Board      Text           `yaml:"board"`  // who decides, as people call them
	Places     []Area         `yaml:"places"` // only of an ICS
	Population []PopulationOf `yaml:"population"`
	Fictional  bool           `yaml:"fictional"` // shown for demonstration only
}

// PopulationOf is how many people of a group live in the area, with where the figure is from.
type PopulationOf struct {
	Variable string           `yaml:"variable"` // "age_band", "place", "language" or "priority"
	Source   Text             `yaml:"source"`
	Counts   map[string]int64 `yaml:"counts"` // category → people
}

// Elsewhere is the answer of people from outside the area to the question where they live.
const Elsewhere = "elsewhere"

// Areas is the tree of areas: ICS → places.
type Areas struct {
	byID  map[string]Area
	order []string
}

// NewAreas builds the tree from its ICSs; an id may stand only once.
func NewAreas(systems []Area) (Areas, error) {
	t := Areas{byID: map[string]Area{}}
	for _, s := range systems {
		if err := t.add(s); err != nil {
			return Areas{}, err
		}
		for _, p := range s.Places {
			p.Parent = s.ID
			if err := t.add(p); err != nil {
				return Areas{}, err
			}
		}
	}
	sort.Strings(t.order)
	return t, nil
}

func (t *Areas) add(a Area) error {
	if a.ID == "" || a.Name["en"] == "" {
		return fmt.Errorf("area %q needs an id and an English name", a.ID)
	}
	if _, twice := t.byID[a.ID]; twice {
		return fmt.Errorf("area %q stands twice", a.ID)
	}
	t.byID[a.ID] = a
	t.order = append(t.order, a.ID)
	return nil
}

// Area returns the area of the id.
func (t Areas) Area(id string) (Area, bool) {
	a, ok := t.byID[id]
	return a, ok
}

// Systems returns the ICSs in the order of their ids.
func (t Areas) Systems() []Area {
	var out []Area
	for _, id := range t.order {
		if a := t.byID[id]; a.Parent == "" {
			out = append(out, a)
		}
	}
	return out
}

// System returns the ICS that the area is, or lies in.
func (t Areas) System(id string) (Area, bool) {
	a, ok := t.byID[id]
	if ok && a.Parent != "" {
		a, ok = t.byID[a.Parent]
	}
	return a, ok
}

// Within says whether the area is the outer area or lies inside it; the outer area "" holds all.
func (t Areas) Within(id, outer string) bool {
	if outer == "" || id == outer {
		return id != "" || outer == ""
	}
	a, ok := t.byID[id]
	return ok && a.Parent == outer
}

// All returns every area in the order of their ids.
func (t Areas) All() []Area {
	out := make([]Area, len(t.order))
	for i, id := range t.order {
		out[i] = t.byID[id]
	}
	return out
}
