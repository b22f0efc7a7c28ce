package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	zombie "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/people"
)

// harm runs a script on the file of the folder.
func harm(t *testing.T, data, script string) {
	t.Helper()
	conn, err := zombie.OpenConn(filepath.Join(data, "sayso.db"), zombie.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := sqlitex.ExecuteScript(conn, script, nil); err != nil {
		t.Fatal(err)
	}
}

// TestDoctor harms a store in each way and looks whether that is seen, and alone; then whether it is mended, or said
// again by whoever cannot mend it.
func TestDoctor(t *testing.T) {
	const cut = `UPDATE drafts SET body = CAST(json_set(body, '$.submitted', '2026-05-01') AS BLOB) WHERE id = (SELECT min(id) FROM drafts)`
	sound := settledHouse(t)
	for name, c := range map[string]struct {
		script string
		sees   []string
		mends  bool
	}{
		"nothing":               {"SELECT 1", nil, true},
		"sending was cut short": {cut, []string{"1 drafts were sent"}, true},
		"a draft is gone":       {`DELETE FROM drafts WHERE id = (SELECT min(id) FROM drafts)`, []string{"1 keys open nothing"}, true},
		"all drafts are gone":   {`DELETE FROM drafts`, []string{"10 keys open nothing"}, true},
		"a response is gone": {`DELETE FROM responses WHERE id = (SELECT min(id) FROM responses WHERE body ->> '$.withdrawn' IS NULL)`,
			[]string{"1 times it is kept who somebody is", "1 keys open nothing"}, true},
		"a background is gone": {`DELETE FROM backgrounds WHERE id = (SELECT min(id) FROM responses WHERE body ->> '$.withdrawn' IS NULL)`,
			[]string{"1 responses have lost who spoke"}, false},
		"half withdrawn": {`UPDATE backgrounds SET body = CAST('[{"q":"age","c":["8-11"]}]' AS BLOB) WHERE id IN
			(SELECT id FROM responses WHERE body ->> '$.withdrawn')`, []string{"3 people took their words back"}, true},
		"a survey is gone":     {`DELETE FROM surveys`, []string{`20 responses answer version "lunch 1"`}, false},
		"the log was changed":  {`UPDATE audit SET body = CAST(json_set(body, '$.staff', 'x') AS BLOB) WHERE number = 2`, []string{"audit log is broken at entry 2 (content)"}, false},
		"the log has a hole":   {`DELETE FROM audit WHERE number = 1`, []string{"audit log is broken at entry 1 (number)"}, false},
		"an entry has moved":   {`UPDATE audit SET area = 'elsewhere' WHERE number = 1`, []string{"audit log is broken at entry 1 (number)"}, false},
		"an index is gone":     {`DROP INDEX reports_by_state`, []string{"reports_by_state"}, false},
		"a row is of no sense": {`UPDATE drafts SET body = CAST('nonsense' AS BLOB)`, []string{"it could not be seen whether what belongs together is together"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			if err := os.CopyFS(data, os.DirFS(sound)); err != nil {
				t.Fatal(err)
			}
			harm(t, data, c.script)
			said, err := command(t, data, "doctor")
			if (err == nil) != (c.sees == nil) || err != nil && !errors.Is(err, errSaid) {
				t.Errorf("%v:\n%s", err, said)
			}
			if n := strings.Count(said, "MEND: "); n != len(c.sees) {
				t.Errorf("%d troubles are named:\n%s", n, said)
			}
			for _, what := range c.sees {
				if !strings.Contains(said, what) {
					t.Errorf("%q is not said:\n%s", what, said)
				}
			}
			if said, err := command(t, data, "doctor", "--mend"); (err == nil) != c.mends {
				t.Errorf("after mending: %v\n%s", err, said)
			}
		})
	}
}

// TestMendingFinishes looks at what mending has made of a draft whose sending was cut short.
func TestMendingFinishes(t *testing.T) {
	data := settledHouse(t)
	harm(t, data, `UPDATE drafts SET body = CAST(json_set(body, '$.submitted', '2026-05-01') AS BLOB) WHERE id = (SELECT min(id) FROM drafts)`)
	if _, err := command(t, data, "doctor", "--mend"); err != nil {
		t.Fatal(err)
	}
	if sums := measured(t, data); sums["responses"].Count != 21 || sums["drafts"].Count != 9 || sums["receipts"].Count != 30 {
		t.Errorf("there are now %v", sums)
	}
}

func TestDoctorAndSecrets(t *testing.T) {
	data := settledHouse(t)
	other := people.NewSecrets().Encode()
	said, err := command(t, data, "doctor", "--secret="+other)
	if !errors.Is(err, errSaid) || !strings.Contains(said, "codes of 1 members of staff") || !strings.Contains(said, "30 keys were made with the secret") {
		t.Errorf("with another secret: %v\n%s", err, said)
	}
	was, err := os.ReadFile(filepath.Join(data, "secret"))
	if err != nil {
		t.Fatal(err)
	}
	if said, err := command(t, data, "doctor", "--secret="+other+","+strings.TrimSpace(string(was))); err != nil {
		t.Errorf("with the old one behind it: %v\n%s", err, said)
	}
	if err := os.Remove(filepath.Join(data, "secret")); err != nil {
		t.Fatal(err)
	}
	if _, err := command(t, data, "doctor"); err == nil || !strings.Contains(err.Error(), "put back") {
		t.Errorf("without the secret: %v", err)
	}
	if _, err := os.Stat(filepath.Join(data, "secret")); err == nil {
		t.Error("the doctor made a new secret")
	}
}
