package ballot

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"

	"sayso/internal/exercise"
)

// Ballot is what one person wishes for. It is kept at every press, and what is kept is the vote.
type Ballot struct {
	ID       string         `json:"id"` // random; says nothing of when or who
	Revision int            `json:"revision"`
	Area     string         `json:"area"`
	Exercise string         `json:"exercise"`
	Version  int            `json:"version"` // of the exercise, at the last press
	Language string         `json:"lang"`
	Voice    exercise.Voice `json:"voice"`         // who speaks
	Way      Which          `json:"way,omitempty"` // by which way it is filled in
	Day      exercise.Day   `json:"day"`           // of the last press
	Channel  Channel        `json:"channel,omitempty"`
	Wishes   []Wish         `json:"wishes"`
}

// Channel is the way by which a ballot came.
type Channel string

// The channels. Older ballots name none: they came by the web.
const (
	Web   Channel = "web"
	Paper Channel = "paper"
)

// Wish is one project as somebody sees it. For Order the wishes stand in the order of preference.
type Wish struct {
	Project string `json:"p"`
	Points  int    `json:"n,omitempty"` // of Points: how many; of Thumbs: -1 for a thumb down
}

// Counts says whether the wish is for the project, rather than against it.
func (w Wish) Counts() bool { return w.Points >= 0 }

// Wish returns the wish for the project, and its place; ok is false if there is none.
func (b *Ballot) Wish(project string) (w Wish, place int, ok bool) {
	i := slices.IndexFunc(b.Wishes, func(w Wish) bool { return w.Project == project })
	if i < 0 {
		return Wish{}, 0, false
	}
	return b.Wishes[i], i, true
}

// Empty says whether the ballot wishes for nothing, and so is not counted.
func (b *Ballot) Empty() bool { return !slices.ContainsFunc(b.Wishes, Wish.Counts) }

// Background is who somebody is, as far as they said. It is stored apart from their ballot, under the same id.
type Background struct {
	ID       string   `json:"id"`
	Revision int      `json:"revision"`
	Exercise string   `json:"exercise"`
	Answers  []Answer `json:"answers"`
}

// Answer is the answer to one question about the person; without choices they would rather not say.
type Answer struct {
	Question string   `json:"q"`
	Choices  []string `json:"c,omitempty"`
}

// Answer returns the answer to the question.
func (b *Background) Answer(question string) (Answer, bool) {
	i := slices.IndexFunc(b.Answers, func(a Answer) bool { return a.Question == question })
	if i < 0 {
		return Answer{}, false
	}
	return b.Answers[i], true
}

func (b *Background) put(a Answer) {
	i := slices.IndexFunc(b.Answers, func(old Answer) bool { return old.Question == a.Question })
	if i < 0 {
		b.Answers = append(b.Answers, a)
		return
	}
	b.Answers[i] = a
}

// Shown returns the projects in the order in which the person of the ballot sees them: one of their own, drawn from the
// id of the ballot and so the same whenever they come back, unless everybody sees the order of the file.
func (e *Exercise) Shown(ballot string) []*Project {
	out := make([]*Project, len(e.Projects))
	for i := range e.Projects {
		out[i] = &e.Projects[i]
	}
	if e.Listed {
		return out
	}
	drawn := func(p *Project) []byte {
		sum := sha256.Sum256([]byte(ballot + "\n" + p.ID))
		return sum[:]
	}
	slices.SortFunc(out, func(a, b *Project) int {
		return cmp.Or(bytes.Compare(drawn(a), drawn(b)), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Spent is what the wishes cost together.
func (e *Exercise) Spent(b *Ballot) Money {
	var sum Money
	for _, w := range b.Wishes {
		if p := e.Project(w.Project); p != nil && w.Counts() {
			sum += p.Cost
		}
	}
	return sum
}

// Given is how many points the ballot gives.
func (b *Ballot) Given() int {
	n := 0
	for _, w := range b.Wishes {
		n += max(0, w.Points)
	}
	return n
}
