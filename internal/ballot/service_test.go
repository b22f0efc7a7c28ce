package ballot_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sayso/internal/authoring"
	"sayso/internal/ballot"
	"sayso/internal/budget"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/store/sqlite"
)

// town is a service with a clock, and an exercise of a kind.
type town struct {
	*ballot.Service
	t     *testing.T
	store *sqlite.Store
	day   exercise.Day
	keys  int
}

func newTown(t *testing.T, change func(*ballot.Exercise)) *town {
	t.Helper()
	store, err := sqlite.OpenTemporary(context.Background())
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	w := &town{t: t, store: store, day: "2126-12-05"}
	now := func() time.Time { return w.day.Time().Add(12 * time.Hour) }
	w.Service = ballot.NewService(store, people.NewLog(store, now), now)
	e := written(t)
	if change != nil {
		change(&e)
	}
	_, _, err = w.Publish(t.Context(), e)
	must(t, err)
	return w
}

func written(t *testing.T) ballot.Exercise {
	t.Helper()
	data, err := os.ReadFile("testdata/early.yaml")
	must(t, err)
	areas, err := exercise.NewAreas([]exercise.Area{{ID: "vale", Name: exercise.Text{"en": "Vale"}}})
	must(t, err)
	yes := func(string) bool { return true }
	e, problems := ballot.ReadFile(data, authoring.Known{Areas: areas, Picture: yes, Language: yes})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return e
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantFault(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if !fault.Is(err, kind) || !strings.Contains(fmt.Sprint(err), key) {
		t.Errorf("got %v, want %s %s", err, kind, key)
	}
}

// begins opens a ballot.
func (w *town) begins(voice exercise.Voice) string {
	w.t.Helper()
	w.keys++
	b, err := w.Begin(w.t.Context(), "early", voice, "en", fmt.Sprint("k1:", w.keys), nil)
	must(w.t, err)
	return b.ID
}

func (w *town) votes(voice exercise.Voice, age string, projects ...string) string {
	w.t.Helper()
	id := w.begins(voice)
	for _, p := range projects {
		w.presses(id, ballot.Press{Project: p, Act: ballot.Add})
	}
	_, err := w.Answer(w.t.Context(), id, "age", []string{age})
	must(w.t, err)
	return id
}

func (w *town) presses(id string, p ballot.Press) []ballot.Wish {
	w.t.Helper()
	b, err := w.Press(w.t.Context(), id, "en", p)
	must(w.t, err)
	return b.Wishes
}

// refuses wants the press to be refused, and nothing to have changed.
func (w *town) refuses(id string, p ballot.Press, key string) {
	w.t.Helper()
	before, _, err := w.Ballot(w.t.Context(), id)
	must(w.t, err)
	_, err = w.Press(w.t.Context(), id, "en", p)
	wantFault(w.t, err, fault.Invalid, key)
	after, _, err := w.Ballot(w.t.Context(), id)
	must(w.t, err)
	if !slices.Equal(before.Wishes, after.Wishes) || before.Revision != after.Revision {
		w.t.Errorf("a refused press changed %v to %v", before.Wishes, after.Wishes)
	}
}

func wishes(ids ...string) []ballot.Wish {
	var out []ballot.Wish
	for _, id := range ids {
		out = append(out, ballot.Wish{Project: id})
	}
	return out
}

func (w *town) wants(got []ballot.Wish, want ...ballot.Wish) {
	w.t.Helper()
	if !slices.Equal(got, want) {
		w.t.Errorf("the wishes are %v, want %v", got, want)
	}
}

func TestPressesAreTheVote(t *testing.T) {
	w := newTown(t, nil)
	id := w.begins("self")
	w.presses(id, ballot.Press{Project: "room", Act: ballot.Add})
	w.presses(id, ballot.Press{Project: "hall", Act: ballot.Add})
	w.wants(w.presses(id, ballot.Press{Project: "hall", Act: ballot.Add}), wishes("room", "hall")...) // pressed twice
	w.wants(w.presses(id, ballot.Press{Project: "room", Act: ballot.Remove}), wishes("hall")...)
	w.refuses(id, ballot.Press{Project: "moon", Act: ballot.Add}, "vote.unknown")
	w.refuses(id, ballot.Press{Project: "room", Act: ballot.Up}, "vote.unknown")
	m, err := w.Mine(t.Context(), "k1:1")
	must(t, err)
	w.wants(m.Ballot.Wishes, wishes("hall")...)
	if m.Ballot.Voice != "self" || m.Ballot.Day != "2126-12-05" {
		t.Errorf("kept %+v", m.Ballot)
	}
	_, err = w.Mine(t.Context(), "k1:2")
	wantFault(t, err, fault.NotFound, "")
}

func TestEachKindOfBallotHasItsBounds(t *testing.T) {
	up := newTown(t, func(e *ballot.Exercise) { e.Ballot, e.Most = ballot.UpTo, 1 })
	id := up.begins("self")
	up.presses(id, ballot.Press{Project: "room", Act: ballot.Add})
	up.refuses(id, ballot.Press{Project: "hall", Act: ballot.Add}, "vote.too_many")

	in := newTown(t, func(e *ballot.Exercise) { e.Ballot, e.Most = ballot.Order, 3 })
	id = in.begins("self")
	in.presses(id, ballot.Press{Project: "room", Act: ballot.Add})
	in.presses(id, ballot.Press{Project: "hall", Act: ballot.Add})
	in.wants(in.presses(id, ballot.Press{Project: "trees", Act: ballot.Put, N: 1}), wishes("trees", "room", "hall")...)
	in.wants(in.presses(id, ballot.Press{Project: "trees", Act: ballot.Put, N: 99}), wishes("room", "hall", "trees")...)
	in.refuses(id, ballot.Press{Project: "bikes", Act: ballot.Add}, "vote.too_many")

	points := newTown(t, func(e *ballot.Exercise) { e.Ballot, e.Most = ballot.Points, 5 })
	id = points.begins("self")
	points.presses(id, ballot.Press{Project: "room", Act: ballot.Give, N: 4})
	points.wants(points.presses(id, ballot.Press{Project: "room", Act: ballot.Give, N: 3}), ballot.Wish{Project: "room", Points: 3})
	for _, n := range []int{6, 1_000_000, math.MaxInt, math.MaxInt - 1, -1, math.MinInt} { // sums of some are negative
		points.refuses(id, ballot.Press{Project: "room", Act: ballot.Give, N: n}, "vote.too_many_points")
		points.refuses(id, ballot.Press{Project: "hall", Act: ballot.Give, N: n}, "vote.too_many_points")
	}
	points.refuses(id, ballot.Press{Project: "hall", Act: ballot.Give, N: 3}, "vote.too_many_points")
	points.refuses(id, ballot.Press{Project: "hall", Act: ballot.Give, N: -3}, "vote.too_many_points")
	points.wants(points.presses(id, ballot.Press{Project: "room", Act: ballot.Give}))

	purse := newTown(t, func(e *ballot.Exercise) { e.Ballot = ballot.Purse })
	id = purse.begins("self")
	purse.presses(id, ballot.Press{Project: "room", Act: ballot.Add})
	purse.refuses(id, ballot.Press{Project: "trees", Act: ballot.Add}, "vote.does_not_fit")
	purse.wants(purse.presses(id, ballot.Press{Project: "bikes", Act: ballot.Add}), wishes("room", "bikes")...)

	limited := newTown(t, func(e *ballot.Exercise) {
		e.Limits = []ballot.Limit{{Category: "sport", Most: 1}}
		e.Projects[1].Category, e.Projects[3].Category = "sport", "sport"
	})
	id = limited.begins("self")
	limited.presses(id, ballot.Press{Project: "hall", Act: ballot.Add})
	limited.refuses(id, ballot.Press{Project: "bikes", Act: ballot.Add}, "vote.too_many_of_a_kind")

	thumbs := newTown(t, priorities)
	id = thumbs.begins("self")
	thumbs.presses(id, ballot.Press{Project: "room", Act: ballot.Up})
	thumbs.wants(thumbs.presses(id, ballot.Press{Project: "room", Act: ballot.Down}), ballot.Wish{Project: "room", Points: -1})
	b, _, err := thumbs.Ballot(t.Context(), id)
	must(t, err)
	if !b.Empty() {
		t.Error("a thumb down is a wish")
	}
	thumbs.wants(thumbs.presses(id, ballot.Press{Project: "room", Act: ballot.Up}), wishes("room")...)
}

// priorities makes the exercise one of thumbs on priorities without money.
func priorities(e *ballot.Exercise) {
	e.Ballot, e.Take, e.Amount, e.Rule = ballot.Thumbs, 2, 0, "greedy_votes"
	for i := range e.Projects {
		e.Projects[i].Cost = 0
	}
}

func TestOpeningTimes(t *testing.T) {
	w := newTown(t, nil)
	id := w.begins("self")
	w.day = "2127-01-31" // the last day
	w.presses(id, ballot.Press{Project: "room", Act: ballot.Add})
	w.day = "2127-02-01"
	_, err := w.Press(t.Context(), id, "en", ballot.Press{Project: "hall", Act: ballot.Add})
	wantFault(t, err, fault.Forbidden, "vote.closed")
	_, err = w.Answer(t.Context(), id, "age", []string{"8-11"})
	wantFault(t, err, fault.Forbidden, "vote.closed")
	_, err = w.Begin(t.Context(), "early", "self", "en", "k1:late", nil)
	wantFault(t, err, fault.Forbidden, "vote.closed")
	w.day = "2126-11-30"
	_, err = w.Begin(t.Context(), "early", "self", "en", "k1:soon", nil)
	wantFault(t, err, fault.Forbidden, "vote.not_yet_open")
	w.day = "2126-12-05"
	_, err = w.Begin(t.Context(), "early", "worker", "en", "k1:other", nil)
	wantFault(t, err, fault.Invalid, "answer.choose_one")
	_, err = w.Begin(t.Context(), "early", "self", "en", "k1:1", nil)
	wantFault(t, err, fault.Conflict, "")
	if n, err := w.Received(t.Context(), &ballot.Exercise{ID: "early"}); n != 1 || err != nil {
		t.Errorf("%d ballots, %v: one that was refused is kept", n, err)
	}
}

func TestRulesAreLockedAtOpening(t *testing.T) {
	w := newTown(t, nil)
	e := written(t)
	e.Title = exercise.Text{"en": "Money for help sooner"}
	if v, fresh, err := w.Publish(t.Context(), e); v != 2 || !fresh || err != nil {
		t.Errorf("a better title: %d, %v, %v", v, fresh, err)
	}
	e.Rule, e.Projects[0].Cost = "greedy_votes", 1_00
	_, _, err := w.Publish(t.Context(), e)
	wantFault(t, err, fault.Invalid, "vote.locked")
	if f := fmt.Sprint(fieldsOf(err)); f != "rule, projects" {
		t.Errorf("names %s", f)
	}
	w.day = "2126-11-01" // before it opens
	if v, _, err := w.Publish(t.Context(), e); v != 3 || err != nil {
		t.Errorf("another rule before opening: %d, %v", v, err)
	}
	e.Area = "other"
	_, _, err = w.Publish(t.Context(), e)
	wantFault(t, err, fault.Invalid, "vote.locked")
}

func fieldsOf(err error) any {
	f, _ := err.(*fault.Error)
	if f == nil {
		return nil
	}
	return f.Args["Fields"]
}

func TestOrderIsOnesOwnAndStays(t *testing.T) {
	e := written(t)
	seen := map[string]int{}
	for i := range 400 {
		var ids []string
		for _, p := range e.Shown(fmt.Sprint("ballot", i)) {
			ids = append(ids, p.ID)
		}
		again := e.Shown(fmt.Sprint("ballot", i))
		if again[0].ID != ids[0] || len(ids) != 4 {
			t.Fatalf("the order changes: %v", ids)
		}
		seen[ids[0]]++
	}
	for id, n := range seen {
		if n < 60 || n > 140 { // 100 expected, standard deviation 8.7
			t.Errorf("%s comes first %d times of 400", id, n)
		}
	}
	e.Listed = true
	if e.Shown("x")[0].ID != "room" {
		t.Error("a listed exercise is shuffled")
	}
}

func analyst() people.Staff { return people.Staff{ID: "a", Role: people.Analyst} }

// fills casts n ballots.
func (w *town) fills(n int) {
	for i := range n {
		switch i % 4 {
		case 0, 1:
			w.votes("self", "8-11", "room", "hall")
		case 2:
			w.votes("helped", "12-15", "hall", "bikes")
		default:
			w.votes("carer", "26+", "trees")
		}
	}
	w.begins("self") // and wishes for nothing
}

func TestCountIsWhatAnybodyCounts(t *testing.T) {
	for _, kind := range []ballot.Kind{ballot.Tick, ballot.Order, ballot.Points, ballot.Purse, ballot.Thumbs} {
		w := newTown(t, func(e *ballot.Exercise) {
			e.Ballot = kind
			switch kind {
			case ballot.Order, ballot.Points:
				e.Most = 4
			case ballot.Thumbs:
				priorities(e)
			}
		})
		act := map[ballot.Kind]ballot.Act{ballot.Points: ballot.Give, ballot.Thumbs: ballot.Up}[kind]
		for i := range 40 {
			id := w.begins("self")
			for j, p := range [][]string{{"room", "hall"}, {"hall", "bikes"}, {"trees"}, {"bikes", "hall"}}[i%4] {
				press := ballot.Press{Project: p, Act: ballot.Add, N: 1 + j}
				if act != "" {
					press.Act = act
				}
				w.presses(id, press)
			}
		}
		_, err := w.Count(t.Context(), analyst(), "early")
		wantFault(t, err, fault.Forbidden, "result.still_open")
		w.day = "2127-02-01"
		o, err := w.Count(t.Context(), analyst(), "early")
		must(t, err)
		r, err := o.Read()
		must(t, err)
		again := recount(t, o, r)
		var funded []string
		for _, v := range r.Projects {
			if v.Funded {
				funded = append(funded, v.Project)
			}
		}
		if !slices.Equal(funded, again) || r.Voters != 40 || len(funded) == 0 {
			t.Errorf("%s: %v are funded, counted again %v, by %d voters", kind, funded, again, r.Voters)
		}
	}
}

func TestNobodyVoted(t *testing.T) {
	for _, kind := range []ballot.Kind{ballot.Tick, ballot.Thumbs} {
		w := newTown(t, func(e *ballot.Exercise) {
			if e.Rule = "greedy_votes"; kind == ballot.Thumbs {
				priorities(e)
			}
		})
		w.begins("self") // and wishes for nothing
		w.day = "2127-02-01"
		o, err := w.Count(t.Context(), analyst(), "early")
		must(t, err)
		r, err := o.Read()
		must(t, err)
		for _, v := range r.Projects {
			if v.Funded || v.Why != budget.WhyNobody {
				t.Errorf("%s: %+v", kind, v)
			}
		}
		if len(r.Projects) != 4 || r.Voters != 0 || r.Cost != 0 || len(r.Steps) != 0 || len(r.Others) != 0 {
			t.Errorf("%s: %+v", kind, r)
		}
	}
}

func TestALotIsTold(t *testing.T) {
	w := newTown(t, priorities)
	for i := range 30 { // three are equal, and two are taken forward
		w.presses(w.begins("self"), ballot.Press{Project: []string{"room", "hall", "trees"}[i%3], Act: ballot.Up})
	}
	w.day = "2127-02-01"
	o, err := w.Count(t.Context(), analyst(), "early")
	must(t, err)
	r, err := o.Read()
	must(t, err)
	for _, v := range r.Projects {
		if want := map[bool]int{true: 2, false: 0}[v.Project != "bikes"]; len(v.Lot) != want {
			t.Errorf("%s was equal with %v", v.Project, v.Lot)
		}
	}
}

// recount reads the published file as a stranger does.
func recount(t *testing.T, o ballot.Outcome, r *ballot.Result) []string {
	t.Helper()
	var file bytes.Buffer
	must(t, o.Unpack(&file))
	if sum := sha256.Sum256(file.Bytes()); hex.EncodeToString(sum[:]) != r.SHA256 {
		t.Errorf("the file has another SHA-256")
	}
	for _, secret := range []string{"self", "8-11", "k1:", "2126-12-05"} {
		if strings.Contains(file.String(), secret) {
			t.Errorf("the file says %q:\n%s", secret, file.String())
		}
	}
	f, err := budget.ReadPB("early.pb", &file)
	must(t, err)
	e, remarks, err := f.Election()
	must(t, err)
	if len(remarks) > 0 {
		t.Errorf("remarks about the file: %v", remarks)
	}
	rule, err := budget.ParseRule(r.Rule)
	must(t, err)
	ties, err := budget.ParseOrder(r.Ties)
	must(t, err)
	out, err := budget.Count(e, rule, ties)
	must(t, err)
	return out.Funded(e)
}

// A ballot that its exercise does not allow, however it came into the store, holds up no count and decides none.
func TestBallotsThatNobodyCouldCastAreSpoilt(t *testing.T) {
	w := newTown(t, func(e *ballot.Exercise) { e.Ballot, e.Most, e.Rule = ballot.Points, 5, "greedy_score_per_cost" })
	for i := range 32 {
		id := w.begins("self")
		w.presses(id, ballot.Press{Project: "hall", Act: ballot.Give, N: 2})
		if i%2 == 0 {
			continue
		}
		_, err := w.store.UpdateBallot(t.Context(), id, func(b *ballot.Ballot) error {
			b.Wishes = []ballot.Wish{{Project: "room", Points: math.MaxInt}, {Project: "hall", Points: 1}}
			return nil
		})
		must(t, err)
	}
	w.day = "2127-02-01"
	o, err := w.Count(t.Context(), analyst(), "early")
	must(t, err)
	r, err := o.Read()
	must(t, err)
	if r.Voters != 16 || r.Spoilt == nil || !r.Spoilt.Shown() || r.Spoilt.N() != 15 {
		t.Errorf("%v voters, spoilt %v", r.Voters, r.Spoilt)
	}
}

func TestOutcomeIsPublicOnceSomebodyApproves(t *testing.T) {
	w := newTown(t, nil)
	w.fills(80)
	w.day = "2127-02-01"
	ctx := t.Context()
	_, err := w.Count(ctx, people.Staff{ID: "b", Role: people.Board}, "early")
	wantFault(t, err, fault.Forbidden, "")
	for range 2 { // the second refuses the first
		_, err = w.Count(ctx, analyst(), "early")
		must(t, err)
	}
	_, err = w.Public(ctx, "early")
	wantFault(t, err, fault.NotFound, "result.not_found")
	_, err = w.Approve(ctx, analyst(), "early", 1)
	wantFault(t, err, fault.Conflict, "result.decided_already")
	_, err = w.Decide(ctx, analyst(), "early", 2, []string{"room"}, "Because.", "en")
	wantFault(t, err, fault.Conflict, "result.not_public")
	_, err = w.Approve(ctx, analyst(), "early", 2)
	must(t, err)
	_, err = w.Count(ctx, analyst(), "early")
	wantFault(t, err, fault.Conflict, "result.public_already")
	_, err = w.Decide(ctx, analyst(), "early", 2, []string{"moon"}, "Because.", "en")
	wantFault(t, err, fault.Invalid, "answer.choose_listed")
	_, err = w.Decide(ctx, analyst(), "early", 2, nil, " ", "en")
	wantFault(t, err, fault.Invalid, "result.say_why")
	_, err = w.Decide(ctx, people.Staff{ID: "b", Role: people.Board}, "early", 2, []string{"room"}, "Because.", "en")
	must(t, err)
	o, err := w.Public(ctx, "early")
	must(t, err)
	if o.Number != 2 || o.Board == nil || o.Board.Why != "Because." || o.Board.On != "2127-02-01" {
		t.Errorf("public is %+v", o)
	}
	chain, err := people.Verify(w.store.Entries(ctx, 1))
	must(t, err)
	if chain.Entries != 5 || chain.Break != people.Whole {
		t.Errorf("the log has %d entries, break %q", chain.Entries, chain.Break)
	}
}

func TestSmallGroupsAreNotShown(t *testing.T) {
	w := newTown(t, nil)
	w.fills(80)
	w.votes("carer", "18-25", "trees") // one of an age
	w.day = "2127-02-01"
	o, err := w.Count(t.Context(), analyst(), "early")
	must(t, err)
	r, err := o.Read()
	must(t, err)
	shown := map[string]bool{}
	for _, g := range r.Groups {
		shown[g.Category] = g.Voters.Shown()
		if !g.Voters.Shown() && (g.OfEqual != 0 || g.Seen.Shown()) {
			t.Errorf("%s is hidden, and yet there is %+v", g.Category, g)
		}
	}
	if !shown["self"] || !shown["8-11"] || shown["18-25"] || r.Voters != 81 || r.Small() {
		t.Errorf("shown are %v, voters %d", shown, r.Voters)
	}
	few := newTown(t, nil)
	few.fills(8)
	few.day = "2127-02-01"
	o, err = few.Count(t.Context(), analyst(), "early")
	must(t, err)
	if r, err = o.Read(); err != nil || !r.Small() || r.Projects[0].Votes.Few() == false {
		t.Errorf("%d voters are not few: %v", r.Voters, err)
	}
}

func TestTakingBack(t *testing.T) {
	w := newTown(t, nil)
	id := w.votes("self", "8-11", "room")
	must(t, w.TakeBack(t.Context(), id))
	must(t, w.TakeBack(t.Context(), id))
	_, err := w.Mine(t.Context(), "k1:1")
	wantFault(t, err, fault.NotFound, "")
	if n, err := w.Received(t.Context(), &ballot.Exercise{ID: "early"}); n != 0 || err != nil {
		t.Errorf("%d ballots are left, %v", n, err)
	}
	for b, err := range w.store.ScanBackgrounds(t.Context(), "early") {
		t.Errorf("%+v is left, %v", b, err)
	}
}

// A board sees what another rule would do to each group: the same groups, as far as they may be shown.
func TestOtherRulesTellOfTheSameGroups(t *testing.T) {
	w := newTown(t, nil)
	w.fills(60)
	w.day = "2127-02-01"
	o, err := w.Count(t.Context(), analyst(), "early")
	must(t, err)
	r, err := o.Read()
	must(t, err)
	var locked []string
	for _, v := range r.Projects {
		if v.Funded {
			locked = append(locked, v.Project)
		}
	}
	slices.Sort(locked)
	told := 0
	for _, other := range r.Others {
		same := slices.Equal(locked, slices.Sorted(slices.Values(other.Funded)))
		if same != (len(other.Groups) == 0) {
			t.Errorf("%s funds %v and tells of %d groups", other.Rule, other.Funded, len(other.Groups))
		}
		for i, g := range other.Groups {
			told++
			if of := r.Groups[i]; g.Variable != of.Variable || g.Category != of.Category || g.Voters.Shown() && !of.Voters.Shown() {
				t.Errorf("%s: %+v beside %+v", other.Rule, g, of)
			}
		}
	}
	if told == 0 {
		t.Error("no rule funds anything else")
	}
}
