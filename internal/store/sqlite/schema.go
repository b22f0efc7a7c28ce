package sqlite

import (
	"context"
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// ErrNewer says that the file was written by a newer Sayso.
var ErrNewer = errors.New("the file was written by a newer Sayso: please use that one")

// ErrForeign says that the file is a database of something else.
var ErrForeign = errors.New("the file is not a store of Sayso")

// application marks the file as ours: "Says" in ASCII.
const application = 0x53617973

// migrations bring an empty file up to date, in order. What was released is never changed, only added to.
var migrations = []string{`
CREATE TABLE surveys (
	id      TEXT NOT NULL,
	version INTEGER NOT NULL,
	body    BLOB NOT NULL,
	PRIMARY KEY (id, version)
) WITHOUT ROWID, STRICT;

CREATE TABLE drafts (
	id        TEXT NOT NULL PRIMARY KEY,
	revision  INTEGER NOT NULL,
	last_page TEXT NOT NULL,
	body      BLOB NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX drafts_by_last_page ON drafts (last_page);

-- What people said, and apart from it who they are: the same key, one row of each.
CREATE TABLE responses (
	area   TEXT NOT NULL,
	survey TEXT NOT NULL,
	day    TEXT NOT NULL,
	id     TEXT NOT NULL,
	body   BLOB NOT NULL,
	PRIMARY KEY (area, survey, day, id)
) WITHOUT ROWID, STRICT;
CREATE TABLE backgrounds (
	area   TEXT NOT NULL,
	survey TEXT NOT NULL,
	day    TEXT NOT NULL,
	id     TEXT NOT NULL,
	body   BLOB NOT NULL,
	PRIMARY KEY (area, survey, day, id)
) WITHOUT ROWID, STRICT;

CREATE TABLE receipts (
	hash  TEXT NOT NULL PRIMARY KEY,
	draft TEXT NOT NULL,
	body  BLOB NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX receipts_by_draft ON receipts (draft);

CREATE TABLE staff (
	id       TEXT NOT NULL PRIMARY KEY,
	revision INTEGER NOT NULL,
	name     TEXT NOT NULL UNIQUE,
	body     BLOB NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE invitations (
	hash TEXT NOT NULL PRIMARY KEY,
	body BLOB NOT NULL
) WITHOUT ROWID, STRICT;

-- Times are milliseconds since 1970.
CREATE TABLE sessions (
	hash     TEXT NOT NULL PRIMARY KEY,
	revision INTEGER NOT NULL,
	staff    TEXT NOT NULL,
	begun    INTEGER NOT NULL,
	seen     INTEGER NOT NULL,
	body     BLOB NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX sessions_by_staff ON sessions (staff);
CREATE INDEX sessions_by_begun ON sessions (begun);
CREATE INDEX sessions_by_seen ON sessions (seen);

CREATE TABLE audit (
	number INTEGER NOT NULL PRIMARY KEY,
	area   TEXT NOT NULL,
	body   BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_area ON audit (area, number);

CREATE TABLE reports (
	survey   TEXT NOT NULL,
	number   INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	state    TEXT NOT NULL,
	about    BLOB NOT NULL, -- all but the two large parts
	body     BLOB NOT NULL,
	basis    BLOB NOT NULL,
	PRIMARY KEY (survey, number)
) WITHOUT ROWID, STRICT;
CREATE INDEX reports_by_state ON reports (state, survey, number);
`, `
-- How many responses came on a day whose ids begin with the same letter, and how often one of them was changed.
CREATE TABLE stretches (
	area     TEXT NOT NULL,
	survey   TEXT NOT NULL,
	day      TEXT NOT NULL,
	part     TEXT NOT NULL,
	received INTEGER NOT NULL,
	changed  INTEGER NOT NULL,
	PRIMARY KEY (area, survey, day, part)
) WITHOUT ROWID, STRICT;
INSERT INTO stretches SELECT area, survey, day, substr(id, 1, 1), count(*), 0 FROM responses GROUP BY 1, 2, 3, 4;

-- What a stretch of the log added up to, for the next report. It begins at the id "first" and ends before "last",
-- which is empty for the end of the day.
CREATE TABLE folds (
	area     TEXT NOT NULL,
	survey   TEXT NOT NULL,
	day      TEXT NOT NULL,
	first    TEXT NOT NULL,
	last     TEXT NOT NULL,
	received INTEGER NOT NULL,
	changed  INTEGER NOT NULL,
	plan     TEXT NOT NULL,
	body     BLOB NOT NULL,
	PRIMARY KEY (area, survey, day, first)
) WITHOUT ROWID, STRICT;

-- The difference between a fold and the log would tell what was taken or held back.
CREATE TRIGGER responses_change AFTER UPDATE ON responses BEGIN
	UPDATE stretches SET changed = changed + 1
		WHERE area = NEW.area AND survey = NEW.survey AND day = NEW.day AND part = substr(NEW.id, 1, 1);
	DELETE FROM folds WHERE area = NEW.area AND survey = NEW.survey AND day = NEW.day AND first <= NEW.id
		AND (last = '' OR NEW.id < last);
END;
CREATE TRIGGER responses_go AFTER DELETE ON responses BEGIN
	UPDATE stretches SET received = received - 1, changed = changed + 1
		WHERE area = OLD.area AND survey = OLD.survey AND day = OLD.day AND part = substr(OLD.id, 1, 1);
	DELETE FROM folds WHERE area = OLD.area AND survey = OLD.survey AND day = OLD.day;
END;
`, `
CREATE TABLE exercises (
	id      TEXT NOT NULL,
	version INTEGER NOT NULL,
	body    BLOB NOT NULL,
	PRIMARY KEY (id, version)
) WITHOUT ROWID, STRICT;

-- What people wish for, and apart from it who they are: the same id, one row of each.
CREATE TABLE ballots (
	id       TEXT NOT NULL PRIMARY KEY,
	exercise TEXT NOT NULL,
	revision INTEGER NOT NULL,
	body     BLOB NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX ballots_by_exercise ON ballots (exercise, id);
CREATE TABLE ballot_backgrounds (
	id       TEXT NOT NULL PRIMARY KEY,
	exercise TEXT NOT NULL,
	revision INTEGER NOT NULL,
	body     BLOB NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX ballot_backgrounds_by_exercise ON ballot_backgrounds (exercise, id);

CREATE TABLE outcomes (
	exercise TEXT NOT NULL,
	number   INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	about    BLOB NOT NULL, -- all but the two large parts
	result   BLOB NOT NULL,
	file     BLOB NOT NULL,
	PRIMARY KEY (exercise, number)
) WITHOUT ROWID, STRICT;
`, `
-- What was spent of limits, until it is gone: milliseconds since 1970.
CREATE TABLE spendings (
	key      TEXT NOT NULL PRIMARY KEY,
	revision INTEGER NOT NULL,
	gone     INTEGER NOT NULL,
	body     BLOB NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX spendings_by_gone ON spendings (gone);
`, `
-- It was never read.
ALTER TABLE reports DROP COLUMN basis;
`, `
CREATE TABLE code_batches (
	id       TEXT NOT NULL PRIMARY KEY,
	exercise TEXT NOT NULL,
	revision INTEGER NOT NULL,
	body     BLOB NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX code_batches_by_exercise ON code_batches (exercise, id);

-- What is kept of invitation codes. No index holds spent: its pages would tell in which order they were.
CREATE TABLE codes (
	hash  TEXT NOT NULL PRIMARY KEY,
	batch TEXT NOT NULL,
	spent INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX codes_by_batch ON codes (batch, hash);
`, `
-- Paper ballots, by the hashes of their codes.
CREATE TABLE sheets (
	hash     TEXT NOT NULL PRIMARY KEY,
	exercise TEXT NOT NULL,
	revision INTEGER NOT NULL,
	body     BLOB NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX sheets_by_exercise ON sheets (exercise, hash);
`}

// migrate runs the steps the file has not had yet, each in a transaction of its own. Two processes may do so at
// the same time, and a step that is interrupted leaves nothing.
func migrate(ctx context.Context, conn *sqlite.Conn, steps []string) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		done, err := step(conn, steps)
		if err != nil || done {
			return err
		}
	}
}

func step(conn *sqlite.Conn, steps []string) (done bool, err error) {
	end, err := sqlitex.ImmediateTransaction(conn)
	if err != nil {
		return false, err
	}
	defer end(&err)
	at, err := version(conn)
	switch {
	case err != nil:
		return false, err
	case at > len(steps):
		return false, fmt.Errorf("%w (its schema is %d, ours %d)", ErrNewer, at, len(steps))
	case at == len(steps):
		return true, nil
	}
	return false, run(conn, fmt.Sprintf("%s\nPRAGMA application_id = %d;\nPRAGMA user_version = %d", steps[at], application, at+1))
}

// run runs the statements of a script one after the other, in the transaction that is open.
func run(conn *sqlite.Conn, script string) error {
	for {
		stmt, rest, err := conn.PrepareTransient(script)
		if err != nil {
			return err
		}
		_, err = stmt.Step()
		if ferr := stmt.Finalize(); err == nil {
			err = ferr
		}
		if err != nil || rest == 0 {
			return err
		}
		script = script[len(script)-rest:]
	}
}

// version returns the number of steps the file has had, 0 for an empty file.
func version(conn *sqlite.Conn) (int, error) {
	n, err := number(conn, "PRAGMA user_version")
	if err != nil {
		return 0, err
	}
	id, err := number(conn, "PRAGMA application_id")
	if err != nil {
		return 0, err
	}
	tables, err := number(conn, "SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return 0, err
	}
	if id != application && (n != 0 || tables != 0) {
		return 0, ErrForeign
	}
	return n, nil
}
