package survey_test

import (
	"errors"
	"fmt"
	"testing"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
)

func TestSubmit(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	d := w.begin("key")
	w.say(d.ID, "assent", "yes")
	w.say(d.ID, "like", "bad")
	w.say(d.ID, "why", "too", "loud")
	w.say(d.ID, "meals", "5")
	w.say(d.ID, "age", "8-11")
	r := w.submit(d.ID)
	if want := (survey.Ref{Area: "vale", Survey: "lunch", Day: "2126-05-10", ID: d.ID}); r.Ref != want {
		t.Errorf("it stands at %+v, want %+v", r.Ref, want)
	}
	if r.Version != 1 || r.Language != "en" || r.Voice != exercise.Self || r.Channel != survey.Web {
		t.Errorf("sent %+v", r)
	}
	if got := questionsOf(r.Answers) + " | " + questionsOf(r.About); got != "assent like why meals | age" {
		t.Errorf("sent %s", got)
	}
	if _, err := w.Submit(t.Context(), d.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("the draft is still there: %v", err)
	}
	if n := w.received(); n != 1 {
		t.Errorf("%d responses", n)
	}
}

func TestSubmitWantsWhatIsRequired(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	d := w.begin("key")
	for range 2 {
		_, err := w.Submit(t.Context(), d.ID)
		if args := w.refused(err, fault.Invalid, "answer.required"); args["Question"] != "assent" {
			t.Errorf("it names %v", args)
		}
		w.say(d.ID, "assent", "no") // which declines
	}
	w.say(d.ID, "assent", "yes")
	w.submit(d.ID)
}

func TestSubmitLeavesOutWhatIsOffThePath(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	d := w.begin("key")
	w.say(d.ID, "assent", "yes")
	w.say(d.ID, "like", "bad")
	w.say(d.ID, "why", "loud")
	w.say(d.ID, "like", "good") // a change of mind
	if got := questionsOf(w.submit(d.ID).Answers); got != "assent like" {
		t.Errorf("sent %s", got)
	}
}

func TestNewVersionWhileADraftIsInFlight(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	stays, leaves := w.begin("stays"), w.begin("leaves")
	for _, d := range []survey.Draft{stays, leaves} {
		w.say(d.ID, "assent", "yes")
		w.say(d.ID, "like", "bad")
		w.say(d.ID, "why", "loud")
		w.say(d.ID, "age", "8-11")
	}
	w.say(leaves.ID, "like", "good")
	next := lunch()
	next.Questions = append(next.Questions[:2:2], next.Questions[3], survey.Question{ID: "drink", Kind: survey.Choice, Ask: words("Drink?"),
		Options: []survey.Option{{ID: "tea"}, {ID: "milk"}}}) // without why and age
	w.publish(next)
	if _, err := w.Save(t.Context(), stays.ID, "why", "en", survey.Input{Words: "x"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a question that was taken away is asked: %v", err)
	}
	w.say(stays.ID, "drink", "tea")
	r := w.submit(stays.ID)
	if got := questionsOf(r.Answers) + " | " + questionsOf(r.About); got != "assent like drink why | age" || r.Version != 2 {
		t.Errorf("sent %s in version %d: what was said to questions taken away must stay", got, r.Version)
	}
	if got := questionsOf(w.submit(leaves.ID).Answers); got != "assent like" {
		t.Errorf("sent %s: why was off the path before it was taken away", got)
	}
}

// However sending is cut short, a second try ends with one response, its receipt, and no draft.
func TestSubmitAfterACrash(t *testing.T) {
	const steps = 4 // fix the day, tell the receipt, write the response, forget the draft
	for step := 1; step <= steps; step++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("step %d, done %v", step, after), func(t *testing.T) {
				w := newWorld(t)
				w.publish(lunch())
				d := w.begin("key")
				w.say(d.ID, "assent", "yes")
				w.say(d.ID, "like", "good")
				w.store.calls, w.store.failAt, w.store.after = 0, step, after
				if _, err := w.Submit(t.Context(), d.ID); !errors.Is(err, errBroken) {
					t.Fatalf("got %v, want the failure", err)
				}
				w.store.failAt = 0
				m, err := w.Mine(t.Context(), "key")
				w.must(err)
				if written := step > 3 || step == 3 && after; written != (m.Response != nil) || written == (m.Draft != nil) {
					t.Errorf("meanwhile the key opens %+v", m)
				}
				if sealed := step > 1 || after; sealed {
					w.now = w.now.AddDate(0, 1, 0) // closed, but it was sent in time
				}
				if _, err := w.Submit(t.Context(), d.ID); err != nil && !(fault.Is(err, fault.NotFound) && step == steps && after) {
					t.Fatal(err)
				}
				w.isSent(d.ID, "key")
			})
		}
	}
}

// isSent checks that the draft became the only response, which its key opens.
func (w *world) isSent(draft, receipt string) {
	w.t.Helper()
	if n := w.received(); n != 1 {
		w.t.Errorf("%d responses, want 1", n)
	}
	if _, _, err := w.Draft(w.t.Context(), draft); !fault.Is(err, fault.NotFound) {
		w.t.Errorf("the draft: %v, want none", err)
	}
	m, err := w.Mine(w.t.Context(), receipt)
	w.must(err)
	if m.Response == nil || m.Response.ID != draft || m.Response.Day != "2126-05-10" || questionsOf(m.Response.Answers) != "assent like" {
		w.t.Errorf("the key opens %+v", m)
	}
}

func TestSealedDraftTakesNoMoreAnswers(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	d := w.begin("key")
	w.say(d.ID, "assent", "yes")
	w.store.calls, w.store.failAt, w.store.after = 0, 1, true
	if _, err := w.Submit(t.Context(), d.ID); err == nil {
		t.Fatal("nothing broke")
	}
	w.store.failAt = 0
	_, err := w.Save(t.Context(), d.ID, "like", "en", survey.Input{Choices: []string{"bad"}})
	w.refused(err, fault.Conflict, "survey.sent_already")
}

func TestMine(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	_, err := w.Mine(t.Context())
	w.refused(err, fault.NotFound, "key.not_found")
	_, err = w.Mine(t.Context(), "a", "b")
	w.refused(err, fault.NotFound, "key.not_found")

	d := w.begin("new secret")
	w.say(d.ID, "assent", "yes")
	mine := func() survey.Mine { // whichever of the secrets in force it was hashed with
		t.Helper()
		m, err := w.Mine(t.Context(), "old secret", "new secret")
		w.must(err)
		if m.Survey.ID != "lunch" {
			t.Errorf("of the survey %v", m.Survey)
		}
		return m
	}
	if m := mine(); m.Draft == nil || m.Draft.ID != d.ID || m.Response != nil || m.Withdrawn {
		t.Errorf("on its way: %+v", m)
	}
	w.submit(d.ID)
	m := mine()
	if m.Draft != nil || m.Response == nil || m.Response.ID != d.ID || m.Withdrawn {
		t.Errorf("sent: %+v", m)
	}
	w.must(w.TakeBack(t.Context(), m))
	w.must(w.TakeBack(t.Context(), m)) // twice is once
	if m := mine(); m.Response == nil || !m.Withdrawn || len(m.Response.Answers)+len(m.Response.About) > 0 {
		t.Errorf("withdrawn: %+v", m)
	}
	if n := w.received(); n != 1 {
		t.Errorf("%d responses; one that is withdrawn still counts", n)
	}
}

func TestTakeBackADraft(t *testing.T) {
	w := newWorld(t)
	w.publish(lunch())
	d := w.begin("key")
	m, err := w.Mine(t.Context(), "key")
	w.must(err)
	w.must(w.TakeBack(t.Context(), m))
	if _, _, err := w.Draft(t.Context(), d.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("the draft: %v", err)
	}
	_, err = w.Mine(t.Context(), "key")
	w.refused(err, fault.NotFound, "key.not_found")
	if n := w.received(); n != 0 {
		t.Errorf("%d responses", n)
	}
}

// Words whose sending was cut short are taken back from wherever they are.
func TestTakeBackAfterACrash(t *testing.T) {
	for step := 1; step <= 4; step++ {
		t.Run(fmt.Sprint("step ", step), func(t *testing.T) {
			w := newWorld(t)
			w.publish(lunch())
			d := w.begin("key")
			w.say(d.ID, "assent", "yes")
			w.store.calls, w.store.failAt = 0, step
			if _, err := w.Submit(t.Context(), d.ID); err == nil {
				t.Fatal("nothing broke")
			}
			w.store.failAt = 0
			m, err := w.Mine(t.Context(), "key")
			w.must(err)
			w.must(w.TakeBack(t.Context(), m))
			if _, _, err := w.Draft(t.Context(), d.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("the draft: %v", err)
			}
			r, err := w.store.Response(t.Context(), survey.Ref{Area: "vale", Survey: "lunch", Day: "2126-05-10", ID: d.ID})
			if err == nil && (!r.Withdrawn || len(r.Answers) > 0) || err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("in the log: %+v, %v", r, err)
			}
		})
	}
}
