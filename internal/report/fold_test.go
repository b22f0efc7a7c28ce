package report

import (
	"context"
	"iter"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sayso/content"
	"sayso/internal/survey"
	"sayso/internal/theme"
)

// shelf is a log in memory, for folding alone.
type shelf struct {
	survey.Responses
	all []survey.Response
}

func (s shelf) Stretches(_ context.Context, area, id string) ([]survey.Stretch, error) {
	return []survey.Stretch{{Range: survey.Range{Area: area, Survey: id}}}, nil
}

func (s shelf) Scan(context.Context, survey.Range) iter.Seq2[*survey.Response, error] {
	return func(yield func(*survey.Response, error) bool) {
		for i := range s.all {
			if !yield(&s.all[i], nil) {
				return
			}
		}
	}
}

func worriesPlan() *plan {
	sv := Worries()
	sv.Version = 1
	return newPlan([]survey.Survey{sv}, Book())
}

func tallyOf(t rapid.TB, p *plan, rs []survey.Response) *tally {
	t.Helper()
	f := folding{plan: p, responses: shelf{all: rs}}
	sum, err := f.fold(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// named gives the responses ids and takes some of them back.
func named(rs []survey.Response) []survey.Response {
	for i := range rs {
		rs[i].ID = string(rune('a'+i%26)) + string(rune('a'+i/26))
		rs[i].Survey = "worries"
		if i%11 == 3 {
			rs[i].Withdrawn, rs[i].Answers, rs[i].About = true, nil, nil
		}
	}
	return rs
}

func TestTalliesMergeInAnyOrder(t *testing.T) {
	p := worriesPlan()
	rapid.Check(t, func(t *rapid.T) {
		rs := named(Crowd(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 300).Draw(t, "people")))
		want := tallyOf(t, p, rs)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 1))
		random.Shuffle(len(rs), func(i, j int) { rs[i], rs[j] = rs[j], rs[i] })
		var parts []*tally
		for len(rs) > 0 {
			n := rapid.IntRange(1, len(rs)).Draw(t, "stretch")
			parts = append(parts, tallyOf(t, p, rs[:n]))
			rs = rs[n:]
		}
		for len(parts) > 1 { // merge any two neighbours until one is left
			i := random.IntN(len(parts) - 1)
			parts[i].merge(parts[i+1])
			parts = append(parts[:i+1], parts[i+2:]...)
		}
		got := newTally(p)
		for _, part := range parts {
			got.merge(part)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(tally{}, candidate{})); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestLedgersAddUpExactly(t *testing.T) {
	p := worriesPlan()
	rapid.Check(t, func(t *rapid.T) {
		rs := named(Crowd(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 200).Draw(t, "people")))
		sum := tallyOf(t, p, rs)
		m := making{plan: p, tally: sum}
		received, wrote := int64(0), int64(0)
		for _, part := range m.receivedParts() {
			received += part.Count
		}
		for _, part := range m.wroteParts() {
			wrote += part.Count
		}
		writers := int64(0)
		for _, r := range rs {
			for _, a := range r.Answers {
				if a.Words != "" {
					writers++
					break
				}
			}
		}
		if received != int64(len(rs)) || sum.received != received {
			t.Fatalf("the parts of %d responses sum to %d", len(rs), received)
		}
		if wrote != writers {
			t.Fatalf("the parts of %d people who wrote sum to %d", writers, wrote)
		}
	})
}

func TestPersonCountsOnceForATheme(t *testing.T) {
	p := worriesPlan()
	rs := []survey.Response{{Language: "en", Voice: "self", Answers: []survey.Answer{
		words("improve", "the wait was too long, always waiting"), words("good", "nothing, I still wait"),
	}}}
	sum := tallyOf(t, p, rs)
	for _, id := range []string{"waiting", "access"} {
		if n := sum.people(p, themeRows+p.themeAt[id]); n != 1 {
			t.Errorf("%s counts %d times, want once", id, n)
		}
	}
}

func TestBestOfAPersonsTextsDecides(t *testing.T) {
	p := worriesPlan()
	for name, c := range map[string]struct {
		lang  string
		texts [2]string
		row   int
	}{
		"themed":      {"en", [2]string{"nothing", "so kind"}, themedRow},
		"no match":    {"en", [2]string{"nothing", "blue sky"}, noMatchRow},
		"nothing":     {"en", [2]string{"nothing", "  \n"}, emptyRow},
		"not covered": {"so", [2]string{"waan sugayay", "..."}, notCoveredRow},
	} {
		rs := []survey.Response{{Language: c.lang, Voice: "self", Answers: []survey.Answer{
			words("improve", c.texts[0]), words("good", c.texts[1]),
		}}}
		if sum := tallyOf(t, p, rs); sum.people(p, c.row) != 1 || sum.people(p, wroteRow) != 1 {
			t.Errorf("%s: counted in another row", name)
		}
	}
}

func TestRetiredQuestionsAndOptionsStillCount(t *testing.T) {
	old, newer := Worries(), Worries()
	old.Version, newer.Version = 1, 2
	newer.Questions = newer.Questions[1:]
	newer.Questions[0].Options = options("family", "pet")
	p := newPlan([]survey.Survey{old, newer}, nil)
	rs := []survey.Response{{Version: 1, Voice: "self", Answers: []survey.Answer{choice("easy", "2"), choice("talk", "school")}}}
	sum := tallyOf(t, p, rs)
	for question, option := range map[string]string{"easy": "2", "talk": "school"} {
		if n := sum.people(p, p.slots[question].index[option]); n != 1 {
			t.Errorf("%s of %s counts %d times", option, question, n)
		}
	}
	if !p.slots["easy"].retired || p.slots["talk"].retired {
		t.Error("the wrong question is retired")
	}
}

func TestQuotesNeedConsentAndWords(t *testing.T) {
	p := worriesPlan()
	said := func(text, consent string) survey.Response {
		return survey.Response{Language: "en", Voice: "self", Answers: []survey.Answer{words("improve", text), choice("quote", consent)}}
	}
	for name, c := range map[string]struct {
		said survey.Response
		want int
	}{
		"agreed":      {said("they were so kind to me", "yes"), 1},
		"refused":     {said("they were so kind to me", "no"), 0},
		"not asked":   {survey.Response{Language: "en", Answers: []survey.Answer{words("improve", "they were so kind to me")}}, 0},
		"too short":   {said("kind", "yes"), 0},
		"taken back":  {survey.Response{Language: "en", Withdrawn: true}, 0},
		"not a theme": {said("blue sky over the hills", "yes"), 0},
	} {
		sum := tallyOf(t, p, []survey.Response{c.said})
		got := 0
		for _, r := range sum.words {
			got += len(r)
		}
		if got != c.want {
			t.Errorf("%s: %d candidates, want %d", name, got, c.want)
		}
	}
}

func TestBandsLeaveNoNumberOut(t *testing.T) {
	for _, most := range []int64{0, 1, 7, 120, 300} {
		from := int64(0)
		for _, b := range bands(0, most) {
			if b.From != from || b.To < b.From {
				t.Fatalf("most %d: band %s goes from %d to %d, want from %d", most, b.ID, b.From, b.To, from)
			}
			from = b.To + 1
		}
		if from <= most {
			t.Errorf("most %d: the bands end before %d", most, from)
		}
	}
	if got := bands(4, 12)[0].ID; got != "3-5" {
		t.Errorf("the first band from 4 is %s", got)
	}
}

// BenchmarkFold counts people with two or more answers in words each under the largest codebook, on one core and
// without reading them from the store.
func BenchmarkFold(b *testing.B) {
	data, err := content.FS.ReadFile("codebooks/children.yaml")
	if err != nil {
		b.Fatal(err)
	}
	book, err := theme.ParseCodebook("children.yaml", data)
	if err != nil {
		b.Fatal(err)
	}
	p := newPlan([]survey.Survey{Worries()}, book)
	rs := named(Crowd(1, 2000))
	const text = "I had to wait far too long for the appointment and then nobody told us what would happen, but the nurse " +
		"was kind and she listened to me, which helped a lot in the end"
	for i := range rs {
		rs[i].Answers = append(rs[i].Answers, words("improve", text), words("good", text))
	}
	b.ReportAllocs()
	c := newCounter(p)
	n := 0
	for b.Loop() {
		c.count(&rs[n%len(rs)])
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "responses/s")
}
