package demonstration

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"sayso/content"
	"sayso/internal/exercise"
	"sayso/internal/survey"
)

const today = exercise.Day("2026-11-22")

func read(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := content.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func areas(t testing.TB) exercise.Areas {
	t.Helper()
	var file struct{ Areas []exercise.Area }
	if err := yaml.Unmarshal(read(t, "areas/demonstration.yaml"), &file); err != nil {
		t.Fatal(err)
	}
	tree, err := exercise.NewAreas(file.Areas)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// surveys returns those that are shipped, in the order of their names.
func surveys(t testing.TB) []survey.Survey {
	t.Helper()
	yes := func(string) bool { return true }
	names, err := fs.Glob(content.FS, "surveys/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no surveys", err)
	}
	var all []survey.Survey
	for _, name := range names {
		s, problems := survey.ReadFile(read(t, name), survey.Known{Areas: areas(t), Picture: yes, Codebook: yes, Language: yes})
		if len(problems) > 0 {
			t.Fatal(name, problems)
		}
		s.Version = 1
		all = append(all, s)
	}
	return all
}

// shipped returns the words of the demonstration.
func shipped(t testing.TB) Phrases {
	t.Helper()
	const name = "demo/phrases.yaml"
	raw, err := content.FS.ReadFile(name)
	if err != nil {
		t.Skipf("no words at content/%s", name)
	}
	p, err := ParsePhrases(raw)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// few are words enough for what does not depend on their number.
func few(t testing.TB) Phrases {
	t.Helper()
	p, err := ParsePhrases([]byte(`
openings: {en: [I want to say this.]}
endings: {en: [That is all.]}
surveys:
  speech-therapy:
    good: {en: [{text: The therapist is kind.}], pl: [{text: Terapeutka jest miła.}]}
    improve:
      en: [{text: The wait is too long., weight: 2}, {text: I want a therapist at school.}, {text: My son cannot wait., voices: [proxy]}]
      ur: [{text: انتظار بہت لمبا ہے۔}]
`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func all(t testing.TB, ph Phrases, n map[string]int) []survey.Response {
	t.Helper()
	return slices.Collect(Generate(7, surveys(t), areas(t), ph, today, n))
}

// invented is a survey that nobody thought of, in an area with people.
func invented(t testing.TB) ([]survey.Survey, exercise.Areas) {
	t.Helper()
	tree, err := exercise.NewAreas([]exercise.Area{{ID: "x", Name: exercise.Text{"en": "X"}, Fictional: true,
		Places:     []exercise.Area{{ID: "y", Name: exercise.Text{"en": "Y"}}, {ID: "z", Name: exercise.Text{"en": "Z"}}},
		Population: []exercise.PopulationOf{{Variable: "age_band", Counts: map[string]int64{"4-7": 900, "8-11": 800}}, {Variable: "language", Counts: map[string]int64{"en": 1000, "cy": 600, "so": 100}}, {Variable: "priority", Counts: map[string]int64{"in-care": 90}}}}})
	if err != nil {
		t.Fatal(err)
	}
	options := func(ids ...string) (out []survey.Option) {
		for _, id := range ids {
			out = append(out, survey.Option{ID: id, Alone: id == "none"})
		}
		return out
	}
	return []survey.Survey{{ID: "new", Version: 1, Area: "x", Opens: "2026-11-01", Closes: "2026-11-20", Voices: []exercise.Voice{exercise.Worker, exercise.Proxy},
		Languages: []survey.Language{{Tag: "en", CheckedBy: "us"}, {Tag: "en-x-easy", CheckedBy: "us"}, {Tag: "cy", CheckedBy: "us"}},
		Questions: []survey.Question{{ID: "n", Kind: survey.Number, Least: 3, Most: 9, Unknown: true}, {ID: "t", Kind: survey.LongText}, {ID: "f", Kind: survey.Faces},
			{ID: "s", Kind: survey.Several, Least: 2, Options: options("a", "b", "c"), ShowIf: &survey.Condition{Question: "f", AnyOf: []string{"4", "5"}}},
			{ID: "q", Kind: survey.Consent, Role: survey.RoleQuote}, {ID: "a", Kind: survey.AgeBand, About: true, Withheld: true},
			{ID: "p", Kind: survey.Place, About: true, Options: options("y", "z", exercise.Elsewhere)},
			{ID: "g", Kind: survey.Several, Role: survey.RolePriority, About: true, Options: options("in-care", "none")}}}}, tree
}

// The sum stands for every machine: amd64 and 386 agreed on it.
func TestTheSameSeedGivesTheSameEverywhere(t *testing.T) {
	ph, err := ParsePhrases([]byte("openings: {en: [Well.]}\nsurveys: {new: {t: {en: [{text: We wait., weight: 3}, {text: They are kind., voices: [proxy]}], cy: [{text: Rydyn ni’n aros.}]}}}"))
	if err != nil {
		t.Fatal(err)
	}
	s, tree := invented(t)
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(slices.Collect(Generate(7, s, tree, ph, today, nil))); err != nil {
		t.Fatal(err)
	}
	const want = "9f92455d9fd3423e"
	if got := hex.EncodeToString(h.Sum(nil)[:8]); got != want {
		t.Errorf("the sum is %s, want %s", got, want)
	}
}

func TestMoreKeepsTheFirst(t *testing.T) {
	one := map[string]int{"worries": 0, "getting-there": 0, "friends-and-family": 0, "speech-therapy": 50}
	short := all(t, few(t), one)
	one["speech-therapy"] = 200
	if diff := cmp.Diff(short, all(t, few(t), one)[:50]); diff != "" {
		t.Error(diff)
	}
	other := slices.Collect(Generate(8, surveys(t), areas(t), few(t), today, one))
	if cmp.Equal(short[0], other[0]) {
		t.Error("another seed says the same")
	}
}

// Every response is one that a person could have given on the pages of the survey.
func TestResponsesFollowTheirSurvey(t *testing.T) {
	byID := map[string]survey.Survey{}
	for _, s := range surveys(t) {
		byID[s.ID] = s
	}
	seen := map[survey.Ref]bool{}
	for _, r := range all(t, few(t), nil) {
		s := byID[r.Survey]
		if seen[r.Ref] || r.Area != s.Area || r.Version != 1 || len(r.ID) != 32 || r.Day < s.Opens || r.Day > today || !slices.Contains(s.Voices, r.Voice) || !slices.Contains(s.Offered(), r.Language) {
			t.Fatalf("%+v", r)
		}
		seen[r.Ref] = true
		checkAnswers(t, &s, &r)
	}
	if len(seen) < 3000 || len(seen) > 5000 {
		t.Errorf("%d responses", len(seen))
	}
}

func checkAnswers(t *testing.T, s *survey.Survey, r *survey.Response) {
	t.Helper()
	answers, about := 0, 0
	for _, q := range s.Path(r.Voice, r.Answer) {
		if q.Kind == survey.Info {
			continue
		}
		a, ok := r.Answer(q.ID)
		in := survey.Input{Choices: a.Choices, Words: a.Words, Skip: a.Skip}
		if a.Number != nil {
			in.Words = json.Number(mustJSON(t, a.Number)).String()
		}
		want, err := q.Read(in)
		if diff := cmp.Diff(want, a); !ok || err != nil || diff != "" || q.Declines(a) {
			t.Fatalf("%s: %v %v\n%s", q.ID, ok, err, diff)
		}
		if q.About {
			about++
		} else {
			answers++
		}
	}
	if len(r.Answers) != answers || len(r.About) != about {
		t.Fatalf("%d and %d answers, on the path %d and %d", len(r.Answers), len(r.About), answers, about)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func chose(r *survey.Response, question, option string) bool {
	a, ok := r.Answer(question)
	return ok && slices.Contains(a.Choices, option)
}

// share returns how many of a hundred of the responses that are in have it, and how many are in.
func share(rs []survey.Response, in, has func(*survey.Response) bool) (percent float64, of int) {
	n := 0
	for i := range rs {
		if in(&rs[i]) {
			of++
			if has(&rs[i]) {
				n++
			}
		}
	}
	return 100 * float64(n) / float64(max(of, 1)), of
}

func TestWhoIsHeardAndWhatTheySay(t *testing.T) {
	rs := all(t, few(t), nil)
	everybody := func(r *survey.Response) bool { return true }
	of := func(id string) func(*survey.Response) bool {
		return func(r *survey.Response) bool { return r.Survey == id }
	}
	inVale := func(r *survey.Response) bool { return r.Area == "north-vale" }
	care := func(r *survey.Response) bool { return r.Survey == "worries" && chose(r, "groups", "in-care") }
	late := func(r *survey.Response) bool { return chose(r, "waited", "months") || chose(r, "waited", "still") }
	between := func(what string, got, least, most float64, n, fewest int) {
		t.Helper()
		if got < least || got > most || n < fewest {
			t.Errorf("%s: %.1f %% of %d", what, got, n)
		}
	}
	quoted, n := share(rs, everybody, func(r *survey.Response) bool { return chose(r, "quote", "yes") })
	between("may be quoted", quoted, 53, 62, n, 3000)
	marsh, n := share(rs, inVale, func(r *survey.Response) bool { return chose(r, "place", "east-marsh") })
	between("from East Marsh, where 22 % live", marsh, 1, 5, n, 2000)
	urdu, n := share(rs, inVale, func(r *survey.Response) bool { return r.Language == "ur" })
	between("in Urdu, which 6 % speak", urdu, 1, 4.5, n, 2000)
	parents, n := share(rs, of("speech-therapy"), func(r *survey.Response) bool { return r.Voice == exercise.Proxy || r.Voice == exercise.Carer })
	between("parents", parents, 62, 78, n, 1000)
	usual, n := share(rs, func(r *survey.Response) bool { return r.Survey == "worries" && !care(r) }, late)
	cared, m := share(rs, care, late)
	between("waited long", usual, 15, 40, n, 1000)
	between("waited long, in care", cared, usual+15, 90, m, 30)
	for _, lang := range []string{"en", "en-x-easy", "ur", "pl", "ar", "cy"} {
		if _, n := share(rs, func(r *survey.Response) bool { return r.Language == lang }, everybody); n < 10 {
			t.Errorf("%d responses in %s", n, lang)
		}
	}
	days := map[exercise.Day]bool{}
	for _, r := range rs {
		days[r.Day] = true
	}
	if len(days) != 53 {
		t.Errorf("%d days from 1 October to 22 November", len(days))
	}
}

func TestWords(t *testing.T) {
	rs := all(t, shipped(t), nil)
	long := func(lang string) func(*survey.Response) bool {
		return func(r *survey.Response) bool { return lang == "" || r.Language == lang }
	}
	wrote := func(r *survey.Response) bool {
		a, ok := r.Answer("improve")
		return ok && a.Words != ""
	}
	for _, lang := range []string{"", "en", "en-x-easy", "ur", "pl", "ar", "cy"} {
		if got, n := share(rs, long(lang), wrote); n < 10 || got < 60 || got > 90 {
			t.Errorf("in %q %.1f %% of %d wrote", lang, got, n)
		}
	}
	speaks := func(r *survey.Response) bool {
		a, _ := r.Answer("improve")
		return subjectsOf(r.Language, a.Words)&1 != 0
	}
	care := func(r *survey.Response) bool { return chose(r, "groups", "in-care") && wrote(r) }
	others, _ := share(rs, func(r *survey.Response) bool { return wrote(r) && !care(r) }, speaks)
	cared, n := share(rs, care, speaks)
	if cared < others*1.3 || n < 30 {
		t.Errorf("of waiting speak %.1f %%, of %d in care %.1f %%", others, n, cared)
	}
	texts := map[string]int{}
	for _, r := range rs {
		for _, a := range r.Answers {
			if a.Words != "" {
				texts[a.Words]++
			}
		}
	}
	if len(texts) < 1000 {
		t.Errorf("only %d different texts", len(texts))
	}
}

func TestNothingIsInventedForRealAreasOrClosedSurveys(t *testing.T) {
	real, err := exercise.NewAreas([]exercise.Area{{ID: "north-vale", Name: exercise.Text{"en": "Somewhere"}}})
	if err != nil {
		t.Fatal(err)
	}
	for range Generate(1, surveys(t), real, few(t), today, nil) {
		t.Fatal("a response for an area that is not fictional")
	}
	for range Generate(1, surveys(t), areas(t), few(t), "2026-09-30", nil) {
		t.Fatal("a response before the first day")
	}
}

func TestAnySurvey(t *testing.T) {
	s, tree := invented(t)
	bare, err := exercise.NewAreas([]exercise.Area{{ID: "x", Name: exercise.Text{"en": "X"}, Fictional: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, areas := range []exercise.Areas{tree, bare} {
		n := 0
		for r := range Generate(1, s, areas, Phrases{}, today, nil) {
			n++
			checkAnswers(t, &s[0], &r)
		}
		if n != usual.responses {
			t.Errorf("%d responses", n)
		}
	}
}

// What the tendencies name is in the surveys and areas.
func TestTendenciesNameWhatThereIs(t *testing.T) {
	known := map[string]bool{}
	for _, s := range surveys(t) {
		known[s.ID] = true
		for _, q := range s.Questions {
			known[s.ID+"/"+q.ID] = true
			for _, id := range q.OptionIDs() {
				known[s.ID+"/"+q.ID+"/"+id], known[id] = true, true
			}
		}
	}
	var names []string
	for id, g := range groups {
		names = append(names, id)
		for o := range g.options {
			names = append(names, o)
		}
	}
	for id := range placeReach {
		names = append(names, id)
	}
	for id := range placeLean {
		names = append(names, id)
	}
	for id, tend := range tendencies {
		for q, sh := range tend.questions {
			names = append(names, id+"/"+q)
			for o := range sh.weights {
				names = append(names, strings.Join([]string{id, q, o}, "/"))
			}
		}
	}
	for _, name := range names {
		if !known[name] {
			t.Errorf("there is no %s", name)
		}
	}
}

func TestPhrasesWithAMistake(t *testing.T) {
	if _, err := ParsePhrases([]byte("surveys: {a: {b: {en: [{txt: x}]}}}")); err == nil {
		t.Error("a field that is none was taken")
	}
}

func BenchmarkGenerate(b *testing.B) {
	all, tree, ph := surveys(b), areas(b), few(b)
	i := slices.IndexFunc(all, func(s survey.Survey) bool { return s.ID == "speech-therapy" })
	b.ReportAllocs()
	n := 0
	for range Generate(1, all[i:i+1], tree, ph, today, map[string]int{"speech-therapy": b.N}) {
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "responses/s")
}
