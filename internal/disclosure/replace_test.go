package disclosure

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"sayso/internal/fault"
)

func TestNextReleaseWaitsForNewPeople(t *testing.T) {
	previous := publish(t, nil, grid("q", []int64{20, 33}, []int64{50, 61})) // 53 and 111 are shown as 55 and 110
	for _, c := range []struct {
		when         string
		next         Raw
		more, groups int
	}{
		{"nobody is new", grid("q", []int64{20, 33}, []int64{50, 61}), 15, 3},
		{"one person is new", grid("q", []int64{21, 33}, []int64{50, 61}), 15, 3},
		{"one group has too few", grid("q", []int64{20, 40}, []int64{60, 70}), 10, 1},
		{"a group has shrunk", grid("q", []int64{10, 10}, []int64{90, 90}), 50, 1},
		{"a group is gone", NewRaw(Shape{Name: "q"}), 180, 3},
		{"every group has enough", grid("q", []int64{30, 37}, []int64{60, 71}), 0, 0},
	} {
		t.Run(c.when, func(t *testing.T) {
			err := MayReplace(Standard(), previous, []Raw{c.next})
			if c.groups == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			f, ok := errors.AsType[*fault.Error](err)
			if !ok || f.Kind != fault.Conflict || f.Key != "disclosure.too_soon" {
				t.Fatalf("got %v", err)
			}
			if f.Args["more"] != c.more || f.Args["groups"] != c.groups {
				t.Errorf("got %v, want %d more in %d groups", f.Args, c.more, c.groups)
			}
			if _, err := Publish(Standard(), History{previous}, []Raw{c.next}); !fault.Is(err, fault.Conflict) {
				t.Errorf("published all the same: %v", err)
			}
		})
	}
}

// town is 600 people, each with a place and an answer, some places and answers being rare.
func town() (people [][2]int) {
	random := rand.New(rand.NewPCG(7, 11))
	for range 600 {
		people = append(people, [2]int{int(6 * random.Float64() * random.Float64()), int(5 * random.Float64() * random.Float64())})
	}
	return people
}

func count(people [][2]int) Raw {
	raw := NewRaw(Shape{Name: "q", Dims: []Dim{dim("place", Group, 6), dim("q", Answer, 5)}})
	for _, p := range people {
		raw.Counts[p[0]*5+p[1]]++
	}
	return raw
}

// changed returns the one answer whose figures differ, in any place or in all, -1 when there is none or more
// than one.
func changed(before, after []Figure) int {
	answer := -1
	for i := range before {
		q := i % 6
		if q == 5 || before[i] == after[i] {
			continue
		}
		if answer >= 0 && answer != q {
			return -1
		}
		answer = q
	}
	return answer
}

// asCounts publishes a table as it is.
func asCounts(raw Raw) []Figure {
	out := make([]Figure, raw.size())
	for i, n := range raw.margins() {
		out[i] = Figure{true, n}
	}
	return out
}

// asNHS publishes a table under the NHS rule alone.
func asNHS(raw Raw) []Figure {
	rules := Standard()
	out := make([]Figure, raw.size())
	for i, n := range raw.margins() {
		if !rules.small(n) {
			out[i] = Figure{true, rules.round(n)}
		}
	}
	return out
}

// One person is taken out, the table is published again, and the reader looks for the answer whose
// figures changed: it is the person's.
func TestOnePersonCannotBeFoundByDifferencing(t *testing.T) {
	const persons = 150
	people := town()
	all := count(people)
	release := publish(t, nil, all)
	var raw, nhs, ours, bypassed int
	for i := range persons {
		without := count(slices.Delete(slices.Clone(people), i, i+1))
		answer := people[i][1]
		if changed(asCounts(all), asCounts(without)) == answer {
			raw++
		}
		if changed(asNHS(all), asNHS(without)) == answer {
			nhs++
		}
		if changed(release.Tables[0].Figures, publish(t, nil, without).Tables[0].Figures) == answer {
			bypassed++
		}
		joined := publish(t, nil, without)
		for _, attempt := range []struct {
			history Release
			next    Raw
		}{{release, without}, {joined, all}} {
			next, err := Publish(Standard(), History{attempt.history}, []Raw{attempt.next})
			if err == nil && changed(attempt.history.Tables[0].Figures, next.Tables[0].Figures) == answer {
				ours++
			}
		}
	}
	t.Logf("found of %d: %d on raw counts, %d under the NHS rule, %d under ours with the release rule left out, %d under ours", persons, raw, nhs, bypassed, ours)
	if raw != persons {
		t.Errorf("the attack finds %d of %d on raw counts: it is not the attack it should be", raw, persons)
	}
	if nhs == 0 {
		t.Error("the attack never finds anybody under the NHS rule")
	}
	if ours != 0 {
		t.Errorf("found %d of %d", ours, persons)
	}
}

// All 12 of a group said one thing, which is hidden. Later the group is large and its noughts would be shown,
// but counts grow: a nought now was a nought then, and would give away what was hidden.
func TestLaterNoughtDoesNotOpenAnEarlierRelease(t *testing.T) {
	first := publish(t, nil, grid("q", []int64{12, 0}, []int64{50, 60}))
	if table := first.Tables[0]; table.At("place0", "q1").Shown() {
		t.Fatalf("%q", lines(table))
	}
	next := grid("q", []int64{40, 0}, []int64{80, 90})
	if alone := publish(t, nil, next).Tables[0]; !alone.At("place0", "q1").Shown() {
		t.Fatalf("without a past the nought is no secret: %q", lines(alone))
	}
	table := publish(t, History{first}, next).Tables[0]
	if table.At("place0", "q1").Shown() || !table.At("place0", Total).Shown() {
		t.Errorf("%q", lines(table))
	}
}

func TestWithdrawalsDoNotStopTheAudit(t *testing.T) {
	first := publish(t, nil, grid("q", []int64{60, 20}, []int64{5, 60}, []int64{70, 40}))
	next := grid("q", []int64{90, 12}, []int64{6, 90}, []int64{90, 40})
	table := publish(t, History{first}, next).Tables[0]
	if table.At("place1", "q0").Shown() || !table.At(Total, Total).Shown() {
		t.Errorf("%q", lines(table))
	}
}
