package report

import (
	"slices"
	"strings"

	"sayso/internal/exercise"
)

// who says of every group how many spoke and whether that is as many as live in the area would make one expect.
func (m *making) who() {
	area, _ := m.areas.Area(m.plan.newest.Area)
	m.out.Living = m.living(area)
	for i, v := range m.plan.vars {
		if _, there := m.release.Table(WhoTable(v.ID)); !there {
			continue
		}
		out := v.Variable
		out.Groups = slices.Clone(v.Groups)
		if m.tally.row(everyoneRow)[v.rest()] == 0 && i <= channelVar {
			out.Groups = out.Groups[:len(out.Groups)-1] // voice, language and channel come with the response
		}
		for j := range out.Groups {
			m.judge(&out, &out.Groups[j], area)
		}
		m.out.Who = append(m.out.Who, out)
	}
}

// living counts the people of the ages that were asked, nil if the area has no figures.
func (m *making) living(area exercise.Area) *Living {
	ages, ok := population(area, ByAge)
	if !ok {
		return nil
	}
	out := &Living{Source: ages.Source}
	at, asked := m.plan.varAt[string(ByAge)]
	for _, band := range exercise.AgeBands {
		n, counted := ages.Counts[band]
		if !counted || asked && !m.plan.vars[at].has(band) {
			continue
		}
		out.People += n
		out.Ages = append(out.Ages, band)
	}
	return out
}

func (v *grouping) has(group string) bool { _, ok := v.index[group]; return ok }

func population(area exercise.Area, kind Kind) (exercise.PopulationOf, bool) {
	i := slices.IndexFunc(area.Population, func(p exercise.PopulationOf) bool { return p.Variable == string(kind) })
	if i < 0 {
		return exercise.PopulationOf{}, false
	}
	return area.Population[i], true
}

func (m *making) judge(v *Variable, g *Group, area exercise.Area) {
	g.Of = Proportion{m.figure(WhoTable(v.ID), g.ID), m.figure(WhoTable(v.ID), total)}
	g.Verdict = NoVerdict
	if g.ID == NotSaid || g.ID == Other || g.ID == no || v.Kind == ByChannel {
		return
	}
	part, whole := m.lives(v, g, area)
	if part > 0 && whole > 0 {
		g.Living = &Proportional{PerMille: int((2000*part + whole) / (2 * whole))}
	}
	switch {
	case !g.Of.Share().Shown():
		g.Verdict = TooFew
	case g.Living != nil:
		m.expect(v, g, float64(part)/float64(whole))
	}
}

// lives returns how many people of the group live in the area, and of how many. A person can be in several priority
// groups: those are parts of people of all ages.
func (m *making) lives(v *Variable, g *Group, area exercise.Area) (part, whole int64) {
	table, ok := population(area, v.Kind)
	if !ok {
		return 0, 0
	}
	if v.Kind == ByPriority {
		ages, _ := population(area, ByAge)
		for _, n := range ages.Counts {
			whole += n
		}
		return table.Counts[strings.TrimPrefix(v.ID, string(ByPriority)+"/")], whole
	}
	for id, n := range table.Counts {
		if v.Kind != ByAge || slices.ContainsFunc(v.Groups, func(o Group) bool { return o.ID == id }) {
			whole += n
		}
	}
	return table.Counts[g.ID], whole
}

// enough is the share of the expected voices from which a group counts as heard: four fifths, the threshold below
// which a selection rate is commonly taken to differ in earnest.
const enough = 0.8

// expect compares those who spoke with those who live here. People who did not say are left out, so that they do
// not make every group look small; the figure is clearly short only if chance does not explain it.
func (m *making) expect(v *Variable, g *Group, living float64) {
	said := g.Of.Whole.N() - m.figure(WhoTable(v.ID), NotSaid).N()
	if said <= 0 {
		return
	}
	ratio := float64(g.Of.Part.N()) / float64(said) / living
	g.Living.Expected = int(100*ratio + 0.5)
	g.Verdict = Heard
	if _, hi := g.Of.Share().Interval(); ratio < enough && hi < living {
		g.Verdict = FewerThan
	}
}
