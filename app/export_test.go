package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExportResponses(t *testing.T) {
	data, folder := settledHouse(t), t.TempDir()
	file := filepath.Join(folder, "answers.csv")
	said, err := command(t, data, "export", "responses", "lunch", file)
	if err != nil || !strings.Contains(said, "17 rows") || !strings.Contains(said, "of 20 responses 3 were taken back and 0 are held back") {
		t.Fatalf("%v: %s", err, said)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 18 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := command(t, data, "export", "responses", "lunch", file); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("writing over it: %v", err)
	}
	if said, err := command(t, data, "export", "responses", "lunch", filepath.Join(folder, "answers.xlsx"), "--format=xlsx"); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	if _, err := command(t, data, "export", "responses", "lunch", filepath.Join(folder, "x.csv"), "--language=xx"); err == nil || !strings.Contains(err.Error(), `there is no language "xx"; there are en`) {
		t.Errorf("in a language that there is not: %v", err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 2 {
		t.Errorf("%v are left, %v", left, err)
	}
}
