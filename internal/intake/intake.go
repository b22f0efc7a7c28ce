// Package intake brings what people said elsewhere into a survey: tables in CSV or in a workbook, read by a mapping
// that says which column answers which question.
//
// The table is read several times rather than kept. The first reading checks every row. Each later one takes the
// people of one share, so that the rows of a person can stand anywhere in the table while the memory in use depends
// on shareSize and not on the table, but for some bytes a row and some for each response that was imported before.
package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
)

// Options say what is read, how, and into which survey.
type Options struct {
	Survey   survey.Survey // the newest version; without problems
	Mapping  Mapping
	Input    io.ReaderAt // the table: CSV, or a workbook (.xlsx)
	Size     int64       // of Input, in bytes
	Key      []byte      // makes the ids: nobody without it can compute them from an identity. Keep it, or the next import doubles
	Today    exercise.Day
	DryRun   bool                    // only count
	Progress func(done, total int64) // bytes of all readings; may be nil
}

// shareSize is how many bytes of table one reading takes people from, at most and on average.
const shareSize = 32 << 20

// mostShares bounds the number of readings; beyond two terabytes a share is larger.
const mostShares = 1<<16 - 1

// Run imports the table. Its Result is valid with an error too: it says what was kept until then. A fault of kind
// Invalid says that the mapping or the table cannot be used; then nothing was kept.
//
// Running again keeps nothing twice, with a newer table too. A person with an identity who was imported before is left
// as they are, whatever newer rows say, and counted as There: also one who took their words back. Only who declines in
// any row by now is taken back. A dry run counts the same; its sink, which may be nil, is only read.
func Run(ctx context.Context, o Options, sink survey.Responses) (Result, error) {
	if problems := Check(o.Mapping, o.Survey); len(problems) > 0 {
		return Result{}, invalid("import.mapping", &MappingError{o.Mapping.name, problems})
	}
	t, err := open(o.Input, o.Size, o.Mapping.Table)
	if err != nil {
		return Result{}, err
	}
	defer t.close()
	rd, err := newReader(&o, t)
	if err != nil {
		return Result{}, err
	}
	shares := min(max(1, int((t.weight()+shareSize-1)/shareSize)), mostShares)
	r := run{o: &o, table: t, reader: rd, log: sink, shares: shares, readings: shares + 1, result: Result{Encoding: t.encoding(), Note: t.note(), Reasons: map[Reason]int{}}}
	if !o.DryRun {
		r.batch = &batch{sink: sink}
	}
	err = r.all(ctx)
	slices.SortStableFunc(r.result.Refusals, func(a, b Refusal) int { return a.Line - b.Line })
	return r.result, err
}

// run is one import on its way.
type run struct {
	o        *Options
	table    table
	reader   *reader
	batch    *batch // nil: only count
	shares   int
	shareOf  []uint16 // of each row, as the first reading found it
	log      survey.Responses
	earlier  earlier
	reading  int
	readings int
	result   Result
}

// noShare is that of rows which say nothing that can be used.
const noShare = mostShares

func (r *run) all(ctx context.Context) error {
	if err := r.look(ctx); err != nil {
		return err
	}
	if len(r.result.Unlisted) > 0 {
		return invalid("import.unlisted", errors.New("the table has cells that the mapping does not list; nothing was imported"))
	}
	if err := r.recall(ctx, r.log); err != nil {
		return err
	}
	for share := range r.shares {
		if err := r.take(ctx, share); err != nil {
			return err
		}
	}
	return nil
}

// look reads every row once, counts them, and finds all that cannot be used.
func (r *run) look(ctx context.Context) error {
	return r.read(ctx, nil, func(rw *row) {
		r.result.Rows++
		share := noShare
		if rw.blank() {
			r.result.Empty++
		} else if _, no := r.reader.read(rw); no != nil {
			r.result.refuse(*no)
		} else {
			share = r.reader.key(rw).share(r.shares)
		}
		r.shareOf = append(r.shareOf, uint16(share))
	})
}

// take keeps the people of one share.
func (r *run) take(ctx context.Context, number int) error {
	var mine share
	err := r.read(ctx, func(at int) bool { return at < len(r.shareOf) && int(r.shareOf[at]) == number }, func(rw *row) {
		if day, why := r.reader.day(rw); why == "" {
			mine.add(r.reader.key(rw), r.reader.content(rw), day, rw)
		}
	})
	if err != nil {
		return err
	}
	for _, rows := range mine.people() {
		if err := r.person(ctx, &mine, rows); err != nil {
			return err
		}
	}
	return r.flush(ctx)
}

// person makes the response of the rows of one person; without an identity each of these equal rows is a person.
func (r *run) person(ctx context.Context, of *share, rows []kept) error {
	if len(r.o.Mapping.Identity.Columns) > 0 {
		return r.keep(ctx, of, rows, 0)
	}
	for i := range rows {
		if err := r.keep(ctx, of, rows[i:i+1], i); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) keep(ctx context.Context, of *share, rows []kept, occurrence int) error {
	all := make([]said, 0, 1) // most people have one row
	for i := range rows {
		s, no := r.reader.read(of.row(&rows[i]))
		if no != nil {
			return errChanged
		}
		if len(rows) > 1 {
			s.answers = slices.Clone(s.answers)
		}
		all = append(all, s)
	}
	if slices.ContainsFunc(all, func(s said) bool { return s.declined }) {
		for _, s := range all {
			r.result.refuse(Refusal{Line: s.line, Reason: Declined})
		}
		return r.takeBack(ctx, rows[0].key)
	}
	r.result.Merged += len(all) - 1
	if len(r.earlier.of(rows[0].key)) > 0 {
		r.result.There++
		return nil
	}
	resp := r.reader.response(rows[0].key, all, occurrence)
	switch {
	case len(resp.Answers)+len(resp.About) == 0 && r.o.Mapping.Empty != emptyKeep:
		r.result.Empty++
		return nil
	case r.batch == nil:
		r.result.Kept++
		return nil
	}
	return r.count(r.batch.add(ctx, resp))
}

func (r *run) flush(ctx context.Context) error {
	if r.batch == nil {
		return nil
	}
	return r.count(r.batch.flush(ctx))
}

func (r *run) count(sent, added int, err error) error {
	r.result.Kept += added
	r.result.There += sent - added
	return err
}

// read goes through the table once, shows the rows that are wanted, and tells of its progress.
func (r *run) read(ctx context.Context, mine func(at int) bool, see func(*row)) error {
	defer func() { r.reading++ }()
	seen := 0
	for rw, err := range r.table.rows(mine) {
		if err != nil {
			return fmt.Errorf("read the table: %w", err)
		}
		see(rw)
		if seen++; seen%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			r.progress(rw.at)
		}
	}
	r.progress(r.o.Size)
	return ctx.Err()
}

func (r *run) progress(at int64) {
	if r.o.Progress != nil {
		r.o.Progress(int64(r.reading)*r.o.Size+min(at, r.o.Size), int64(r.readings)*r.o.Size)
	}
}

func invalid(key string, why error) error { return fault.New(fault.Invalid, key).Because(why) }
