package intake

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"sayso/internal/fault"
)

// cellsOf reads a whole table.
func cellsOf(t testing.TB, raw []byte, how Table) (head []string, rows [][]string, tbl table) {
	t.Helper()
	tbl, err := open(bytes.NewReader(raw), int64(len(raw)), how)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tbl.close)
	for rw, err := range tbl.rows(nil) {
		if err != nil {
			t.Fatal(err)
		}
		if rw.broken == "" {
			rows = append(rows, slices.Clone(rw.cells))
		}
	}
	someAgain(t, tbl)
	return tbl.head(), rows, tbl
}

// someAgain wants each third of the rows, read apart, to be as they were among all.
func someAgain(t testing.TB, tbl table) {
	t.Helper()
	copyOf := func(rw *row) row {
		r := *rw
		r.at, r.cells = 0, slices.Clone(r.cells)
		return r
	}
	var all []row
	for rw, err := range tbl.rows(nil) {
		if err != nil {
			return
		}
		all = append(all, copyOf(rw))
	}
	for third := range 3 {
		mine := func(at int) bool { return at%3 == third && all[at].broken == "" }
		var want, got []row
		for at := range all {
			if mine(at) {
				want = append(want, all[at])
			}
		}
		for rw, err := range tbl.rows(mine) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, copyOf(rw))
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(row{})); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestTextsAsTheyAre(t *testing.T) {
	want := [][]string{{"1", "a,b;c"}, {"2", "£5’s\nworth"}}
	tests := []struct{ name, raw, encoding string }{
		{"UTF-8", "n,w\n1,\"a,b;c\"\n2,\"£5’s\nworth\"\n", "UTF-8"},
		{"with a mark, from Windows", "\ufeffn,w\r\n1,\"a,b;c\"\r\n2,\"£5’s\r\nworth\"", "UTF-8"},
		{"semicolons", "n;w\n1;\"a,b;c\"\n2;\"£5’s\nworth\"\n", "UTF-8"},
		{"tabs", "n\tw\n1\ta,b;c\n2\t\"£5’s\nworth\"\n", "UTF-8"},
		{"the first line names it", "sep=;\nn;w\n1;\"a,b;c\"\n2;\"£5’s\nworth\"\n", "UTF-8"},
		{"Windows-1252", "n,w\n1,\"a,b;c\"\n2,\"\xa35\x92s\nworth\"\n", "Windows-1252"},
		{"UTF-16", "\xff\xfe" + utf16("n,w\n1,\"a,b;c\"\n2,\"£5’s\nworth\"\n"), "UTF-16"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			head, rows, tbl := cellsOf(t, []byte(tt.raw), Table{})
			if diff := cmp.Diff(want, rows); diff != "" || !slices.Equal(head, []string{"n", "w"}) || tbl.encoding() != tt.encoding {
				t.Errorf("%q in %s\n%s", head, tbl.encoding(), diff)
			}
			if (tbl.note() != "") != (tt.encoding == "Windows-1252") {
				t.Errorf("note %q", tbl.note())
			}
		})
	}
}

// utf16 writes s, which has no letter beyond U+FFFF, in little endian.
func utf16(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

func TestOneDamagedByteDoesNotTurnATextIntoWindows1252(t *testing.T) {
	raw := "n,w\n1,naïve café\n2,half a letter \xc3\n"
	_, rows, tbl := cellsOf(t, []byte(raw), Table{})
	if rows[0][1] != "naïve café" || tbl.encoding() != "UTF-8" || !strings.Contains(tbl.note(), "1 bytes") {
		t.Errorf("%q %s %s", rows, tbl.encoding(), tbl.note())
	}
}

func TestTablesThatCannotBeRead(t *testing.T) {
	for name, raw := range map[string]string{
		"empty": "", "only lines": "\n\n", "old workbook": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "picture": "\x89PNG\r\n\x1a\n\x00\x00",
		"half a workbook": "PK\x03\x04half", "broken head": "\"a,b\n",
	} {
		if _, err := open(strings.NewReader(raw), int64(len(raw)), Table{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestALineBeyondAllReasonIsOneRow(t *testing.T) {
	raw := "n,w\n1,a\n2," + strings.Repeat("x", 3*mostCell) + "\n3,c\n4,\"open\n5,e\n" + strings.Repeat("y", 2*mostCell) + "\n6,f\n"
	tbl, err := open(strings.NewReader(raw), int64(len(raw)), Table{})
	if err != nil {
		t.Fatal(err)
	}
	var got []Refusal
	for rw, err := range tbl.rows(nil) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, Refusal{Line: rw.line, Reason: rw.broken})
	}
	someAgain(t, tbl)
	want := []Refusal{{Line: 2}, {Line: 3, Reason: TooBig}, {Line: 4}, {Line: 5, Reason: Unclosed}, {Line: 6}, {Line: 7, Reason: TooBig}, {Line: 8}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// workbookOf writes rows into a sheet of a workbook.
func workbookOf(t testing.TB, sheet string, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if _, err := f.NewSheet(sheet); err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow(sheet, cell, &r); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAWorkbookSaysWhatTheTextSays(t *testing.T) {
	raw := workbookOf(t, "Answers", [][]any{
		{"Day", "Mood", "Words"},
		{day(2026, 2, 1), 1, "£5’s\nworth"},
		{},
		{"01/02/2026", "2", nil},
		{"01/02/2026", "2", "beside", "the table"},
	})
	o := options(t, plain+"table: {sheet: Answers}\n", "")
	o.Input, o.Size = bytes.NewReader(raw), int64(len(raw))
	store := temporary(t)
	res := imported(t, o, store)
	if res.Kept != 3 || res.Rows != 3 {
		t.Fatalf("%+v", res)
	}
	for _, r := range all(t, store, small()) {
		if r.Day != "2026-02-01" {
			t.Errorf("%+v", r)
		}
	}
	if res := imported(t, o, store); res.Kept != 0 || res.There != 3 {
		t.Errorf("the second time: %+v", res)
	}
	o.Mapping.Table.Sheet = "Other"
	if _, err := Run(t.Context(), o, store); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "Answers") {
		t.Errorf("%v", err)
	}
}

func TestStrangeWorkbooks(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(shared(t, "xlsform"), "*.xlsx"))
	if err != nil || len(names) == 0 {
		t.Fatal("no workbooks", err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if head, rows, _ := cellsOf(t, raw, Table{}); len(head) == 0 || len(rows) == 0 {
			t.Errorf("%s: %q, %d rows", filepath.Base(name), head, len(rows))
		}
	}
}

func TestWorkbooksMadeToFillTheMemory(t *testing.T) {
	giant := "<worksheet><sheetData><row><c t=\"str\"><v>" + strings.Repeat("a", 2*mostCell) + "</v></c></row></sheetData></worksheet>"
	for name, parts := range map[string]map[string]int{
		"cell": {"xl/worksheets/sheet1.xml": 1}, "part": {"xl/styles.xml": mostPart/len(giant) + 2},
	} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for part, n := range parts {
			w, err := z.Create(part)
			if err != nil {
				t.Fatal(err)
			}
			for range n {
				if _, err := w.Write([]byte(giant)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := open(bytes.NewReader(b.Bytes()), int64(b.Len()), Table{})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "large") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
