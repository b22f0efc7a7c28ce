package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
)

// MostReplyLetters is how many letters (runes) a reply may have.
const MostReplyLetters = 1000

// ReplyKinds are all kinds of reply in the order in which they are offered.
var ReplyKinds = []ReplyKind{WeDid, WeWill, Partly, WeWont}

// Reply keeps the board's answer to a theme of the newest approved snapshot, in place of an earlier one; On is set
// to today. Invalid says what to mend; NotFound if there is no such theme; Conflict if the snapshot is not the
// newest that was approved. For the board and analysts.
func (s *Service) Reply(ctx context.Context, by people.Staff, surveyID string, number int, themeID string, reply Reply) (Record, error) {
	if !by.Is(people.Board, people.Analyst) {
		return Record{}, forbidden()
	}
	reply.Text, reply.On = strings.TrimSpace(reply.Text), exercise.DayOf(s.now())
	if err := reply.check(); err != nil {
		return Record{}, err
	}
	newest, err := s.store.LatestApproved(ctx, surveyID)
	if err != nil {
		return Record{}, fmt.Errorf("read the newest report of %s: %w", surveyID, err)
	}
	if newest.Number != number {
		return Record{}, fault.New(fault.Conflict, "report.not_newest")
	}
	body, err := newest.Report()
	if err != nil {
		return Record{}, err
	}
	if _, ok := body.Theme(themeID); !ok {
		return Record{}, fault.New(fault.NotFound, "report.theme_not_found")
	}
	r, err := s.store.UpdateRecord(ctx, surveyID, number, func(r *Record) error {
		if r.Replies == nil {
			r.Replies = map[string]Reply{}
		}
		r.Replies[themeID] = reply
		return nil
	})
	if err != nil {
		return Record{}, fmt.Errorf("reply to %s of %s/%d: %w", themeID, surveyID, number, err)
	}
	return r, s.record(ctx, by, people.ActThemeAnswered, r, map[string]string{"theme": themeID, "kind": string(reply.Kind)})
}

// check says what is wrong with a reply that is dated today.
func (r *Reply) check() error {
	letters := utf8.RuneCountInString(r.Text)
	switch {
	case !slices.Contains(ReplyKinds, r.Kind):
		return fault.New(fault.Invalid, "reply.choose_kind")
	case letters == 0:
		return fault.New(fault.Invalid, "reply.write_text")
	case letters > MostReplyLetters:
		return fault.New(fault.Invalid, "reply.too_long").With(map[string]any{"Most": MostReplyLetters, "Count": letters - MostReplyLetters})
	case r.Kind == WeWill && r.By.Time().IsZero():
		return fault.New(fault.Invalid, "reply.give_date")
	case r.Kind == WeWill && r.By < r.On:
		return fault.New(fault.Invalid, "reply.date_passed")
	}
	if r.Kind != WeWill {
		r.By = ""
	}
	return nil
}

const (
	mostApproved = 500 // surveys that are looked at
	mostPublic   = 12  // reports a front page has room for
)

// Public returns up to a dozen of the newest approved reports, the latest answer of a board first and those without
// any last: those of the areas and what lies inside them, of all areas for none.
func (s *Service) Public(ctx context.Context, areas ...string) ([]Published, error) {
	all, err := s.store.ApprovedRecords(ctx, mostApproved)
	if err != nil {
		return nil, fmt.Errorf("list the approved reports: %w", err)
	}
	all = slices.DeleteFunc(all, func(r Record) bool {
		inside := func(area string) bool { return s.from.Areas.Within(r.Area, area) }
		return len(areas) > 0 && !slices.ContainsFunc(areas, inside)
	})
	slices.SortStableFunc(all, func(a, b Record) int { return cmp.Compare(b.lastReply(), a.lastReply()) })
	var out []Published
	for _, r := range all[:min(len(all), mostPublic)] {
		p, err := s.publishedBare(ctx, r)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func (r Record) lastReply() exercise.Day {
	var last exercise.Day
	for _, reply := range r.Replies {
		last = max(last, reply.On)
	}
	return last
}
