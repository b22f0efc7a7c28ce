package theme

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var waits = []Candidate{
	{"r1", "We waited far too long for an appointment", "parents"},
	{"r2", "we waited far too long for an appointment!", "12-15"},
	{"r3", "The waiting list for camhs is two years long", "12-15"},
	{"r4", "I waited a very long time to see someone", "16-17"},
	{"r5", "slow", "8-11"},
	{"r6", "My cat likes blue balloons very much indeed", "8-11"},
	{"r7", "It took far too long, Dr Patel said sorry", "parents"},
	{"r8", "  ", "8-11"},
}

func TestQuotesAreTypicalAndDiffer(t *testing.T) {
	got := Quotes(waits, 3, bare)
	if len(got) != 3 {
		t.Fatalf("quotes = %+v", got)
	}
	seen := map[string]bool{}
	for _, q := range got {
		key := strings.ToLower(strings.Trim(q.Text, "!"))
		if seen[key] || q.Text == "slow" {
			t.Errorf("%q is said twice or too short", q.Text)
		}
		seen[key] = true
	}
	if first := got[0].ResponseID; first == "r6" {
		t.Errorf("the first quote is %s, which is not about the theme", first)
	}
}

func TestQuotesDoNotRepeatASentence(t *testing.T) {
	pool := []Candidate{
		{"r1", "Talking to my mum helps the most.", "8-11"},
		{"r2", "To be honest. Talking to my mum helps the most!", "12-15"},
		{"r3", "Talking to my mum helps the most. Thank you for asking me about all of this.", "16-17"},
		{"r4", "I think talking to my mum helps the most", "parents"},
		{"r5", "The quiet room at school helps me calm down", "parents"},
		{"r6", "Thank you. My best friend listens and does not laugh.", "parents"},
		{"r7", "Thank you. Exams make it worse, talk about that", "parents"},
	}
	got := Quotes(pool, 5, bare)
	if len(got) != 4 {
		t.Errorf("%d quotes: %+v", len(got), got)
	}
	mum := 0
	for _, q := range got {
		if strings.Contains(q.Text, "mum") {
			mum++
		}
	}
	if mum != 1 {
		t.Errorf("the same is quoted %d times: %+v", mum, got)
	}
}

func TestQuotesRemoveDetails(t *testing.T) {
	for _, q := range Quotes(waits, 8, bare) {
		if q.ResponseID == "r7" {
			if diff := cmp.Diff(Quote{"r7", "It took far too long, Dr [name] said sorry", "parents", []string{KindName}}, q); diff != "" {
				t.Error(diff)
			}
			return
		}
	}
	t.Error("r7 was not quoted")
}

func TestQuotesTakeWhatThereIs(t *testing.T) {
	if got := Quotes(nil, 5, bare); len(got) != 0 {
		t.Errorf("no candidates give %v", got)
	}
	if got := Quotes([]Candidate{{"r1", "slow", "8-11"}}, 5, bare); len(got) != 1 || got[0].Text != "slow" {
		t.Errorf("one short candidate gives %v", got)
	}
	if got := Quotes(waits, 0, bare); len(got) != 0 {
		t.Errorf("none asked for gives %v", got)
	}
}

func TestQuotesDoNotDependOnOrder(t *testing.T) {
	words := rapid.SampledFrom([]string{"wait", "long", "camhs", "doctor", "kind", "school", "time", "we", "the"})
	rapid.Check(t, func(t *rapid.T) {
		var pool []Candidate
		for i := range rapid.IntRange(0, 20).Draw(t, "size") {
			text := strings.Join(rapid.SliceOfN(words, 0, 9).Draw(t, "text"), " ")
			pool = append(pool, Candidate{fmt.Sprint("r", i), text, rapid.SampledFrom([]string{"a", "b"}).Draw(t, "group")})
		}
		want := Quotes(pool, 5, bare)
		shuffled := append([]Candidate(nil), pool...)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(want, Quotes(shuffled, 5, bare)); diff != "" || len(want) > 5 {
			t.Fatalf("%d quotes; %s", len(want), diff)
		}
	})
}
