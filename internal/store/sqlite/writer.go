package sqlite

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

const (
	batchSize     = 256 // the most writes in one transaction
	queueSize     = 2 * batchSize
	cleanEvery    = time.Minute // how long words of a draft may outlast it
	cleanPatience = 50 * time.Millisecond
	statusWaiting = 0
	statusBegun   = 1
	statusLeft    = 2
)

// write is one caller's share of a batch.
type write struct {
	do     func(*sqlite.Conn) error
	wipes  bool // takes words away: the caller hears when nothing is left of them
	marks  bool // marks a code as spent: nothing is left of when, once the caller hears
	single bool // changes something by one statement alone, whose failure undoes itself
	status atomic.Int32
	err    error
	done   chan struct{}
}

// writer is the one goroutine that writes.
type writer struct {
	path       string
	durability durability
	conn       *sqlite.Conn // nil after a failure, until the next batch opens it again
	queue      chan *write
	ended      chan struct{}
	mu         sync.RWMutex
	closed     bool
	unclean    bool // something was written since the last cleaning
}

func startWriter(path string, d durability, conn *sqlite.Conn) *writer {
	w := &writer{path: path, durability: d, conn: conn, queue: make(chan *write, queueSize), ended: make(chan struct{})}
	go w.run()
	return w
}

// write runs do in a savepoint of the next batch and returns when the batch is durable or has failed. A caller
// whose context ends before do began leaves nothing behind; after that it waits for the truth.
func (s *Store) write(ctx context.Context, do func(*sqlite.Conn) error) error {
	return describe(s.writer.submit(ctx, &write{do: do, done: make(chan struct{})}))
}

// change is write for a do that changes something by one statement alone: it needs no savepoint.
func (s *Store) change(ctx context.Context, do func(*sqlite.Conn) error) error {
	return describe(s.writer.submit(ctx, &write{do: do, single: true, done: make(chan struct{})}))
}

// wipe is write for what takes words away.
func (s *Store) wipe(ctx context.Context, do func(*sqlite.Conn) error) error {
	return describe(s.writer.submit(ctx, &write{do: do, wipes: true, done: make(chan struct{})}))
}

// Queue says how many writes wait for the next batch, 512 at most: those who come then wait at the door.
func (s *Store) Queue() int { return len(s.writer.queue) }

func (w *writer) submit(ctx context.Context, job *write) error {
	if err := w.enqueue(ctx, job); err != nil {
		return err
	}
	select {
	case <-job.done:
		return job.err
	case <-ctx.Done():
		if job.status.CompareAndSwap(statusWaiting, statusLeft) {
			return ctx.Err()
		}
		<-job.done
		return job.err
	}
}

func (w *writer) enqueue(ctx context.Context, job *write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return errClosed
	}
	select {
	case w.queue <- job:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stop lets no further write in and waits until those in the queue are done.
func (w *writer) stop() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.ended
}

// close empties the write-ahead log and closes the connection, after stop and after the readers have gone.
func (w *writer) close() error {
	if w.conn == nil {
		return nil
	}
	w.clean("drafts", "reports")
	err := w.conn.Close()
	w.conn = nil
	return err
}

func (w *writer) run() {
	defer close(w.ended)
	tick := time.NewTicker(cleanEvery)
	defer tick.Stop()
	batch := make([]*write, 0, batchSize)
	for {
		select {
		case job, open := <-w.queue:
			if !open {
				return
			}
			batch = w.gather(append(batch[:0], job))
			w.commit(batch)
			clear(batch)
		case <-tick.C:
			if w.unclean && w.conn != nil {
				w.clean("drafts", "reports")
			}
		}
	}
}

// gather adds what is waiting already, without waiting for more: while one batch is on its way to the disk, the
// next one gathers by itself.
func (w *writer) gather(batch []*write) []*write {
	for len(batch) < batchSize {
		select {
		case job, open := <-w.queue:
			if !open {
				return batch
			}
			batch = append(batch, job)
		default:
			return batch
		}
	}
	return batch
}

// commit runs the batch in one transaction and tells each caller how it went.
func (w *writer) commit(batch []*write) {
	err := w.transact(batch)
	if err != nil && w.conn != nil {
		_ = w.conn.Close() // what state a failed connection is in is anybody's guess
		w.conn = nil
	}
	w.unclean = true
	finish(batch, err, false)
	any := func(is func(*write) bool) bool {
		return err == nil && slices.ContainsFunc(batch, func(job *write) bool { return job.err == nil && is(job) })
	}
	switch {
	case any(func(job *write) bool { return job.wipes }):
		w.clean("drafts", "responses", "backgrounds", "reports")
	case any(func(job *write) bool { return job.marks }):
		w.clean()
	}
	finish(batch, err, true)
}

// finish tells those callers who wait until something is cleaned away, or those who do not.
func finish(batch []*write, err error, cleaned bool) {
	for _, job := range batch {
		if (job.wipes || job.marks) != cleaned {
			continue
		}
		if err != nil {
			job.err = err
		}
		close(job.done)
	}
}

// transact returns an error when nothing of the batch was kept; a write that fails for itself has its own err.
func (w *writer) transact(batch []*write) (err error) {
	if w.conn == nil {
		if w.conn, err = connect(w.path, w.durability); err != nil {
			w.conn = nil
			return err
		}
	}
	if err := sqlitex.Execute(w.conn, "BEGIN IMMEDIATE", nil); err != nil {
		return err
	}
	for _, job := range batch {
		if !job.status.CompareAndSwap(statusWaiting, statusBegun) {
			continue
		}
		if err := w.one(job); err != nil {
			return err
		}
	}
	return sqlitex.Execute(w.conn, "COMMIT", nil)
}

// one runs one write. Its own failure is undone alone; the machine's failure is everybody's and is returned.
func (w *writer) one(job *write) error {
	if job.single {
		if job.err = job.do(w.conn); job.err != nil && (away(job.err) || w.conn.AutocommitEnabled()) {
			return job.err
		}
		return nil
	}
	if err := sqlitex.Execute(w.conn, "SAVEPOINT one", nil); err != nil {
		return err
	}
	if job.err = job.do(w.conn); job.err != nil {
		if away(job.err) || w.conn.AutocommitEnabled() {
			return job.err
		}
		if err := sqlitex.Execute(w.conn, "ROLLBACK TO one", nil); err != nil {
			return err
		}
	}
	return sqlitex.Execute(w.conn, "RELEASE one", nil)
}

// clean takes what is left of deleted words out of the tables' pages, if any are named, and out of the write-ahead log, by moving that
// into the file and emptying it. While a reader is in the way it leaves the log for the next time.
func (w *writer) clean(tables ...string) {
	w.conn.SetBusyTimeout(cleanPatience)
	defer w.conn.SetBusyTimeout(busyTimeout)
	w.unclean = true
	for _, table := range tables {
		if err := scrub(w.conn, table); err != nil {
			return
		}
	}
	busy := true
	err := sqlitex.Execute(w.conn, "PRAGMA wal_checkpoint(TRUNCATE)", &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error { busy = stmt.ColumnInt(0) != 0; return nil },
	})
	w.unclean = err != nil || busy
}
