package ballot

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
)

const (
	// MostSheets is how many sheets are printed at once.
	MostSheets = 500
	// MostOnPaper is how many projects fit on a sheet that somebody can fill in.
	MostOnPaper = 100
	// PostDays is for how many days after closing sheets that come by post may be typed in, unless the votes are
	// counted before.
	PostDays = 14
)

// TypedUntil is the last day on which paper ballots of the exercise may be typed in.
func (e *Exercise) TypedUntil() exercise.Day { return e.Closes.Add(PostDays) }

// Set is what sheets that are made together have in common.
type Set struct {
	Language string
	Way      Which // of an exercise with two
	Twice    bool  // two people type each in, and must agree
}

// MakeSheets keeps a set of sheets by the hashes of their codes. The same set made again is the same sheets. Forbidden
// when people cannot vote any more. For authors and analysts.
func (s *Service) MakeSheets(ctx context.Context, by people.Staff, id string, set Set, hashes []string) error {
	e, err := s.forPaper(by, id)
	switch {
	case err != nil:
		return err
	case s.Today() > e.Closes:
		return fault.New(fault.Forbidden, "vote.closed").With(map[string]any{"Day": e.Closes.Time()})
	case len(hashes) < 1 || len(hashes) > MostSheets:
		return fault.New(fault.Invalid, "paper.how_many").With(map[string]any{"Most": MostSheets})
	case len(e.Projects) > MostOnPaper:
		return fault.New(fault.Invalid, "paper.too_long").With(map[string]any{"Most": MostOnPaper})
	case set.Way != 0 && !slices.Contains(e.Ways(), set.Way), set.Way == 0 && e.Also != nil:
		return fault.New(fault.Invalid, "answer.choose_one")
	}
	sheets := make([]Sheet, len(hashes))
	for i, hash := range hashes {
		sheets[i] = Sheet{Hash: hash, Exercise: id, Language: set.Language, Way: set.Way, Twice: set.Twice, State: Blank}
	}
	fresh, err := s.store.CreateSheets(ctx, sheets)
	if err != nil {
		return fmt.Errorf("keep sheets of %s: %w", id, err)
	}
	if fresh == 0 { // they are printed once more
		return nil
	}
	return s.note(ctx, by, people.ActSheetsMade, e, map[string]string{"sheets": strconv.Itoa(fresh), "lang": set.Language, "twice": strconv.FormatBool(set.Twice)})
}

// forPaper returns the exercise to staff who look after paper.
func (s *Service) forPaper(by people.Staff, id string) (*Exercise, error) {
	if !by.Is(people.Author, people.Analyst) {
		return nil, forbidden()
	}
	return s.Newest(id)
}

// forTyping is forPaper on a day on which sheets may be typed in: from opening to PostDays after closing, and never once
// the votes are counted. Forbidden else.
func (s *Service) forTyping(ctx context.Context, by people.Staff, id string) (*Exercise, error) {
	e, err := s.forPaper(by, id)
	if err != nil {
		return nil, err
	}
	switch today := s.Today(); {
	case today < e.Opens:
		return nil, fault.New(fault.Forbidden, "vote.not_yet_open").With(map[string]any{"Day": e.Opens.Time()})
	case today > e.TypedUntil():
		return nil, fault.New(fault.Forbidden, "paper.too_late").With(map[string]any{"Day": e.TypedUntil().Time()})
	}
	counts, err := s.Outcomes(ctx, id)
	final := func(o Outcome) bool { return o.State != Interim }
	if err == nil && slices.ContainsFunc(counts, final) {
		err = fault.New(fault.Forbidden, "paper.counted")
	}
	return e, err
}

// MayType says whether sheets can be typed in now; Forbidden says why not.
func (s *Service) MayType(ctx context.Context, by people.Staff, id string) error {
	_, err := s.forTyping(ctx, by, id)
	return err
}

// Sheet returns the sheet of the code that has one of the hashes, and finishes what was cut short; NotFound. For authors
// and analysts.
func (s *Service) Sheet(ctx context.Context, by people.Staff, id string, hashes []string) (Sheet, error) {
	if _, err := s.forPaper(by, id); err != nil {
		return Sheet{}, err
	}
	for _, hash := range hashes {
		sh, err := s.store.Sheet(ctx, hash)
		if err == nil && sh.State == Becoming {
			sh, err = s.Become(ctx, sh)
		}
		if err == nil && sh.Exercise == id {
			return sh, nil
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return Sheet{}, fmt.Errorf("read a sheet: %w", err)
		}
	}
	return Sheet{}, fault.New(fault.NotFound, "paper.unknown")
}

// Type keeps what by read on the sheet, which was in the state seen. A sheet that is typed once becomes a ballot, or is
// spoilt; one of a set that is typed twice does so when both agree. Invalid says what cannot be; Conflict, that somebody
// else has typed it meanwhile. For authors and analysts.
func (s *Service) Type(ctx context.Context, by people.Staff, id, hash string, seen SheetState, marks []Mark, alone bool) (Sheet, error) {
	e, err := s.forTyping(ctx, by, id)
	if err != nil {
		return Sheet{}, err
	}
	sh, err := s.store.UpdateSheet(ctx, hash, func(sh *Sheet) error {
		if sh.Exercise != id {
			return fault.New(fault.NotFound, "paper.unknown")
		}
		if _, _, err := e.By(sh.Way).readMarks(marks); err != nil {
			return err
		}
		return sh.typed(Typing{By: by.ID, Marks: marks}, seen, alone)
	})
	if err != nil {
		return Sheet{}, err
	}
	details := map[string]string{"typing": "1"}
	if seen == Once {
		details["typing"] = "2"
	}
	if alone {
		details["alone"] = "true"
	}
	return s.finish(ctx, by, people.ActSheetTyped, e, sh, details)
}

// Settle decides between the two typings of a sheet that differ: of each item that differs pick says which is right, 1 or
// 2. Invalid says what cannot be; Conflict, that the sheet does not wait for this. For authors and analysts.
func (s *Service) Settle(ctx context.Context, by people.Staff, id, hash string, pick func(item string) int) (Sheet, error) {
	differences := 0
	return s.third(ctx, by, id, hash, func(e *Exercise, sh *Sheet) (map[string]string, error) {
		differences = len(e.Differing(sh.Typings[0].Marks, sh.Typings[1].Marks))
		marks, err := e.chosen(sh, pick)
		if err == nil {
			_, _, err = e.readMarks(marks)
		}
		if err == nil {
			sh.decided(Typing{By: by.ID, Marks: marks})
		}
		return map[string]string{"differences": strconv.Itoa(differences)}, err
	})
}

// TypeAgain forgets both typings of a sheet that differ, so that it is typed in anew. As Settle.
func (s *Service) TypeAgain(ctx context.Context, by people.Staff, id, hash string) (Sheet, error) {
	return s.third(ctx, by, id, hash, func(_ *Exercise, sh *Sheet) (map[string]string, error) {
		sh.State, sh.Typings = Blank, nil
		return map[string]string{"again": "true"}, nil
	})
}

func (s *Service) third(ctx context.Context, by people.Staff, id, hash string, decide func(*Exercise, *Sheet) (map[string]string, error)) (Sheet, error) {
	e, err := s.forTyping(ctx, by, id)
	if err != nil {
		return Sheet{}, err
	}
	var details map[string]string
	sh, err := s.store.UpdateSheet(ctx, hash, func(sh *Sheet) (err error) {
		switch {
		case sh.Exercise != id:
			return fault.New(fault.NotFound, "paper.unknown")
		case sh.State != Differs:
			return fault.New(fault.Conflict, "paper.changed")
		}
		details, err = decide(e.By(sh.Way), sh)
		return err
	})
	if err != nil {
		return Sheet{}, err
	}
	return s.finish(ctx, by, people.ActSheetSettled, e, sh, details)
}

// finish records what was done with the sheet, and makes the ballot of one that is settled. The log does not say which
// sheet it was, nor what stands on it.
func (s *Service) finish(ctx context.Context, by people.Staff, act string, e *Exercise, sh Sheet, details map[string]string) (Sheet, error) {
	if sh.State == Spoilt {
		act, details["reason"] = people.ActSheetSpoilt, sh.Reason
	}
	if err := s.note(ctx, by, act, e, details); err != nil {
		return sh, err
	}
	if sh.State != Becoming {
		return sh, nil
	}
	return s.Become(ctx, sh)
}

// Become makes the ballot of a sheet that is settled, and then forgets which one it was. Whoever finds a sheet half-way
// may call it again: there is one ballot of it, whatever happens.
func (s *Service) Become(ctx context.Context, sh Sheet) (Sheet, error) {
	e, err := s.Newest(sh.Exercise)
	if err != nil {
		return sh, err
	}
	b, answers, err := e.By(sh.Way).readMarks(sh.Typings[0].Marks)
	if err != nil {
		return sh, fmt.Errorf("make a ballot of a sheet: %w", err)
	}
	b.ID, b.Area, b.Exercise, b.Version, b.Language, b.Day, b.Way, b.Channel = sh.Ballot, e.Area, e.ID, e.Version, sh.Language, s.Today(), sh.Way, Paper
	about := Background{ID: b.ID, Exercise: e.ID, Answers: answers}
	if err := s.store.CreateBackground(ctx, about); err != nil && !fault.Is(err, fault.Conflict) {
		return sh, fmt.Errorf("keep the background of a sheet: %w", err)
	}
	if err := s.store.CreateBallot(ctx, b); err != nil && !fault.Is(err, fault.Conflict) {
		return sh, fmt.Errorf("keep the ballot of a sheet: %w", err)
	}
	return s.store.UpdateSheet(ctx, sh.Hash, func(now *Sheet) error {
		if now.State == Becoming && now.Ballot == sh.Ballot {
			now.State, now.Typings, now.Ballot = Counted, nil, ""
		}
		return nil
	})
}

// LeaveOut spoils the sheets that are not settled, so that the votes can be counted without them. Forbidden while people
// can vote. For analysts, who count.
func (s *Service) LeaveOut(ctx context.Context, by people.Staff, id string) error {
	e, err := s.forPaper(by, id)
	switch {
	case err != nil:
		return err
	case !by.Is(people.Analyst):
		return forbidden()
	case s.Today() <= e.Closes:
		return fault.New(fault.Forbidden, "result.still_open").With(map[string]any{"Day": e.Closes.Time()})
	}
	left := 0
	for sh, err := range s.store.ScanSheets(ctx, id) {
		if err != nil {
			return fmt.Errorf("read the sheets of %s: %w", id, err)
		}
		if !sh.waits() {
			continue
		}
		if _, err := s.store.UpdateSheet(ctx, sh.Hash, func(sh *Sheet) error {
			if sh.waits() {
				sh.spoil(LeftOut)
			}
			return nil
		}); err != nil {
			return fmt.Errorf("leave a sheet out: %w", err)
		}
		left++
	}
	if left == 0 {
		return nil
	}
	return s.note(ctx, by, people.ActSheetsLeftOut, e, map[string]string{"sheets": strconv.Itoa(left)})
}

// waits says whether somebody must look at the sheet once more.
func (sh *Sheet) waits() bool { return sh.State == Once || sh.State == Differs }

// Sheets says how many sheets of the exercise there are in each state: raw counts.
func (s *Service) Sheets(ctx context.Context, id string) (map[SheetState]int, error) {
	out := map[SheetState]int{}
	for sh, err := range s.store.ScanSheets(ctx, id) {
		if err != nil {
			return nil, fmt.Errorf("read the sheets of %s: %w", id, err)
		}
		out[sh.State]++
	}
	return out, nil
}

// settled makes sure that no sheet waits, finishes those that were cut short, and says how many are spoilt. Conflict
// while some wait.
func (s *Service) settled(ctx context.Context, e *Exercise) (spoilt int, err error) {
	for sh, err := range s.store.ScanSheets(ctx, e.ID) {
		switch {
		case err != nil:
			return 0, fmt.Errorf("read the sheets of %s: %w", e.ID, err)
		case sh.waits():
			return 0, fault.New(fault.Conflict, "paper.wait")
		case sh.State == Spoilt:
			spoilt++
		case sh.State == Becoming:
			if _, err := s.Become(ctx, sh); err != nil {
				return 0, err
			}
		}
	}
	return spoilt, nil
}

func (s *Service) note(ctx context.Context, by people.Staff, act string, e *Exercise, details map[string]string) error {
	if err := s.audit.Record(ctx, by, act, "budget/"+e.ID, e.Area, details); err != nil {
		return fmt.Errorf("record %s: %w", act, err)
	}
	return nil
}
