package ballot

import (
	"math"
	"slices"
	"strconv"

	"sayso/internal/budget"
	"sayso/internal/disclosure"
)

// ByWay is the variable by which voters are grouped who filled in their ballots in different ways; its categories are
// the ways in digits.
const ByWay = "way"

func (w Which) category() string { return strconv.Itoa(int(w)) }

// WhichOf is the way of a category of ByWay, or as a form names it; 0 for what is none.
func WhichOf(category string) Which {
	n, err := strconv.Atoi(category)
	if err != nil {
		return 0
	}
	return Which(n)
}

// variable is what voters are grouped by: who speaks, how the vote came, the way they voted, or a question about the
// person. of returns what is known of the voter of a ballot.
type variable struct {
	name       string
	categories []string
	several    bool // a voter may be in several categories: each is a table of its own
	known      bool // of every voter: nobody is left unsaid
	of         func(ballot int) []string
}

func (t *tally) variables() []variable {
	unsaidOnPaper := slices.Contains(t.voices, "")
	voices := variable{name: "voice", known: !unsaidOnPaper, of: func(i int) []string { return []string{string(t.voices[i])} }}
	for _, v := range t.e.Voices {
		voices.categories = append(voices.categories, string(v))
	}
	out := []variable{voices}
	if slices.Contains(t.channels, Paper) {
		out = append(out, variable{name: "channel", categories: []string{string(Web), string(Paper)}, known: true,
			of: func(i int) []string { return []string{string(t.channels[i])} }})
	}
	if ways := t.e.Ways(); ways != nil {
		by := variable{name: ByWay, known: true, of: func(i int) []string { return []string{t.ways[i].category()} }}
		for _, w := range ways {
			by.categories = append(by.categories, w.category())
		}
		out = append(out, by)
	}
	for i := range t.e.Questions {
		q := &t.e.Questions[i]
		out = append(out, variable{name: q.ID, categories: q.OptionIDs(), several: q.Role == RolePriority, of: func(i int) []string {
			for _, a := range t.abouts[i] {
				if a.Question == q.ID {
					return a.Choices
				}
			}
			return nil
		}})
	}
	return out
}

// unsaid is the category of voters who did not answer a question.
const unsaid = "unsaid"

// grouped is one table, and the groups that are read from it.
type grouped struct {
	variable
	table disclosure.Raw
}

// groups tells who got what, as far as it may be shown: of groups under the floor nothing.
func (t *tally) groups(o *budget.Outcome) ([]Group, error) {
	seen := t.seen(o)
	var all []grouped
	for _, v := range t.variables() {
		parts := []variable{v}
		if v.several {
			parts = nil
			for _, c := range v.categories {
				parts = append(parts, variable{name: v.name, categories: []string{c}, of: v.of})
			}
		}
		for _, part := range parts {
			raw, err := part.count(seen)
			if err != nil {
				return nil, err
			}
			all = append(all, grouped{part, raw})
		}
	}
	tables := make([]disclosure.Raw, len(all))
	for i, g := range all {
		tables[i] = g.table
	}
	release, err := disclosure.Publish(disclosure.Standard(), nil, tables)
	if err != nil {
		return nil, err
	}
	var out []Group
	for i, g := range all {
		groups := t.readGroups(g.variable, release.Tables[i], o)
		if g.known {
			cover(g.table, groups)
		}
		out = append(out, groups...)
	}
	return out, nil
}

// seen says for each ballot whether at least one wish is funded.
func (t *tally) seen(o *budget.Outcome) []bool {
	funded := o.Funded(t.election)
	won := make([]bool, len(t.e.Projects))
	for i, p := range t.e.Projects {
		won[i] = slices.Contains(funded, p.ID)
	}
	out := make([]bool, len(t.election.Ballots))
	for i, b := range t.election.Ballots {
		out[i] = slices.ContainsFunc(b.Wishes, func(p int) bool { return won[p] })
	}
	return out
}

// category is the one category that the voter of the ballot is in.
func (v *variable) category(ballot int) string {
	for _, c := range v.of(ballot) {
		if slices.Contains(v.categories, c) {
			return c
		}
	}
	return unsaid
}

// count counts by category who sees at least one wish funded, and who does not.
func (v *variable) count(seen []bool) (disclosure.Raw, error) {
	name := v.name
	if len(v.categories) == 1 {
		name += " " + v.categories[0]
	}
	categories := slices.Clone(v.categories)
	if !v.known {
		categories = append(categories, unsaid)
	}
	raw := disclosure.NewRaw(disclosure.Shape{Name: name, Base: "voters", Dims: []disclosure.Dim{
		{Name: name, Kind: disclosure.Group, Categories: categories}, disclosure.Split("seen"),
	}})
	for i, yes := range seen {
		word := disclosure.No
		if yes {
			word = disclosure.Yes
		}
		if err := raw.Add(1, v.category(i), word); err != nil {
			return raw, err
		}
	}
	return raw, nil
}

// cover hides the smallest group that is shown where those that are hidden are too few together: how many voted in all is
// public to the person, so what is left of them would tell.
func cover(table disclosure.Raw, groups []Group) {
	hidden, smallest, least := int64(0), -1, int64(0)
	for i, g := range groups {
		n := table.Counts[2*i] + table.Counts[2*i+1]
		switch {
		case !g.Voters.Shown():
			hidden += n
		case n > 0 && (smallest < 0 || n < least):
			smallest, least = i, n
		}
	}
	if hidden > 0 && hidden < disclosure.Standard().Floor && smallest >= 0 {
		groups[smallest] = Group{Variable: groups[smallest].Variable, Category: groups[smallest].Category}
	}
}

// readGroups takes the groups of a variable from its published table, and adds what falls to those that may be shown.
func (t *tally) readGroups(v variable, table disclosure.Table, o *budget.Outcome) []Group {
	shares := budget.WhoGot(t.election, o, v.category)
	var out []Group
	for _, c := range v.categories {
		g := Group{Variable: v.name, Category: c, Voters: table.At(c, disclosure.Total), Seen: table.At(c, disclosure.Yes)}
		i := slices.IndexFunc(shares, func(s budget.GroupShare) bool { return s.Group == c })
		if i >= 0 && g.Voters.Shown() {
			g.OfEqual, g.For = math.Round(shares[i].OfEqual*100)/100, Money(shares[i].For)
		}
		out = append(out, g)
	}
	return out
}
