package disclosure

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sayso/internal/fault"
)

// fixture opens a reference file kept beside the repository.
func fixture(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
	}
	path := filepath.Join(filepath.Dir(dir), "shared", "data", "sdc", name)
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skipf("reference data are not here: %s", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// grid is a table of answers by place; rows are places.
func grid(name string, rows ...[]int64) Raw {
	raw := NewRaw(Shape{Name: name, Dims: []Dim{dim("place", Group, len(rows)), dim("q", Answer, len(rows[0]))}})
	raw.Counts = slices.Concat(rows...)
	return raw
}

// lines writes the figures of a two-way table as people would see them.
func lines(t Table) []string {
	var out []string
	wide := len(t.Dims[1].Categories) + 1
	for row := range slices.Chunk(t.Figures, wide) {
		words := make([]string, wide)
		for i, f := range row {
			words[i] = f.String()
		}
		out = append(out, strings.Join(words, " "))
	}
	return out
}

func TestRulesOfTwoWayTables(t *testing.T) {
	for _, c := range []struct {
		rule string
		raw  Raw
		want []string
	}{
		{"counts are rounded to the nearest 5", grid("", []int64{22, 33}, []int64{41, 58}),
			[]string{"20 35 55", "40 60 100", "65 90 155"}},
		{"totals are computed, then rounded", grid("", []int64{12, 12, 12}, []int64{12, 12, 12}),
			[]string{"10 10 10 35", "10 10 10 35", "25 25 25 70"}},
		{"a small count is hidden, and three more so that it cannot be worked out", grid("", []int64{7, 40, 60}, []int64{50, 80, 100}),
			[]string{"* * 60 105", "* * 100 230", "55 120 160 335"}},
		{"a group of nine is not shown, nor is the group that would give it away", grid("", []int64{4, 5}, []int64{20, 20}, []int64{50, 60}),
			[]string{"* * *", "* * *", "50 60 110", "75 85 160"}},
		{"nobody at all is shown of nine people", grid("", []int64{4, 5}),
			[]string{"* * *", "* * *"}},
		{"nought is shown in a shown group", grid("", []int64{0, 20, 30}, []int64{40, 50, 60}),
			[]string{"0 20 30 50", "40 50 60 150", "40 70 90 200"}},
		{"an answer of all of a small group is hidden", grid("", []int64{0, 12}, []int64{40, 50}),
			[]string{"* * 10", "* * 90", "40 60 100"}},
		{"an answer of all but one of a small group is hidden", grid("", []int64{1, 28}, []int64{40, 50}),
			[]string{"* * 30", "* * 90", "40 80 120"}},
		{"an answer of all of a larger group is shown", grid("", []int64{0, 30}, []int64{40, 50}),
			[]string{"0 30 30", "40 50 90", "40 80 120"}},
		{"an answer nobody gave is nought for hidden groups too", grid("", []int64{4, 5, 0}, []int64{20, 20, 0}, []int64{50, 60, 0}),
			[]string{"* * 0 *", "* * 0 *", "50 60 0 110", "75 85 0 160"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if got := lines(publish(t, nil, c.raw).Tables[0]); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestEqualCellsOfLinkedTablesShareTheirFate(t *testing.T) {
	ages := dim("age", Group, 3)
	sizes := Raw{Shape{Name: "ages", Dims: []Dim{ages}}, []int64{9, 20, 100}}
	theme := Raw{Shape{Name: "theme", Dims: []Dim{ages, Split("theme:waiting")}}, []int64{4, 5, 10, 10, 50, 50}}
	release := publish(t, nil, theme, sizes)
	published, _ := release.Table("ages")
	crossed, _ := release.Table("theme")
	for _, age := range append(ages.Categories, Total) {
		if a, b := published.At(age), crossed.At(age, Total); a != b {
			t.Errorf("%s: %v and %v", age, a, b)
		}
	}
	if f := published.At("age1"); f.Shown() {
		t.Errorf("the second age is %v, so the first is what is left of the total", f)
	}
	if got := crossed.Share("age2", Yes).PerCent(); got != 50 {
		t.Errorf("share is %d", got)
	}
}

func TestPeopleLeftOutByRoutingCannotBeSubtracted(t *testing.T) {
	all := Raw{Shape{Name: "all", Base: "all", Dims: []Dim{dim("place", Group, 2)}}, []int64{100, 200}}
	asked := Raw{Shape{Name: "asked", Base: "asked", Within: "all", Dims: []Dim{dim("place", Group, 2)}}, []int64{97, 150}}
	release := publish(t, nil, all, asked)
	a, _ := release.Table("all")
	b, _ := release.Table("asked")
	if a.At("place0").Shown() && b.At("place0").Shown() {
		t.Errorf("100 less 97 is shown: %v and %v", a.Figures, b.Figures)
	}
	if !a.At(Total).Shown() || !b.At(Total).Shown() {
		t.Errorf("53 left out in all is no secret: %v and %v", a.Figures, b.Figures)
	}
}

func TestTablesThatCannotBeUsedAreRefused(t *testing.T) {
	other := grid("other", []int64{20, 30}, []int64{41, 50})
	negative := grid("negative", []int64{-1, 30})
	twice := Raw{Shape{Dims: []Dim{{Name: "a", Kind: Group, Categories: []string{"x", "x"}}}}, []int64{1, 2}}
	short := Raw{Shape{Dims: []Dim{Split("a")}}, []int64{1}}
	for name, tables := range map[string][]Raw{
		"margins differ": {grid("one", []int64{20, 30}, []int64{40, 50}), other}, "negative": {negative}, "twice": {twice}, "short": {short},
	} {
		if _, err := Publish(Standard(), nil, tables); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type attackCase struct {
	Rows, Cols []string
	Inner      map[string]map[string]int64
	Suppressed []string
	Expect     struct {
		Recoverable map[string]int64 `json:"exactly_recoverable"`
	}
}

func attack(t *testing.T) (attackCase, Raw) {
	var c attackCase
	if err := json.Unmarshal(fixture(t, "sdctable_attack_case.json"), &c); err != nil {
		t.Fatal(err)
	}
	raw := NewRaw(Shape{Name: "attack", Dims: []Dim{{"row", Group, c.Rows}, {"col", Answer, c.Cols}}})
	for r, cells := range c.Inner {
		for col, n := range cells {
			if err := raw.Add(n, r, col); err != nil {
				t.Fatal(err)
			}
		}
	}
	return c, raw
}

func TestAuditCatchesTheNaiveSuppression(t *testing.T) {
	c, raw := attack(t)
	s, err := newSystem(Standard(), nil, []Raw{raw})
	if err != nil {
		t.Fatal(err)
	}
	hidden := map[int]string{}
	raw.each(func(i int, at []int) {
		if at[0] < 4 && at[1] < 4 && slices.Contains(c.Suppressed, c.Rows[at[0]]+c.Cols[at[1]]) {
			cell := s.index[raw.key(era(0), at)]
			s.cells[cell].hidden = true
			hidden[cell] = c.Rows[at[0]] + c.Cols[at[1]]
		}
	})
	fixed, err := s.fixed(s.known())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int64{}
	for _, i := range fixed {
		found[hidden[i]] = s.cells[i].count
	}
	if len(found) != 1 || found["wb"] != c.Expect.Recoverable["wb"] {
		t.Errorf("the audit finds %v, want %v", found, c.Expect.Recoverable)
	}
	if err := s.protect(Standard()); err != nil {
		t.Fatal(err)
	}
	if leaks, err := s.audit(Standard()); err != nil || len(leaks) > 0 {
		t.Errorf("after protection: %v, %v", leaks, err)
	}
}

func TestAttackedTableIsPublishedWithoutALeak(t *testing.T) {
	_, raw := attack(t)
	table := publish(t, nil, raw).Tables[0]
	if table.At("x", "c").Shown() {
		t.Error("the count of 5 is shown")
	}
	shown := 0
	for _, f := range table.Figures {
		if f.Shown() {
			shown++
		}
	}
	if shown != 21 {
		t.Errorf("%d of 25 figures shown: %q", shown, lines(table))
	}
}

// The 10-5 rule of the ONS cell-key method is the same as ours for groups: below 10 nothing, else to 5.
func TestGroupsAreRoundedAsInTheONSReference(t *testing.T) {
	checked := 0
	for _, name := range []string{"ons_ckp_expected_var1_var2.csv", "ons_ckp_expected_var9.csv", "ons_ckp_expected_var1_var5_var8.csv"} {
		rows, err := csv.NewReader(strings.NewReader(string(fixture(t, name)))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		from, to := slices.Index(rows[0], "pre_sdc_count"), slices.Index(rows[0], "count")
		for _, row := range rows[1:] {
			n, err := strconv.ParseInt(row[from], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			got := publish(t, nil, Raw{Shape{}, []int64{n}}).Tables[0].At()
			want := strings.TrimSuffix(row[to], ".0")
			if want == "" {
				want = Hidden
			}
			if checked++; got.String() != want {
				t.Errorf("%s: %d becomes %v, want %s", name, n, got, want)
			}
		}
	}
	t.Logf("%d counts agree", checked)
}

// The table of the small-count-rounding reference is full of counts from 1 to 4; none may appear.
func TestSmallCountsNeverAppear(t *testing.T) {
	var c struct{ Data [][3]any }
	if err := json.Unmarshal(fixture(t, "smallcountrounding_exPSD.json"), &c); err != nil {
		t.Fatal(err)
	}
	raw := NewRaw(Shape{Dims: []Dim{{"row", Group, []string{"row1", "row2", "row3"}}, {"col", Answer, []string{"col1", "col2", "col3", "col4", "col5"}}}})
	for _, d := range c.Data {
		if err := raw.Add(int64(d[2].(float64)), d[0].(string), d[1].(string)); err != nil {
			t.Fatal(err)
		}
	}
	table := publish(t, nil, raw).Tables[0]
	for _, f := range table.Figures {
		if f.Shown() && f.N() > 0 && f.N() < 10 {
			t.Errorf("%q", lines(table))
		}
	}
	if got := table.At(Total, Total).N(); got != 25 {
		t.Errorf("the total of 26 is %d", got)
	}
}
