package storetest

import (
	"errors"
	"fmt"
	"testing"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/survey"
)

func begun(id string) survey.Draft {
	return survey.Draft{
		ID: id, Area: "riverside", Survey: "worries", Version: 2, Language: "ur", Voice: exercise.Helped, LastPage: "2126-05-03",
		Receipt: "hash", Submitted: "2126-05-04",
		Answers: answered("worries", "2126-05-03", id).Answers,
	}
}

var drafts = []promise{
	{"Drafts/create and read", func(t *testing.T, s Stores) {
		d := begun("one")
		d.Revision = 17
		must(t, s.CreateDraft(t.Context(), d))
		d.Revision = 1
		kept, err := s.Draft(t.Context(), "one")
		must(t, err)
		same(t, kept, d)
		must(t, s.CreateDraft(t.Context(), survey.Draft{ID: "bare"}))
		kept, err = s.Draft(t.Context(), "bare")
		must(t, err)
		same(t, kept, survey.Draft{ID: "bare", Revision: 1})
	}},
	{"Drafts/not found", func(t *testing.T, s Stores) {
		_, err := s.Draft(t.Context(), "none")
		wantFault(t, err, fault.NotFound)
		_, err = s.UpdateDraft(t.Context(), "none", func(*survey.Draft) error { t.Error("called"); return nil })
		wantFault(t, err, fault.NotFound)
		must(t, s.DeleteDraft(t.Context(), "none"))
	}},
	{"Drafts/one of many creators wins", func(t *testing.T, s Stores) {
		oneWins(t, together(64, func(i int) error {
			d := begun("one")
			d.Receipt = fmt.Sprint(i)
			return s.CreateDraft(t.Context(), d)
		}), fault.Conflict)
	}},
	{"Drafts/update", func(t *testing.T, s Stores) {
		must(t, s.CreateDraft(t.Context(), begun("one")))
		d, err := s.UpdateDraft(t.Context(), "one", func(d *survey.Draft) error {
			d.Put(survey.Answer{Question: "new", Words: "more"})
			d.LastPage = "2126-05-09"
			return nil
		})
		must(t, err)
		if a, ok := d.Answer("new"); !ok || a.Words != "more" || d.Revision != 2 || d.ID != "one" {
			t.Errorf("got %+v", d)
		}
		kept, err := s.Draft(t.Context(), "one")
		must(t, err)
		same(t, kept, d)
	}},
	{"Drafts/an error of change keeps nothing", func(t *testing.T, s Stores) {
		must(t, s.CreateDraft(t.Context(), begun("one")))
		mine := errors.New("mine")
		if _, err := s.UpdateDraft(t.Context(), "one", func(d *survey.Draft) error { d.Language = "pl"; return mine }); err != mine {
			t.Errorf("got %v, want the error as it was", err)
		}
		d, err := s.Draft(t.Context(), "one")
		must(t, err)
		if d.Language != "ur" || d.Revision != 1 {
			t.Errorf("kept %+v", d)
		}
	}},
	{"Drafts/editors never overwrite each other", func(t *testing.T, s Stores) {
		const editors, edits = 32, 10
		must(t, s.CreateDraft(t.Context(), survey.Draft{ID: "one"}))
		for _, err := range together(editors, func(int) error {
			for range edits {
				if _, err := s.UpdateDraft(t.Context(), "one", func(d *survey.Draft) error { d.Version++; return nil }); err != nil {
					return err
				}
			}
			return nil
		}) {
			must(t, err)
		}
		d, err := s.Draft(t.Context(), "one")
		must(t, err)
		if d.Version != editors*edits || d.Revision != 1+editors*edits {
			t.Errorf("counted %d at revision %d, want %d", d.Version, d.Revision, editors*edits)
		}
	}},
	{"Drafts/delete and expire", func(t *testing.T, s Stores) {
		for i := range 9 {
			d := begun(fmt.Sprint(i))
			d.LastPage = exercise.Day(fmt.Sprintf("2126-05-0%d", i+1))
			must(t, s.CreateDraft(t.Context(), d))
			must(t, s.CreateReceipt(t.Context(), people.Receipt{Hash: d.ID, Draft: d.ID}))
		}
		must(t, s.SubmitReceipt(t.Context(), "1", "2126-05-02")) // it opens a response
		must(t, s.DeleteDraft(t.Context(), "0"))
		n, err := s.ExpireDrafts(t.Context(), "2126-05-05")
		if err != nil || n != 3 {
			t.Errorf("expired %d, %v, want 3", n, err)
		}
		for i := range 9 {
			_, err := s.Draft(t.Context(), fmt.Sprint(i))
			_, rerr := s.Receipt(t.Context(), fmt.Sprint(i))
			if i < 4 {
				wantFault(t, err, fault.NotFound)
			} else {
				must(t, err)
			}
			if i == 2 || i == 3 {
				wantFault(t, rerr, fault.NotFound)
			} else {
				must(t, rerr)
			}
		}
	}},
}
