package storetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	shuffle "math/rand/v2"

	"sayso/internal/admission"
	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/people"
	"sayso/internal/survey"
)

// Table is a table or collection as it lies: its rows in the order in which the engine yields them unasked, with every
// field, inner ones by their path.
type Table struct {
	Name string
	Rows []map[string]string
}

// Raw is a store that shows its tables, in tests alone.
type Raw interface {
	Tables(ctx context.Context) ([]Table, error)
}

// Flatten adds a document to the fields of a row.
func Flatten(row map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			Flatten(row, strings.TrimPrefix(path+"."+name, "."), inner)
		}
	case []any:
		for i, inner := range v {
			Flatten(row, fmt.Sprintf("%s.%d", path, i), inner)
		}
	default:
		row[path] = fmt.Sprint(v)
	}
}

const (
	admitted  = 200 // people who take part in each exercise
	handedOut = 2 * admitted
	choices   = 8 // projects: as many ballots as there are people, all different
)

// crowd is everybody who took part, as nobody but the test knows: person k has code k.
type crowd struct {
	s       Stores
	secrets people.Secrets
	codes   map[admission.Exercise][]people.Code // all that were handed out
	answers map[admission.Exercise][]string      // the id of the draft or ballot of person k
	arrived map[admission.Exercise][]int         // when person k came, among all
}

var linkage = []promise{{"Linkage/with all codes in hand nobody can tell who said what", func(t *testing.T, s Stores) {
	c := gather(t, s)
	r, ok := s.(Raw)
	if !ok {
		t.Fatal("the store does not show its tables to tests")
	}
	tables, err := r.Tables(t.Context())
	must(t, err)
	for _, e := range []admission.Exercise{survey1, budget1} {
		t.Run(e.ID(), func(t *testing.T) {
			c.nothingNamed(t, tables, e)
			left, right := c.codeSide(t, tables, e), c.answerSide(t, tables, e)
			right = append(right, feature{"arrival", asTexts(c.arrived[e])})
			tried, found := link(left, right)
			for _, why := range found {
				t.Error(why)
			}
			t.Logf("%d pairs of %d features of codes and %d of answers", tried, len(left), len(right))
			if len(left) < 3 || len(right) < 8 || tried < 8 {
				t.Error("too little was looked at")
			}
			c.wouldBeFound(t, left, right, e)
		})
	}
}}}

const (
	survey1 admission.Exercise = "s/worries"
	budget1 admission.Exercise = "b/early"
)

var opened = time.Date(2126, 5, 3, 12, 0, 0, 0, time.UTC)

// gather lets people take part in a closed survey and a closed vote, in an order of chance.
func gather(t *testing.T, s Stores) *crowd {
	t.Helper()
	c := &crowd{s: s, secrets: people.NewSecrets(), codes: map[admission.Exercise][]people.Code{}, answers: map[admission.Exercise][]string{},
		arrived: map[admission.Exercise][]int{}}
	now := func() time.Time { return opened }
	log := people.NewLog(s, now)
	doors := admission.NewService(s, c.secrets, log, now)
	t.Cleanup(doors.Close)
	asks, votes := survey.NewService(s, now), ballot.NewService(s, log, now)
	must(t, s.PublishSurvey(t.Context(), survey.Survey{ID: "worries", Version: 1, Area: "riverside", Opens: "2126-05-01", Closes: "2126-05-31",
		Codes: true, Voices: exercise.Voices, Questions: []survey.Question{{ID: "loud", Kind: survey.Text}}}))
	e := version("early", 1)
	e.Codes, e.Ballot, e.Most, e.Limits, e.Projects, e.Voices = true, ballot.Tick, 0, nil, nil, exercise.Voices
	for i := range choices {
		e.Projects = append(e.Projects, ballot.Project{ID: fmt.Sprint("p", i), Cost: 1000_00})
	}
	must(t, s.PublishExercise(t.Context(), e))
	must(t, asks.Refresh(t.Context()))
	must(t, votes.Refresh(t.Context()))
	for _, of := range []admission.Exercise{survey1, budget1} {
		c.codes[of] = handOut(t, doors, of)
		c.answers[of], c.arrived[of] = make([]string, admitted), make([]int, admitted)
		for turn, k := range shuffle.Perm(admitted) {
			admit := func(ctx context.Context) error { return doors.Spend(ctx, of, c.codes[of][k]) }
			take := c.answersSurvey
			if of == budget1 {
				take = c.votes
			}
			c.answers[of][k], c.arrived[of][k] = take(t, asks, votes, k, admit), turn
		}
	}
	return c
}

// handOut makes a batch and returns its codes in an order of chance.
func handOut(t *testing.T, doors *admission.Service, of admission.Exercise) (all []people.Code) {
	t.Helper()
	b, err := doors.Order(t.Context(), people.CommandLine(), of, "riverside", "Year 6", handedOut)
	must(t, err)
	must(t, doors.Fill(t.Context(), b.ID, nil))
	g, err := doors.Give(t.Context(), people.CommandLine(), of, b.ID, admission.CSV)
	must(t, err)
	for code, err := range g.Codes(t.Context()) {
		must(t, err)
		all = append(all, code)
	}
	must(t, g.Done(t.Context()))
	shuffle.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func receipt() string {
	var b [16]byte
	rand.Read(b[:])
	return "k1:" + hex.EncodeToString(b[:])
}

func (c *crowd) answersSurvey(t *testing.T, asks *survey.Service, _ *ballot.Service, k int, admit func(context.Context) error) string {
	t.Helper()
	d, err := asks.Begin(t.Context(), "worries", exercise.Self, "en", receipt(), admit)
	must(t, err)
	_, err = asks.Save(t.Context(), d.ID, "loud", "en", survey.Input{Words: fmt.Sprintf("said by %03d", k)})
	must(t, err)
	if k%2 == 0 { // the others are still at it
		_, err = asks.Submit(t.Context(), d.ID)
		must(t, err)
	}
	return d.ID
}

func (c *crowd) votes(t *testing.T, _ *survey.Service, votes *ballot.Service, k int, admit func(context.Context) error) string {
	t.Helper()
	b, err := votes.Begin(t.Context(), "early", exercise.Self, "en", receipt(), admit)
	must(t, err)
	for i := range choices {
		if (k+1)>>i&1 == 1 {
			_, err := votes.Press(t.Context(), b.ID, "en", ballot.Press{Project: fmt.Sprint("p", i), Act: ballot.Add})
			must(t, err)
		}
	}
	return b.ID
}

// hash is what the table of codes has of the code of person k: whoever has the server's secret can work it out.
func (c *crowd) hash(of admission.Exercise, k int) string {
	return c.secrets.HashCode("admission", c.codes[of][k])
}

// nothingNamed wants no code and no hash of one outside the table of codes, and no batch where people are.
func (c *crowd) nothingNamed(t *testing.T, tables []Table, of admission.Exercise) {
	t.Helper()
	forbidden := map[string]bool{}
	for k, code := range c.codes[of] {
		_, bare, _ := strings.Cut(c.hash(of, k), ":")
		forbidden[string(code)], forbidden[code.String()], forbidden[bare] = true, true, true
	}
	batches, err := c.s.BatchesOf(t.Context(), of)
	must(t, err)
	for _, table := range tables {
		for _, row := range table.Rows {
			for name, value := range row {
				_, bare, _ := strings.Cut(value, ":")
				if table.Name != "codes" && (forbidden[value] || forbidden[bare]) {
					t.Errorf("%s.%s holds a code", table.Name, name)
				}
				staffs := table.Name == "codes" || table.Name == "code_batches" || table.Name == "audit"
				if !staffs && (value == batches[0].ID || value == string(of)) {
					t.Errorf("%s.%s holds a batch", table.Name, name)
				}
			}
		}
	}
}

func asTexts(values []int) (out []string) {
	for _, v := range values {
		out = append(out, strconv.Itoa(v))
	}
	return out
}

// codeSide is what the store tells of each spent code.
func (c *crowd) codeSide(t *testing.T, tables []Table, of admission.Exercise) []feature {
	t.Helper()
	owner := map[string]int{}
	for k := range admitted {
		owner[c.hash(of, k)] = k
	}
	for _, table := range tables {
		if table.Name == "codes" {
			all := features(table, func(value string) (int, bool) { k, ok := owner[value]; return k, ok })
			codes := feature{name: "the code itself"}
			for k := range admitted {
				codes.values = append(codes.values, string(c.codes[of][k]))
			}
			return append(all, codes)
		}
	}
	t.Fatal("there is no table of codes")
	return nil
}

// answerSide is what the store tells of each answer.
func (c *crowd) answerSide(t *testing.T, tables []Table, of admission.Exercise) (all []feature) {
	t.Helper()
	owner := map[string]int{}
	for k, id := range c.answers[of] {
		owner[id] = k
	}
	for _, table := range tables {
		all = append(all, features(table, func(value string) (int, bool) {
			if at := strings.LastIndexAny(value, "/ "); at >= 0 { // MongoDB's log has the day before the id
				value = value[at+1:]
			}
			k, ok := owner[value]
			return k, ok
		})...)
	}
	return all
}

// features are those of the rows that belong to somebody: where each lies, and each field. A table with nobody has none.
func features(table Table, owner func(value string) (int, bool)) []feature {
	rows := map[int]map[string]string{}
	names := map[string]bool{"(place)": true}
	for place, row := range table.Rows {
		for _, name := range slices.Sorted(maps.Keys(row)) {
			if k, ok := owner(row[name]); ok {
				rows[k] = maps.Clone(row)
				rows[k]["(place)"] = strconv.Itoa(place)
			}
			names[name] = true
		}
	}
	if len(rows) < admitted/4 {
		return nil
	}
	var out []feature
	for _, name := range slices.Sorted(maps.Keys(names)) {
		f := feature{name: table.Name + "." + name, values: make([]string, admitted)}
		for k := range f.values {
			f.values[k] = rows[k][name] // "" for nobody
		}
		out = append(out, f)
	}
	return out
}

// wouldBeFound leaks on purpose, in each way that is looked for.
func (c *crowd) wouldBeFound(t *testing.T, left, right []feature, of admission.Exercise) {
	t.Helper()
	order := feature{"codes.(leaked order)", asTexts(c.arrived[of])}
	words := feature{"codes.(leaked id)", c.answers[of]}
	rough := feature{name: "codes.(leaked hour)"}
	for _, turn := range c.arrived[of] {
		rough.values = append(rough.values, strconv.Itoa(turn/40))
	}
	for _, leak := range []feature{order, words, rough} {
		if _, found := link(append(slices.Clone(left), leak), right); len(found) == 0 {
			t.Errorf("%s is not found", leak.name)
		}
	}
}
