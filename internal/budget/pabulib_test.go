package budget

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// small is a sound file with what is odd in real ones.
const small = "META\r\nkey;value\r\ndescription;\"Fund; for all\"\r\nbudget;1000.50\r\nvote_type;cumulative\r\nmotto;\"say \"\"yes\"\"\"\r\n" +
	"PROJECTS\r\nproject_id;cost;name;beneficiaries;pet\r\n01;300;Swings;children, youth;cat\r\n2;2000,25;\"A\r\nbridge\";none\r\nnone;0.1;Kind words;;dog\r\n" +
	"VOTES\r\nvoter_id;vote;points;age;place\r\n1;2,01,2;5,1.5,4;12;north\r\n2;none;3;none;\r\n3;;;40\r\n"

func readSmall(t testing.TB, text string) (*Election, []Remark, error) {
	t.Helper()
	f, err := ReadPB("small.pb", strings.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	return f.Election()
}

func TestElectionOfAFile(t *testing.T) {
	e, remarks, err := readSmall(t, small)
	if err != nil {
		t.Fatal(err)
	}
	want := &Election{
		Kind: Cumulative, Budget: 100_050, Unit: 100, Traits: []string{"age", "place"},
		Projects: []Project{
			{ID: "01", Name: map[string]string{"en": "Swings"}, Cost: 30_000, For: []string{"children", "youth"}},
			{ID: "2", Name: map[string]string{"en": "A\nbridge"}, Cost: 200_025},
			{ID: "none", Name: map[string]string{"en": "Kind words"}, Cost: 10},
		},
		Ballots: []Ballot{
			{Wishes: []int{1, 0}, Points: []int64{50, 15}, Traits: []string{"12", "north"}},
			{Wishes: []int{2}, Points: []int64{30}, Traits: []string{"", ""}},
			{Points: []int64{}, Traits: []string{"40", ""}},
		},
	}
	if d := cmp.Diff(want, e); d != "" {
		t.Error(d)
	}
	if want := []Remark{{DearProject, 10, "2"}, {Duplicate, 15, "2"}}; !slices.Equal(remarks, want) {
		t.Errorf("remarks %v, want %v", remarks, want)
	}
}

func TestReadPBSaysWhatToMend(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"META\r\n", "", `small.pb:1: A .pb file begins with a line that says META; here stands "key".`},
		{small, "", "small.pb: The part META is missing, or has no head."},
		{"VOTES\r\n", "META\r\n", "small.pb:13: The part META stands twice; it began on line 2."},
		{"budget;1000.50", "budget;much", `small.pb:4: The budget "much" is not an amount of money.`},
		{"budget;1000.50\r\n", "", "small.pb:2: The part META says no budget."},
		{"vote_type;cumulative\r\n", "", "small.pb:2: The part META says no vote_type."},
		{"cumulative", "loudest", `small.pb:5: There is no kind of ballot called "loudest"; there are approval, choose-1, cumulative, scoring and ordinal.`},
		{"project_id;cost", "id;cost", "small.pb:8: The head of the projects needs the columns project_id and cost."},
		{"01;300;Swings", "01;-300;Swings", `small.pb:9: The cost "-300" of the project "01" is not an amount of money.`},
		{"01;300;Swings", "2;300;Swings", `small.pb:10: The project "2" stands twice.`},
		{"01;300;Swings", ";300;Swings", "small.pb:9: This project has no id."},
		{"01;300;", "01;300000000000000000;", `small.pb:9: The cost "300000000000000000" of the project "01" is not an amount of money.`},
		{"youth;cat", "youth;cat;dog", "small.pb:9: This line has 6 cells, but the head on line 8 has only 5."},
		{"voter_id;vote;", "voter_id;wish;", "small.pb:14: The head of the votes needs the column vote."},
		{"vote;points", "vote;points_given", "small.pb:14: Where ballots are cumulative, the head of the votes needs the column points."},
		{"1;2,01,2;", "1;2,03,2;", `small.pb:15: This ballot names the project "03", which is not among the projects.`},
		{"5,1.5,4", "5,1.5", "small.pb:15: This ballot names more projects than it gives points."},
		{"5,1.5,4", "5,1.5,4,1", "small.pb:15: This ballot names 3 projects and gives points to 4."},
		{"5,1.5,4", "5,x,4", `small.pb:15: The points "x" are not a number from 0 up.`},
		{"5,1.5,4", "", "small.pb:15: This ballot names 3 projects and gives points to 0."},
		{"5,1.5,4", "500000000,1.5,4", "small.pb:15: The points of this ballot are too many, or too finely divided."},
		{"\"Fund; for all\"", "\"Fund; for all", "small.pb:3: A quote opens a cell on this line and is never closed."},
		{"motto", "budget", `small.pb:6: The part META says "budget" twice; it said so on line 4 already.`},
		{"key;value", "key;key", `small.pb:2: The head of META has the column "key" twice.`},
		{"name;beneficiaries", "name;Cost", `small.pb:8: The head of PROJECTS has the column "Cost" twice.`},
		{"age;place", "vote;place", `small.pb:14: The head of VOTES has the column "vote" twice.`},
		{"3;;;40", "3", "small.pb:17: This line ends before the cell vote: it has only 1 of the 5 cells of the head on line 14."},
		{"motto", "mot\xff", "small.pb:6: This line is not text in UTF-8."},
	} {
		text := strings.Replace(small, c.from, c.to, 1)
		if c.want == "small.pb:3: A quote opens a cell on this line and is never closed." {
			text = text[:strings.Index(text, "\r\nbudget")]
		}
		_, _, err := readSmall(t, text)
		if err == nil || err.Error() != c.want {
			t.Errorf("%q for %q:\n got %v\nwant %s", c.to, c.from, err, c.want)
		}
		if _, ok := errors.AsType[*FileError](err); err != nil && !ok {
			t.Errorf("%v is no FileError", err)
		}
	}
}

func TestRemarks(t *testing.T) {
	for _, c := range []struct {
		meta, votes string
		want        []Remark
	}{
		{"vote_type;approval\nnum_votes;2\nnum_projects;3\nmax_length;2", "voter_id;vote\n1;a,b\n2;c\n", nil},
		{"vote_type;approval\nnum_votes;2.0\nnum_projects;none\nmax_length;none", "voter_id;vote\n1;a,b\n2;c\n", nil},
		{"vote_type;approval\nnum_votes;3\nnum_projects;4\nmax_length;1", "voter_id;vote\n7;a,b\n7;a,a\n",
			[]Remark{{NumVotes, 5, "3"}, {NumProjects, 6, "4"}, {TooLong, 15, "2"}, {Duplicate, 16, "a"}, {VoterTwice, 16, "7"}}},
		{"vote_type;choose-1\nmax_length;1", "voter_id;vote\n;a,b\n;a\n", []Remark{{NotOne, 13, "2"}}},
		{"vote_type;cumulative\nmax_sum_points;5\nmax_points;3.5", "vote;points\na,b;3.5,1.5\na,b;4,1\na,b;3,2.25\na;9\n",
			[]Remark{{HighPoints, 15, "4"}, {ManyPoints, 16, "5.25"}, {ManyPoints, 17, "9"}, {HighPoints, 17, "9"}}},
	} {
		_, got, err := readSmall(t, "META\nkey;value\nbudget;9\n"+c.meta+"\nPROJECTS\nproject_id;cost\na;1\nb;1\nc;1\nVOTES\n"+c.votes)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.meta, got, c.want)
		}
	}
}

// Of what is new to remark on, no real file has any.
func TestRealFilesAreWhole(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t), "*.pb"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		_, remarks, err := read(t, path).Election()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range remarks {
			if r.Kind != Duplicate && r.Kind != DearProject {
				t.Errorf("%s: %+v", filepath.Base(path), r)
			}
		}
	}
}

func TestDecimals(t *testing.T) {
	for text, want := range map[string]decimal{
		"0": {0, 0}, "12": {12, 0}, "400000.0": {400000, 0}, "1.50": {15, 1}, "1,25": {125, 2}, " 7 ": {7, 0}, "007": {7, 0},
		"1e6": {1_000_000, 0}, "1.5E+3": {1500, 0}, "25e-1": {25, 1},
	} {
		if got, ok := parseDecimal(text); !ok || got != want {
			t.Errorf("%q is %+v, %v; want %+v", text, got, ok, want)
		}
	}
	for _, wrong := range []string{"", "-1", "+1", "1/3", "1 000", "1.2.3", "x", "1e", "1e99999", "0x10", "1.0123456789", "9999999999999999", "NaN", "."} {
		if got, ok := parseDecimal(wrong); ok {
			t.Errorf("%q is read as %+v", wrong, got)
		}
	}
}

// forms are the ways to write an election, each with the way to read it.
var forms = []struct {
	name  string
	write func(*File, io.Writer) error
	read  func(string, io.Reader) (*File, error)
}{
	{"pb", (*File).WritePB, ReadPB},
	{"csv", (*File).WriteCSV, ReadCSV},
	{"xlsx", (*File).WriteXLSX, ReadXLSX},
}

// tables are the cells of a file, without those that a form leaves out at the end of a row.
func tables(f *File) [][][]string {
	var out [][][]string
	for _, part := range f.parts() {
		var rows [][]string
		for _, row := range append([][]string{part.t.Head}, part.t.Rows...) {
			for len(row) > 0 && row[len(row)-1] == "" {
				row = row[:len(row)-1]
			}
			rows = append(rows, row)
		}
		out = append(out, rows)
	}
	return out
}

func TestFormsHoldTheSame(t *testing.T) {
	f, err := ReadPB("small.pb", strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range forms {
		again(t, f, form.name, form.write, form.read)
	}
}

func again(t *testing.T, f *File, name string, write func(*File, io.Writer) error, read func(string, io.Reader) (*File, error)) *File {
	t.Helper()
	var out bytes.Buffer
	if err := write(f, &out); err != nil {
		t.Fatal(err)
	}
	other, err := read(f.Name, &out)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(tables(f), tables(other)); d != "" {
		t.Errorf("%s as %s: %s", f.Name, name, d)
	}
	return other
}

// A workbook gives back every cell, the empty ones at the ends too, and how lines end.
func TestWorkbooksLoseNothing(t *testing.T) {
	words := rapid.SampledFrom([]string{"", "", "none", "0012", "a;b", " x ", "=1+1", "_x0041_", "1.50", "say \"yes\"", "two\nlines", "two\r\nlines", "قلم", "\U0001f600"})
	rapid.Check(t, func(t *rapid.T) {
		f := &File{Name: "f.pb", CRLF: rapid.Bool().Draw(t, "crlf")}
		for _, part := range f.parts() {
			width := rapid.IntRange(1, 4).Draw(t, "width")
			part.t.Head = rapid.SliceOfN(words, width, width).Draw(t, "head")
			part.t.Rows = rapid.SliceOfN(rapid.SliceOfN(words, width, width), 0, 4).Draw(t, "rows")
			for i := range part.t.Rows {
				part.t.Rows[i] = append(part.t.Rows[i], make([]string, rapid.IntRange(0, 2).Draw(t, "more"))...)
			}
		}
		var out bytes.Buffer
		if err := f.WriteXLSX(&out); err != nil {
			t.Fatal(err)
		}
		other, err := ReadXLSX(f.Name, &out)
		if err != nil {
			t.Fatal(err)
		}
		if f.CRLF != other.CRLF {
			t.Fatal("lines end otherwise")
		}
		for i, part := range f.parts() {
			again := other.parts()[i].t
			if d := cmp.Diff(append([][]string{part.t.Head}, part.t.Rows...), append([][]string{again.Head}, again.Rows...)); d != "" {
				t.Fatalf("%s: %s", part.name, d)
			}
		}
	})
}

func TestWorkbooksRefuseWhatTheyCannotHold(t *testing.T) {
	for cell, want := range map[string]string{
		"a\x01b":                            "a cell in row 2 of META has a control character, which a workbook cannot hold",
		strings.Repeat("\U0001f600", 20000): "a cell in row 2 of META is longer than a workbook can hold",
	} {
		f := &File{Meta: Table{Head: []string{"key"}, Rows: [][]string{{cell}}}}
		if err := f.WriteXLSX(io.Discard); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// Another program leaves empty cells at the end of a row out: the vote may be one of them.
func TestWorkbooksOfOtherPrograms(t *testing.T) {
	f, err := ReadPB("f.pb", strings.NewReader("META\nkey;value\nbudget;7\nvote_type;approval\nPROJECTS\nproject_id;cost\na;3\nVOTES\nvoter_id;vote\n1;a\n2\n"))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.WriteXLSX(&out); err != nil {
		t.Fatal(err)
	}
	if f, err = ReadXLSX("f.xlsx", &out); err != nil {
		t.Fatal(err)
	}
	if e, _, err := f.Election(); err != nil || len(e.Ballots) != 2 || len(e.Ballots[1].Wishes) != 0 {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestRealFilesAreWrittenAgain(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t), "*.pb"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		f := read(t, path)
		var out bytes.Buffer
		if err := f.WritePB(&out); err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		// One file ends some lines in one way and some in the other.
		if !bytes.Equal(unix(out.Bytes()), unix(want)) {
			t.Errorf("%s is not written as it was", filepath.Base(path))
		}
		if len(want) < 50_000 || strings.Contains(path, "Ursus") || strings.Contains(path, "Wieliczka") {
			for _, form := range forms[1:] {
				back := again(t, f, form.name, form.write, form.read)
				var text bytes.Buffer
				if err := back.WritePB(&text); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(text.Bytes(), out.Bytes()) {
					t.Errorf("%s is not the same after %s", filepath.Base(path), form.name)
				}
			}
		}
	}
}

func unix(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) }

func TestReadXLSXSaysWhatToMend(t *testing.T) {
	if _, err := ReadXLSX("x.xlsx", strings.NewReader("no workbook")); err == nil || !strings.HasPrefix(err.Error(), "x.xlsx: The workbook cannot be read") {
		t.Error(err)
	}
}

func FuzzPB(f *testing.F) {
	for _, seed := range []string{
		small, strings.ReplaceAll(small, "\r\n", "\n"), "", "META", "META\nkey;value\n\"", bom + small,
		"META\nkey;value\nbudget;7\nvote_type;ordinal\nPROJECTS\nproject_id;cost\na;3\nb;4\nVOTES\nvoter_id;vote\n1;b,a\n2;\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := ReadPB("f.pb", strings.NewReader(text))
		if err != nil {
			if _, ok := errors.AsType[*FileError](err); !ok {
				t.Fatalf("%v is no FileError", err)
			}
			return
		}
		var out bytes.Buffer
		if err := file.WritePB(&out); err != nil {
			t.Fatal(err)
		}
		other, err := ReadPB("f.pb", &out)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if d := cmp.Diff(tables(file), tables(other)); d != "" {
			t.Fatal(d)
		}
		e, _, err := file.Election()
		if err != nil || len(e.Projects) > 20 || len(e.Ballots) > 20 {
			return
		}
		for _, name := range []string{"greedy_votes", "mes_cost", "mes_score", "phragmen", "maximin_support", "cstv"} {
			o, err := Count(e, rule(t, name), Lexico)
			if err != nil {
				t.Fatal(err)
			}
			if o.Cost > e.Budget {
				t.Fatalf("%s spends %d of %d", name, o.Cost, e.Budget)
			}
		}
	})
}
