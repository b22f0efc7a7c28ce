package intake

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sayso/content"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
)

// shared returns the folder of real data beside the repository.
func shared(t testing.TB, name string) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(root, "go.mod")) {
		root = filepath.Dir(root)
	}
	path := filepath.Join(root, "..", "shared", "data", name)
	if !exists(path) {
		t.Skipf("no data at %s", path)
	}
	return path
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func shipped(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := content.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func friendsAndFamily(t testing.TB) survey.Survey {
	t.Helper()
	areas, err := exercise.NewAreas([]exercise.Area{{ID: "harbour-coast", Name: exercise.Text{"en": "Harbour Coast"}}})
	if err != nil {
		t.Fatal(err)
	}
	yes := func(string) bool { return true }
	s, problems := survey.ReadFile(shipped(t, "surveys/friends-and-family.yaml"), survey.Known{Areas: areas, Picture: yes, Codebook: yes, Language: yes})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	s.Version = 1
	return s
}

func mappingOf(t testing.TB, data string) Mapping {
	t.Helper()
	m, err := ParseMapping("test.yaml", []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func temporary(t testing.TB) *sqlite.Store {
	t.Helper()
	store, err := sqlite.OpenTemporary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// options imports the table into a small survey.
func options(t testing.TB, mapping, table string) Options {
	t.Helper()
	return Options{Survey: small(), Mapping: mappingOf(t, mapping), Input: strings.NewReader(table), Size: int64(len(table)), Key: []byte("key"), Today: "2026-11-22"}
}

func small() survey.Survey {
	return survey.Survey{ID: "small", Version: 3, Area: "here", Voices: exercise.Voices,
		Languages: []survey.Language{{Tag: "en", CheckedBy: "us"}, {Tag: "ur", OpenedBy: "us"}, {Tag: "cy"}},
		Questions: []survey.Question{
			{ID: "hello", Kind: survey.Info},
			{ID: "assent", Kind: survey.Consent, Required: exercise.Text{"en": "We ask first."}},
			{ID: "mood", Kind: survey.Choice, Options: []survey.Option{{ID: "good"}, {ID: "bad"}}},
			{ID: "likes", Kind: survey.Several, Options: []survey.Option{{ID: "park"}, {ID: "bus"}, {ID: "none", Alone: true}}},
			{ID: "words", Kind: survey.Text, Most: 20},
			{ID: "months", Kind: survey.Number, Most: 120},
			{ID: "age", Kind: survey.AgeBand, About: true},
		}}
}

const plain = `
survey: small
language: en
voice: self
day: {column: Day, formats: [DD/MM/YYYY, M/D/YYYY]}
columns:
  - {question: mood, column: Mood, values: {"1": good, "2": bad}, missing: [NA]}
  - {question: words, column: Words}
`

const perPerson = plain + "identity: [Who]\n"

// all reads everything the store holds of the survey.
func all(t testing.TB, store *sqlite.Store, s survey.Survey) []survey.Response {
	t.Helper()
	var out []survey.Response
	for r, err := range store.Scan(t.Context(), survey.Range{Area: s.Area, Survey: s.ID}) {
		if err != nil {
			t.Fatal(err)
		}
		c := *r
		c.Answers, c.About = slices.Clone(r.Answers), slices.Clone(r.About)
		out = append(out, c)
	}
	return out
}

// imported runs the import and checks that its counts add up.
func imported(t testing.TB, o Options, store survey.Responses) Result {
	t.Helper()
	res, err := Run(t.Context(), o, store)
	if err != nil {
		t.Fatalf("%v\n%+v", err, res)
	}
	addsUp(t, res)
	return res
}

func addsUp(t testing.TB, res Result) {
	t.Helper()
	if sum := res.Kept + res.There + res.Merged + res.Empty + res.Refused; sum != res.Rows {
		t.Fatalf("%d of %d rows: %+v", sum, res.Rows, res)
	}
}

func TestRealComments(t *testing.T) {
	file, err := os.Open(shared(t, "nhs-comments/v6framework_shared.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	m, err := ParseMapping("friends-and-family.yaml", shipped(t, "imports/friends-and-family.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var done, total int64
	o := Options{Survey: friendsAndFamily(t), Mapping: m, Input: file, Size: stat.Size(), Key: []byte("key"), Today: "2026-11-22",
		Progress: func(d, of int64) {
			if d < done || d > of {
				t.Errorf("progress went from %d to %d of %d", done, d, of)
			}
			done, total = d, of
		}}
	store := temporary(t)
	res := imported(t, o, store)
	want := Result{Encoding: "UTF-8", Rows: 5501, Kept: 3107, Merged: 2394, Reasons: map[Reason]int{}}
	if diff := cmp.Diff(want, res); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if done != total || total == 0 {
		t.Errorf("progress ended at %d of %d", done, total)
	}
	n, longest := 0, 0
	for _, r := range all(t, store, o.Survey) {
		n++
		for _, a := range r.Answers {
			longest = max(longest, len(a.Words))
		}
		if _, ok := r.Answer("quote"); ok || r.Channel != survey.Imported || r.Day < "2020-01-01" {
			t.Fatalf("%+v", r)
		}
	}
	if n != 3107 || longest < 3900 {
		t.Errorf("%d responses, the longest words of %d letters", n, longest)
	}
	done = 0
	again := imported(t, o, store)
	if again.Kept != 0 || again.There != 3107 {
		t.Errorf("the second time: %+v", again)
	}
}

func TestEqualRowsStayTwoAndOrderDoesNotMatter(t *testing.T) {
	table := "Day,Mood,Words\n01/02/2026,1,a\n01/02/2026,1,a\n01/02/2026,1,b\n"
	turned := "Words,Day,Mood\nb,01/02/2026,1\na,01/02/2026,1\na,01/02/2026,1\n"
	store := temporary(t)
	if res := imported(t, options(t, plain, table), store); res.Kept != 3 {
		t.Fatalf("%+v", res)
	}
	if res := imported(t, options(t, plain, turned), store); res.Kept != 0 || res.There != 3 {
		t.Fatalf("in another order: %+v", res)
	}
	o := options(t, plain, table)
	o.Key = []byte("another")
	if res := imported(t, o, store); res.Kept != 3 {
		t.Fatalf("with another key the ids are the same: %+v", res)
	}
}

func TestRowsOfOnePersonAreOneResponse(t *testing.T) {
	head := "Who,Day,Mood,Words\n"
	rows := []string{"a1,01/02/2026,1,first\n", "A1 ,03/02/2026,,last\n", "a1,02/02/2026,2,\n", "b,01/02/2026,NA,\n"}
	store := temporary(t)
	res := imported(t, options(t, perPerson, head+strings.Join(rows, "")), store)
	if res.Kept != 1 || res.Merged != 2 || res.Empty != 1 {
		t.Fatalf("%+v", res)
	}
	got := all(t, store, small())[0]
	want := survey.Response{Ref: got.Ref, Version: 3, Language: "en", Voice: "self", Channel: survey.Imported,
		Answers: []survey.Answer{{Question: "mood", Choices: []string{"bad"}}, {Question: "words", Words: "last"}}, About: got.About}
	if diff := cmp.Diff(want, got); diff != "" || got.Day != "2026-02-03" || len(got.About) != 0 {
		t.Errorf("-want +got\n%s", diff)
	}
	slices.Reverse(rows)
	if res := imported(t, options(t, perPerson, head+strings.Join(rows, "")), store); res.Kept != 0 {
		t.Errorf("in another order: %+v", res)
	}
	if res := imported(t, options(t, perPerson+"empty: keep\n", head+rows[0]), store); res.Kept != 1 {
		t.Errorf("the empty one was not kept: %+v", res)
	}
}

func TestBrokenLinesCostOnlyThemselves(t *testing.T) {
	table := "Day,Mood,Words\n" +
		"01/02/2026,1,fine\n" + // 2
		"01/02/2026,1\n" + // 3 too few
		"01/02/2026,1,a 5\" nail\n" + // 4
		"\n" +
		"01/02/2026,1,\"never closed\n" + // 6
		"01/02/2026,1,\"two\nlines\"\n" + // 7, 8
		"soon,1,x\n" + // 9
		"01/02/2027,1,x\n" + // 10
		"01/02/2026,1,these words are longer than twenty\n" + // 11
		"01/02/2026,1,x,y\n" + // 12
		"2/13/2026,1,the American way\n" + // 13
		",,\n" + // 14 empty
		"01/02/2026,1,\"open until the end\n" // 15
	store := temporary(t)
	res := imported(t, options(t, plain, table), store)
	want := []Refusal{{3, "", Fields, ""}, {4, "", Quotes, ""}, {6, "", Quotes, ""}, {9, "Day", NoDay, "soon"}, {10, "Day", Future, "01/02/2027"},
		{11, "Words", TooLong, ""}, {12, "", Fields, ""}, {15, "", Unclosed, ""}}
	if diff := cmp.Diff(want, res.Refusals); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if res.Kept != 3 || res.Empty != 1 || res.Reasons[Fields] != 2 {
		t.Errorf("%+v", res)
	}
	if s := res.Refusals[3].String(); !strings.Contains(s, `line 9, column "Day"`) || !strings.Contains(s, `"soon"`) {
		t.Error(s)
	}
	loose := imported(t, options(t, plain+"longer: keep\ntable: {quotes: loose}\n", table), store)
	if loose.Reasons[Quotes] != 0 || loose.Reasons[TooLong] != 0 || loose.Kept < 2 {
		t.Errorf("loose: %+v", loose)
	}
}

func TestAnUnknownCellStopsEverything(t *testing.T) {
	table := "Day,Mood,Words\n01/02/2026,1,a\n01/02/2026,9,b\n01/02/2026,9,c\n"
	store := temporary(t)
	res, err := Run(t.Context(), options(t, plain, table), store)
	if !fault.Is(err, fault.Invalid) || !cmp.Equal(res.Unlisted, []Cell{{"Mood", "9", 3, 2}}) {
		t.Fatalf("%v %+v", err, res)
	}
	if n, err := store.CountResponses(t.Context(), "here", "small"); n != 0 || err != nil {
		t.Errorf("%d were kept: %v", n, err)
	}
}

func TestSeveralOptionsBackgroundAndAssent(t *testing.T) {
	mapping := `
survey: small
language: {column: Lang, values: {English: en, Urdu: ur}}
voice: {column: Who, values: {child: self, parent: proxy}}
day: "2026-02-01"
columns:
  - {question: assent, column: OK, values: {y: "yes", n: "no"}}
  - {question: likes, column: Likes, split: ";", values: {Park: park, Bus: bus}}
  - {question: likes, column: None, values: {x: none}}
  - {question: months, column: Months}
  - {question: age, column: Age, values: {"8 to 11": 8-11}, others: skip}
`
	table := "Lang,Who,OK,Likes,None,Months,Age\n" +
		"urdu,Parent,Y,bus; PARK,,۱۲,8  to 11\n" +
		"English,child,n,bus,,1,\n" +
		"English,child,y,bus,x,1,\n" +
		"English,child,y,,x,121,\n" +
		"English,child,y,,,two,9\n" +
		",child,y,,,2,9\n" +
		"English,,y,,,2,9\n"
	store := temporary(t)
	res := imported(t, options(t, mapping, table), store)
	reasons := map[Reason]int{Declined: 1, NotAllowed: 1, OutOfRange: 1, NotNumber: 1, NoLanguage: 1, NoVoice: 1}
	if diff := cmp.Diff(reasons, res.Reasons); diff != "" || res.Kept != 1 {
		t.Fatalf("%+v\n%s", res, diff)
	}
	got := all(t, store, small())[0]
	twelve := int64(12)
	answers := []survey.Answer{{Question: "assent", Choices: []string{"yes"}}, {Question: "likes", Choices: []string{"park", "bus"}}, {Question: "months", Number: &twelve}}
	if diff := cmp.Diff(answers, got.Answers); diff != "" || got.Language != "ur" || got.Voice != exercise.Proxy {
		t.Errorf("%+v\n%s", got, diff)
	}
	if diff := cmp.Diff([]survey.Answer{{Question: "age", Choices: []string{"8-11"}}}, got.About); diff != "" {
		t.Error(diff)
	}
}

func TestADryRunKeepsNothing(t *testing.T) {
	o := options(t, plain, "Day,Mood,Words\n01/02/2026,1,a\n")
	o.DryRun = true
	if res := imported(t, o, nil); res.Kept != 1 {
		t.Errorf("%+v", res)
	}
}

func TestCancelledInTheMiddle(t *testing.T) {
	table := "Day,Mood,Words\n" + strings.Repeat("01/02/2026,1,a\n", 5000)
	ctx, cancel := context.WithCancel(t.Context())
	o := options(t, plain, table)
	o.Progress = func(done, total int64) {
		if done > total/2 {
			cancel()
		}
	}
	if _, err := Run(ctx, o, temporary(t)); err != context.Canceled {
		t.Errorf("%v", err)
	}
}

// A table of many shares gives what one share gives.
func TestShares(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("Who,Day,Mood,Words\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "p%d,0%d/02/2026,1,w%d\n", i%1000, i%9+1, i)
	}
	o := options(t, perPerson, b.String())
	tbl, err := open(o.Input, o.Size, Table{})
	if err != nil {
		t.Fatal(err)
	}
	rd, err := newReader(&o, tbl)
	if err != nil {
		t.Fatal(err)
	}
	for _, shares := range []int{1, 7} {
		store := temporary(t)
		r := run{o: &o, table: tbl, reader: rd, shares: shares, readings: shares + 1, batch: &batch{sink: store}, result: Result{Reasons: map[Reason]int{}}}
		if err := r.all(t.Context()); err != nil {
			t.Fatal(err)
		}
		if addsUp(t, r.result); r.result.Kept != 1000 || r.result.Merged != 2000 {
			t.Errorf("%d shares: %+v", shares, r.result)
		}
	}
}

// declining is perPerson with a column of consent.
const declining = plain + "  - {question: assent, column: OK, values: {y: \"yes\", n: \"no\"}}\nidentity: [Who]\n"

func TestANewerTableDoublesNobody(t *testing.T) {
	store := temporary(t)
	const first, newer = "Who,Day,Mood,Words\na1,01/02/2026,1,first\nb2,01/02/2026,1,gone\n", "a1,03/02/2026,2,more\nb2,03/02/2026,2,more\nc3,03/02/2026,1,new\n"
	if res := imported(t, options(t, perPerson, first), store); res.Kept != 2 {
		t.Fatalf("%+v", res)
	}
	was := all(t, store, small())
	gone := was[slices.IndexFunc(was, func(r survey.Response) bool { return r.Answers[1].Words == "gone" })].Ref
	if err := store.Withdraw(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	was = all(t, store, small())
	dry := options(t, perPerson, first+newer)
	dry.DryRun = true
	for _, o := range []Options{dry, options(t, perPerson, first+newer), options(t, perPerson, first[:len("Who,Day,Mood,Words\n")]+newer)} {
		res := imported(t, o, store)
		if there := 3 - res.Kept; res.There != there || there != 2 && there != 3 || o.DryRun && res.Kept != 1 {
			t.Errorf("%+v", res)
		}
	}
	now := all(t, store, small())
	if diff := cmp.Diff(was, now[:2]); diff != "" || len(now) != 3 || now[2].Day != "2026-02-03" {
		t.Errorf("%d responses\n%s", len(now), diff)
	}
}

func TestWhoDeclinesLaterIsTakenBack(t *testing.T) {
	const head = "Who,Day,Mood,Words,OK\n"
	store := temporary(t)
	if res := imported(t, options(t, declining, head+"a1,01/02/2026,1,a,y\nb2,01/02/2026,1,b,y\n"), store); res.Kept != 2 {
		t.Fatalf("%+v", res)
	}
	newer := head + "a1,01/02/2026,1,a,y\na1,03/02/2026,,,n\nb2,01/02/2026,1,b,y\nc3,01/02/2026,1,c,n\n"
	dry := options(t, declining, newer)
	dry.DryRun = true
	for i, o := range []Options{dry, options(t, declining, newer), options(t, declining, newer)} {
		if res := imported(t, o, store); res.Withdrawn != []int{1, 1, 0}[i] || res.Reasons[Declined] != 3 || res.There != 1 {
			t.Errorf("run %d: %+v", i, res)
		}
	}
	withdrawn := 0
	for _, r := range all(t, store, small()) {
		if r.Withdrawn {
			withdrawn++
		}
	}
	if withdrawn != 1 {
		t.Errorf("%d were taken back", withdrawn)
	}
}

func TestEqualRowsWithoutIdentityStayPeopleOfTheirDay(t *testing.T) {
	store := temporary(t)
	for i, day := range []string{"2026-02-01", "2026-03-01"} {
		mapping := strings.Replace(plain, "{column: Day, formats: [DD/MM/YYYY, M/D/YYYY]}", "\""+day+"\"", 1)
		if res := imported(t, options(t, mapping, "Mood,Words\n1,\n"), store); res.Kept != 1 {
			t.Errorf("table %d: %+v", i, res)
		}
	}
}

func TestRowsThatNameNobodyAreLeftOut(t *testing.T) {
	mapping := plain + "identity: {columns: [Trust, Who], missing: [NA]}\n"
	table := "Trust,Who,Day,Mood,Words\nT,,01/02/2026,1,a\nT,,01/02/2026,1,b\n,7,01/02/2026,1,c\nT, na ,01/02/2026,1,d\nT,7,01/02/2026,1,e\n"
	res := imported(t, options(t, mapping, table), temporary(t))
	want := []Refusal{{2, "Who", NoIdentity, ""}, {3, "Who", NoIdentity, ""}, {4, "Trust", NoIdentity, ""}, {5, "Who", NoIdentity, ""}}
	if diff := cmp.Diff(want, res.Refusals); diff != "" || res.Kept != 1 {
		t.Errorf("%+v\n%s", res, diff)
	}
}
