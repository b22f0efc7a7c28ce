package ballot

import "slices"

// breaks names the fields in which e differs from the version before it and may not. An exercise never moves to another
// area; from its opening on only words, pictures, languages and the time it takes may change, since people have voted by
// the rest.
func (e *Exercise) breaks(before *Exercise, opened bool) []string {
	var out []string
	for _, field := range []struct {
		name         string
		same, always bool
	}{
		{"area", e.Area == before.Area, true},
		{"decision.on", e.Decision.On == before.Decision.On, false},
		{"opens", e.Opens == before.Opens, false},
		{"closes", e.Closes == before.Closes, false},
		{"codes", e.Codes == before.Codes, false},
		{"voices", slices.Equal(e.Voices, before.Voices), false},
		{"ballot", e.Ballot == before.Ballot, false},
		{"most", e.Most == before.Most, false},
		{"also", sameWay(e.Also, before.Also), false},
		{"amount", e.Amount == before.Amount, false},
		{"coin", e.Coin == before.Coin, false},
		{"take", e.Take == before.Take, false},
		{"rule", e.Rule == before.Rule, false},
		{"seed", e.Seed == before.Seed, false},
		{"listed", e.Listed == before.Listed, false},
		{"limits", slices.EqualFunc(e.Limits, before.Limits, sameLimit), false},
		{"projects", slices.EqualFunc(e.Projects, before.Projects, sameProject), false},
		{"questions", slices.EqualFunc(e.Questions, before.Questions, sameQuestion), false},
		{"ideas", sameIdeas(e.Ideas, before.Ideas), false},
		{"results", e.Results == before.Results, false},
		{"round", e.Round == before.Round, false},
		{"place", e.Place == before.Place, false},
		{"vote_in", e.VoteIn == before.VoteIn, false},
		{"only", slices.Equal(e.Only, before.Only), false},
	} {
		if !field.same && (opened || field.always) {
			out = append(out, field.name)
		}
	}
	return out
}

// sameWay says whether people vote in the same second way, in whatever words.
func sameWay(a, b *Way) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Ballot == b.Ballot && a.Most == b.Most && a.Coin == b.Coin
}

func sameLimit(a, b Limit) bool { return a.Category == b.Category && a.Most == b.Most }

func sameProject(a, b Project) bool {
	return a.ID == b.ID && a.Cost == b.Cost && a.CostFrom == b.CostFrom && slices.Equal(a.Groups, b.Groups) &&
		a.Place == b.Place && a.Help == b.Help && a.Category == b.Category
}

func sameQuestion(a, b Question) bool {
	return a.ID == b.ID && a.Role == b.Role && slices.Equal(a.OptionIDs(), b.OptionIDs())
}

func sameIdeas(a, b *Ideas) bool { return a == b || a != nil && b != nil && *a == *b }
