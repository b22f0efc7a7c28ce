package demonstration

import (
	"iter"
	"slices"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
)

// Vote is a made-up ballot with who cast it.
type Vote struct {
	Ballot     ballot.Ballot
	Background ballot.Background
}

// Votes makes up n ballots of an exercise in which people tick, or vote in the way of their age, cast from its opening to the day. The same seed makes
// the same ballots. Some wishes are dearer to some: to those the project is for, and to those who live by its means.
func Votes(seed uint64, e *ballot.Exercise, today exercise.Day, n int) iter.Seq[Vote] {
	return func(yield func(Vote) bool) {
		for i := range n {
			d := &draw{}
			d.begin(seed, e.ID, i)
			if !yield(d.vote(e, min(today, e.Closes))) {
				return
			}
		}
	}
}

var voiceWeights = map[exercise.Voice]int{exercise.Self: 62, exercise.Helped: 12, exercise.Proxy: 6, exercise.Carer: 20}

func (d *draw) vote(e *ballot.Exercise, last exercise.Day) Vote {
	weights := make([]int, len(e.Voices))
	for i, v := range e.Voices {
		weights[i] = voiceWeights[v]
	}
	v := Vote{Ballot: ballot.Ballot{ID: d.id(), Area: e.Area, Exercise: e.ID, Version: e.Version, Language: "en",
		Voice: e.Voices[max(0, d.pick(weights))], Day: d.dayBetween(e.Opens, last)}}
	v.Background = ballot.Background{ID: v.Ballot.ID, Exercise: e.ID}
	var groups []string
	for i := range e.Questions {
		choices := d.about(&e.Questions[i], v.Ballot.Voice)
		groups = append(groups, choices...)
		v.Background.Answers = append(v.Background.Answers, ballot.Answer{Question: e.Questions[i].ID, Choices: choices})
	}
	if e.Also != nil {
		v.Ballot.Way = wayOf(e, groups)
	}
	by := e.By(v.Ballot.Way)
	for i := range e.Projects {
		p := &e.Projects[i]
		liking := 24 + 13*((i*5+2)%4) // some ideas are better liked than others
		if slices.ContainsFunc(p.Groups, func(g string) bool { return slices.Contains(groups, g) }) {
			liking += 30
		}
		if d.percent(min(liking, 95)) && hasRoom(by, &v.Ballot, p) {
			v.Ballot.Wishes = append(v.Ballot.Wishes, ballot.Wish{Project: p.ID})
		}
	}
	return v
}

// wayOf is the way of people of these groups: children under 12 take the one in coins, or else the second.
func wayOf(e *ballot.Exercise, groups []string) ballot.Which {
	younger, older := ballot.Second, ballot.First
	if e.Coin > 0 && e.Also.Coin == 0 {
		younger, older = older, younger
	}
	if slices.ContainsFunc(groups, func(g string) bool { return g == "0-3" || g == "4-7" || g == "8-11" }) {
		return younger
	}
	return older
}

// hasRoom says whether one more project fits the ballot.
func hasRoom(e *ballot.Exercise, b *ballot.Ballot, p *ballot.Project) bool {
	switch e.Ballot {
	case ballot.UpTo:
		return len(b.Wishes) < e.Most
	case ballot.Purse:
		return e.Spent(b)+p.Cost <= e.Amount
	}
	return true
}

func (d *draw) dayBetween(first, last exercise.Day) exercise.Day {
	days := int(last.Time().Sub(first.Time()).Hours()/24) + 1
	return first.Add(d.below(max(days, 1)))
}

// about answers a question about the person; some would rather not say.
func (d *draw) about(q *ballot.Question, voice exercise.Voice) []string {
	ids := q.OptionIDs()
	grown := voice == exercise.Carer
	switch {
	case d.percent(8):
		return nil
	case q.Role == ballot.RoleAge && grown:
		return []string{ids[len(ids)-1]}
	case q.Role == ballot.RoleAge:
		return []string{ids[d.below(max(1, len(ids)-1))]}
	case q.Role != ballot.RolePriority:
		return []string{ids[d.below(len(ids))]}
	}
	for _, id := range ids[:len(ids)-1] {
		if d.percent(7) {
			return []string{id}
		}
	}
	return ids[len(ids)-1:]
}
