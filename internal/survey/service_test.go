package survey_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
)

// world is a service over an empty store, on a day that a test may change.
type world struct {
	*survey.Service
	t     *testing.T
	store *faulty
	now   time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db, err := sqlite.OpenTemporary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, store: &faulty{Store: db}, now: time.Date(2126, 5, 10, 12, 0, 0, 0, time.UTC)}
	w.Service = survey.NewService(w.store, func() time.Time { return w.now })
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// refused checks that err is a fault of the kind with the key, and returns what fills its sentence.
func (w *world) refused(err error, kind fault.Kind, key string) map[string]any {
	w.t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != kind || f.Key != key {
		w.t.Fatalf("got %v, want %s: %s", err, kind, key)
	}
	return f.Args
}

func (w *world) publish(sv survey.Survey) {
	w.t.Helper()
	_, _, err := w.Publish(w.t.Context(), sv)
	w.must(err)
}

func (w *world) begin(receipt string) survey.Draft {
	w.t.Helper()
	d, err := w.Begin(w.t.Context(), "lunch", exercise.Self, "en", receipt, nil)
	w.must(err)
	return d
}

// say saves one answer: option ids, or words for the questions that take them.
func (w *world) say(draft, question string, said ...string) survey.Draft {
	w.t.Helper()
	in := survey.Input{Choices: said}
	if question == "why" || question == "meals" {
		in = survey.Input{Words: strings.Join(said, " ")}
	}
	d, err := w.Save(w.t.Context(), draft, question, "en", in)
	w.must(err)
	return d
}

func (w *world) submit(draft string) survey.Response {
	w.t.Helper()
	ref, err := w.Submit(w.t.Context(), draft)
	w.must(err)
	r, err := w.store.Response(w.t.Context(), ref)
	w.must(err)
	return r
}

func (w *world) received() int {
	w.t.Helper()
	n, err := w.Received(w.t.Context(), &survey.Survey{ID: "lunch", Area: "vale"})
	w.must(err)
	return n
}

func words(s string) exercise.Text { return exercise.Text{"en": s} }

// lunch asks, and asks why of those who do not like it.
func lunch() survey.Survey {
	return survey.Survey{
		ID: "lunch", Area: "vale", Title: words("Lunch"), Opens: "2126-05-01", Closes: "2126-05-31",
		Voices: []exercise.Voice{exercise.Self, exercise.Carer},
		Questions: []survey.Question{
			{ID: "assent", Kind: survey.Consent, Ask: words("Is that fine?"), Required: words("We need a yes.")},
			{ID: "like", Kind: survey.Choice, Ask: words("Do you like it?"), Options: []survey.Option{{ID: "good"}, {ID: "bad"}}},
			{ID: "why", Kind: survey.LongText, Ask: words("Why not?"), ShowIf: &survey.Condition{Question: "like", AnyOf: []string{"bad"}}},
			{ID: "meals", Kind: survey.Number, Ask: words("How many?")},
			{ID: "age", Kind: survey.AgeBand, Ask: words("How old?"), About: true, Role: survey.RoleAge},
		},
	}
}

func TestPublish(t *testing.T) {
	w := newWorld(t)
	publish := func(change func(*survey.Survey)) (int, bool, error) {
		sv := lunch()
		change(&sv)
		return w.Publish(t.Context(), sv)
	}
	for i, c := range []struct {
		change  func(*survey.Survey)
		version int
		fresh   bool
	}{
		{func(*survey.Survey) {}, 1, true},
		{func(*survey.Survey) {}, 1, false},
		{func(sv *survey.Survey) { sv.Title = words("Dinner") }, 2, true},
		{func(sv *survey.Survey) { sv.Title = words("Dinner") }, 2, false},
		{func(*survey.Survey) {}, 3, true}, // back to the first words is a change too
		{func(sv *survey.Survey) { sv.Version = 17 }, 3, false},
	} {
		version, fresh, err := publish(c.change)
		if err != nil || version != c.version || fresh != c.fresh {
			t.Errorf("%d: version %d, new %v, %v; want %d, %v", i, version, fresh, err, c.version, c.fresh)
		}
	}
	versions, err := w.Versions(t.Context(), "lunch")
	w.must(err)
	var titles []string
	for _, v := range versions {
		titles = append(titles, v.Title["en"])
	}
	if got := strings.Join(titles, " "); got != "Lunch Dinner Lunch" {
		t.Errorf("the versions are %s", got)
	}
	if newest, err := w.Newest("lunch"); err != nil || newest.Version != 3 {
		t.Errorf("the newest is %+v, %v", newest, err)
	}
}

func TestPublishRefusesAnotherMeaning(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	for want, change := range map[string]func(*survey.Survey){
		"it cannot move to hill":                    func(sv *survey.Survey) { sv.Area = "hill" },
		`"meals" was of another kind or role`:       func(sv *survey.Survey) { sv.Questions[3].Kind = survey.Text },
		`"like" was of another kind or role`:        func(sv *survey.Survey) { sv.Questions[1].About = true },
		`"age" was of another kind or role before.`: func(sv *survey.Survey) { sv.Questions[4].Role = "" },
	} {
		sv := lunch()
		change(&sv)
		_, _, err := w.Publish(t.Context(), sv)
		w.refused(err, fault.Invalid, "survey.cannot_follow")
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %s", err, want)
		}
	}
	if newest, err := w.Newest("lunch"); err != nil || newest.Version != 1 {
		t.Errorf("version %v is in force, %v", newest, err)
	}
}

func TestAnotherProcessPublishes(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	other := survey.NewService(w.store, func() time.Time { return w.now })
	if _, err := other.Newest("lunch"); !fault.Is(err, fault.NotFound) {
		t.Errorf("known before it was read: %v", err)
	}
	w.must(other.Refresh(t.Context()))
	if all := other.All(); len(all) != 1 || all[0].ID != "lunch" {
		t.Errorf("read %v", all)
	}
}

func TestBegin(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	d := w.begin("key")
	want := survey.Draft{ID: d.ID, Revision: 1, Area: "vale", Survey: "lunch", Version: 1, Language: "en", Voice: exercise.Self,
		LastPage: "2126-05-10", Receipt: "key"}
	sv, kept, err := w.Draft(t.Context(), d.ID)
	w.must(err)
	if diff := cmp.Diff(want, kept); diff != "" || len(d.ID) != 32 || sv.ID != "lunch" {
		t.Errorf("the draft:\n%s", diff)
	}
	_, err = w.Begin(t.Context(), "lunch", exercise.Proxy, "en", "other", nil)
	w.refused(err, fault.Invalid, "answer.choose_one")
	_, err = w.Begin(t.Context(), "dinner", exercise.Self, "en", "other", nil)
	w.refused(err, fault.NotFound, "survey.not_found")
}

func TestBeginWithATakenKeyLeavesNothingBehind(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	first := w.begin("key")
	_, err := w.Begin(t.Context(), "lunch", exercise.Self, "en", "key", nil)
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v, want a conflict", err)
	}
	m, err := w.Mine(t.Context(), "key")
	w.must(err)
	if m.Draft == nil || m.Draft.ID != first.ID {
		t.Errorf("the key opens %+v", m)
	}
	w.now = w.now.AddDate(0, 1, 1)
	if n, err := w.Sweep(t.Context()); err != nil || n != 1 {
		t.Errorf("%d drafts were left, %v; want the first alone", n, err)
	}
}

func TestClosedAndNotYetOpen(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	d := w.begin("key")
	w.say(d.ID, "assent", "yes")
	for day, key := range map[int]string{-10: "survey.not_yet_open", 22: "survey.closed"} {
		w.now = time.Date(2126, 5, 10+day, 0, 0, 0, 0, time.UTC)
		_, err := w.Begin(t.Context(), "lunch", exercise.Self, "en", "late", nil)
		args := w.refused(err, fault.Forbidden, key)
		if day, ok := args["Day"].(time.Time); !ok || day.IsZero() {
			t.Errorf("%s does not say the day: %v", key, args)
		}
		_, err = w.Save(t.Context(), d.ID, "like", "en", survey.Input{Choices: []string{"good"}})
		w.refused(err, fault.Forbidden, key)
		_, err = w.Speak(t.Context(), d.ID, exercise.Carer)
		w.refused(err, fault.Forbidden, key)
		_, err = w.Submit(t.Context(), d.ID)
		w.refused(err, fault.Forbidden, key)
	}
	w.now = time.Date(2126, 5, 31, 23, 59, 59, 0, time.UTC) // the last day counts
	w.submit(d.ID)
}

func TestSaveThatFailsKeepsNothing(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	d := w.begin("key")
	before := w.say(d.ID, "like", "good")
	for key, in := range map[string]struct {
		question string
		said     survey.Input
		kind     fault.Kind
	}{
		"answer.choose_listed": {"like", survey.Input{Choices: []string{"perhaps"}}, fault.Invalid},
		"answer.choose_one":    {"like", survey.Input{Choices: []string{"good", "bad"}}, fault.Invalid},
		"answer.not_a_number":  {"meals", survey.Input{Words: "some"}, fault.Invalid},
		"answer.required":      {"assent", survey.Input{}, fault.Invalid},
		"question.not_found":   {"none", survey.Input{}, fault.NotFound},
	} {
		_, err := w.Save(t.Context(), d.ID, in.question, "ur", in.said)
		w.refused(err, in.kind, key)
	}
	_, err := w.Speak(t.Context(), d.ID, exercise.Worker)
	w.refused(err, fault.Invalid, "answer.choose_one")
	_, after, err := w.Draft(t.Context(), d.ID)
	w.must(err)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("something was kept:\n%s", diff)
	}
	if _, err := w.Save(t.Context(), "none", "like", "en", survey.Input{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a draft that is not there: %v", err)
	}
}

func TestSaveKeepsLanguageDayAndVersion(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	d := w.begin("key")
	w.now = w.now.AddDate(0, 0, 2)
	next := lunch()
	next.Title = words("Dinner")
	w.publish(next)
	d, err := w.Save(t.Context(), d.ID, "like", "ur", survey.Input{Choices: []string{"bad"}})
	w.must(err)
	if d.Language != "ur" || d.LastPage != "2126-05-12" || d.Version != 2 {
		t.Errorf("kept %+v", d)
	}
	d, err = w.Speak(t.Context(), d.ID, exercise.Carer)
	if w.must(err); d.Voice != exercise.Carer || len(d.Answers) != 1 {
		t.Errorf("kept %+v", d)
	}
}

func TestSweep(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	old, sent := w.begin("old"), w.begin("sent")
	w.say(sent.ID, "assent", "yes")
	w.submit(sent.ID)
	w.now = w.now.AddDate(0, 0, 1)
	w.begin("young")
	w.now = w.now.AddDate(0, 0, survey.DraftDays) // the 31st day after the old one's last page
	if n, err := w.Sweep(t.Context()); err != nil || n != 1 {
		t.Errorf("%d drafts went, %v; want 1", n, err)
	}
	if _, _, err := w.Draft(t.Context(), old.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("the old draft: %v", err)
	}
	for receipt, there := range map[string]bool{"old": false, "young": true, "sent": true} {
		if _, err := w.store.Receipt(t.Context(), receipt); fault.Is(err, fault.NotFound) == there {
			t.Errorf("the receipt %s: %v", receipt, err)
		}
	}
	_, err := w.Mine(t.Context(), "old")
	w.refused(err, fault.NotFound, "key.not_found")
}

// faulty is a store whose calls fail from the one that is numbered, before they have done their work or after it, as
// when a connection breaks. It counts the calls that change something.
type faulty struct {
	survey.Store
	failAt int // from 1; 0: never
	after  bool
	calls  int
}

var errBroken = errors.New("the connection broke")

func (f *faulty) try(do func() error) error {
	f.calls++
	broken := f.failAt > 0 && f.calls >= f.failAt
	if broken && !(f.after && f.calls == f.failAt) {
		return errBroken
	}
	if err := do(); err != nil || !broken {
		return err
	}
	return errBroken
}

func (f *faulty) UpdateDraft(ctx context.Context, id string, change func(*survey.Draft) error) (d survey.Draft, err error) {
	err = f.try(func() (err error) { d, err = f.Store.UpdateDraft(ctx, id, change); return err })
	return d, err
}

func (f *faulty) SubmitReceipt(ctx context.Context, hash, day string) error {
	return f.try(func() error { return f.Store.SubmitReceipt(ctx, hash, day) })
}

func (f *faulty) Append(ctx context.Context, rs ...survey.Response) (n int, err error) {
	err = f.try(func() (err error) { n, err = f.Store.Append(ctx, rs...); return err })
	return n, err
}

func (f *faulty) DeleteDraft(ctx context.Context, id string) error {
	return f.try(func() error { return f.Store.DeleteDraft(ctx, id) })
}

func questionsOf(answers []survey.Answer) string {
	var ids []string
	for _, a := range answers {
		ids = append(ids, a.Question)
	}
	return strings.Join(slices.Compact(ids), " ")
}
