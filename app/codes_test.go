package main

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sayso/internal/admission"
	"sayso/internal/people"
)

// closedHouse is a data folder with a closed survey, and with an open one.
func closedHouse(t *testing.T) (data string) {
	t.Helper()
	data = t.TempDir()
	h, err := open(t.Context(), &Config{Addr: "127.0.0.1:0", Data: data, Log: "error"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.publish(t.Context(), os.DirFS("testdata/surveys"), func(string, ...any) {}); err != nil {
		t.Fatal(err)
	}
	lunch, err := h.surveys.Newest("lunch")
	if err != nil {
		t.Fatal(err)
	}
	closed := *lunch
	closed.ID, closed.Codes = "closed", true
	if _, _, err := h.surveys.Publish(t.Context(), closed); err != nil {
		t.Fatal(err)
	}
	h.codes.Close()
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	return data
}

func readCodes(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestCodesAreMadeByACommand(t *testing.T) {
	data, folder := closedHouse(t), t.TempDir()
	file := filepath.Join(folder, "year-6.csv")
	args := []string{"codes", "make", "s/closed", "--count=4500", "--name=Year 6", "--url=https://say.example.org", "--out=" + file}
	said, err := command(t, data, args...)
	if err != nil || !strings.Contains(said, "Making codes: 100 %") || !strings.Contains(said, "4500 codes are in") {
		t.Fatalf("%v\n%s", err, said)
	}
	rows := readCodes(t, file)
	if len(rows) != 4501 || !strings.HasPrefix(rows[7][1], "https://say.example.org/i/") || strings.ReplaceAll(rows[7][0], "-", "") != rows[7][1][26:] {
		t.Errorf("%d rows, one is %v", len(rows), rows[7])
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the codes: %v, %v", info.Mode(), err)
	}
	for what, again := range map[string][]string{"there already": args, "already. Choose another": {"codes", "make", "closed", "--count=5", "--name=Year 6", "--out=" + file + "2"},
		"downloaded":        {"codes", "make", "closed", "--count=4500", "--name=Year 6", "--out=" + file + "2"},
		"open to everybody": {"codes", "make", "lunch", "--count=5", "--name=x", "--out=" + file + "2"},
		"no vote":           {"codes", "make", "b/closed", "--count=5", "--name=x", "--out=" + file + "2"},
		"from 1 to":         {"codes", "make", "closed", "--count=1000001", "--name=x", "--out=" + file + "2"}} {
		if _, err := command(t, data, again...); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%v: %v, want %s", again, err, what)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if said, err := command(t, data, "codes", "list", "closed"); err != nil || !strings.Contains(said, "4500 of 4500") || !strings.Contains(said, "fewer than 10 used") {
		t.Errorf("%v\n%s", err, said)
	}
	if _, err := command(t, data, "codes", "cancel", "closed", "Year 6"); err != nil {
		t.Error(err)
	}
	if _, err := command(t, data, "codes", "cancel", "closed", "Year 6"); err == nil || !strings.Contains(err.Error(), "no batch") {
		t.Errorf("cancelled twice: %v", err)
	}
	if said, err := command(t, data, "doctor"); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

func TestInterruptedCodesGoOn(t *testing.T) {
	data, file := closedHouse(t), filepath.Join(t.TempDir(), "codes.csv")
	h := opened(t, data)
	b, err := h.codes.Order(t.Context(), people.CommandLine(), admission.Survey("closed"), "x", "Year 6", 50)
	if err != nil {
		t.Fatal(err)
	}
	if said, err := command(t, data, "doctor"); !errors.Is(err, errSaid) || !strings.Contains(said, `making 50 codes ("Year 6" of s/closed) was interrupted`) {
		t.Errorf("%v\n%s", err, said)
	}
	said, err := command(t, data, "codes", "make", "s/closed", "--count=50", "--name=Year 6", "--out="+file)
	if err != nil || !strings.Contains(said, "Going on") || len(readCodes(t, file)) != 51 {
		t.Errorf("%v\n%s", err, said)
	}
	if b, err = h.store.Batch(t.Context(), b.ID); err != nil || b.State != admission.Given {
		t.Errorf("the batch is %s, %v", b.State, err)
	}
}

// TestDoctorLooksAtCodes harms what is kept of codes.
func TestDoctorLooksAtCodes(t *testing.T) {
	sound := closedHouse(t)
	if _, err := command(t, sound, "codes", "make", "s/closed", "--count=50", "--name=Year 6", "--out="+filepath.Join(t.TempDir(), "codes.csv")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		script, sees string
		mends        bool
	}{
		"codes are gone":          {`DELETE FROM codes WHERE hash IN (SELECT hash FROM codes LIMIT 3)`, `"Year 6" of s/closed has 47 codes, not 50`, false},
		"a batch is gone":         {`DELETE FROM code_batches`, "codes of 1 batches are left that open nothing", true},
		"cancelled, and left":     {`UPDATE code_batches SET body = CAST(json_set(body, '$.state', 'cancelled', '$.made', 0) AS BLOB)`, "codes of 1 batches are left", true},
		"of another secret":       {`UPDATE codes SET hash = 'old:' || substr(hash, instr(hash, ':') + 1)`, `50 invitation codes were made with the secret "old"`, false},
		"a seed cannot be opened": {`UPDATE code_batches SET body = CAST(json_set(body, '$.seed', 'old.x', '$.state', 'ready') AS BLOB)`, "the codes of 1 batches that nobody has downloaded", false},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			if err := os.CopyFS(data, os.DirFS(sound)); err != nil {
				t.Fatal(err)
			}
			harm(t, data, c.script)
			said, err := command(t, data, "doctor")
			if !errors.Is(err, errSaid) || !strings.Contains(said, c.sees) || strings.Count(said, "MEND: ") != 1 {
				t.Errorf("%v:\n%s", err, said)
			}
			if said, err := command(t, data, "doctor", "--mend"); (err == nil) != c.mends {
				t.Errorf("after mending: %v\n%s", err, said)
			}
		})
	}
}

// TestCodesAreBackedUp finds codes good in a store that was restored.
func TestCodesAreBackedUp(t *testing.T) {
	data, fresh, folder := closedHouse(t), t.TempDir(), t.TempDir()
	file := filepath.Join(folder, "codes.csv")
	if _, err := command(t, data, "codes", "make", "s/closed", "--count=50", "--name=Year 6", "--out="+file); err != nil {
		t.Fatal(err)
	}
	if _, err := command(t, data, "backup", filepath.Join(folder, "backup")); err != nil {
		t.Fatal(err)
	}
	secret, err := os.ReadFile(filepath.Join(data, "secret"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(fresh, "secret"), secret, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := command(t, fresh, "restore", filepath.Join(folder, "backup")); err != nil {
		t.Fatal(err)
	}
	h := opened(t, fresh)
	code, err := people.ParseCode(readCodes(t, file)[7][0])
	if err != nil {
		t.Fatal(err)
	}
	if err := h.codes.Spend(t.Context(), admission.Survey("closed"), code); err != nil {
		t.Error(err)
	}
}
