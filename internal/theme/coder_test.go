package theme

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func has(ids []string, id string) bool { return slices.Contains(ids, id) }

const small = `
id: small
version: "1"
name: {en: Small, pl: Maly}
languages: [en, pl]
nothing:
  en: [= nothing, = no ...3 thanks]
themes:
  - id: access
    name: {en: Access, pl: Dostep}
    definition: {en: Getting help.}
    outcome: be_healthy
  - id: waiting
    parent: access
    name: {en: Waiting, pl: Czekanie}
    definition: {en: Long waits.}
    words:
      en: [wait*, long ...2 time, too slow]
      pl: [czeka*]
    not:
      en: [can't wait]
  - id: happy
    name: {en: Happy, pl: Zadowolenie}
    definition: {en: Praise and no more.}
    outcome: enjoy_and_achieve
    otherwise: true
    words:
      en: [great, café]
      pl: [świetn*]
    if_improve:
      en: [= nothing]
`

func smallBook(t testing.TB) *Codebook {
	t.Helper()
	cb, err := ParseCodebook("small.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	return cb
}

func TestCode(t *testing.T) {
	coder := NewCoder(smallBook(t))
	for _, c := range []struct {
		name, lang, text string
		intent           Intent
		want             Coding
	}{
		{"a stem", "en", "We waited.", Open, Coding{Themed, []string{"waiting"}}},
		{"a variant of the language", "en-x-easy", "WAITING!", Good, Coding{Themed, []string{"waiting"}}},
		{"a gap", "en", "it took a long, long old time", Open, Coding{Themed, []string{"waiting"}}},
		{"a gap too wide", "en", "long and far away from the time", Open, Coding{NoMatch, nil}},
		{"side by side", "en", "too slow", Open, Coding{Themed, []string{"waiting"}}},
		{"not side by side", "en", "too very slow", Open, Coding{NoMatch, nil}},
		{"a sentence ends between", "en", "It is too. Slow cars", Open, Coding{NoMatch, nil}},
		{"cancelled", "en", "I can’t wait for it", Open, Coding{NoMatch, nil}},
		{"cancelled once, said twice", "en", "I can't wait, we waited", Open, Coding{Themed, []string{"waiting"}}},
		{"otherwise, alone", "en", "great", Open, Coding{Themed, []string{"happy"}}},
		{"otherwise, not alone", "en", "great but a wait", Open, Coding{Themed, []string{"waiting"}}},
		{"accents in the codebook", "en", "the CAFE", Open, Coding{Themed, []string{"happy"}}},
		{"accents apart", "en", "cafe\u0301", Open, Coding{Themed, []string{"happy"}}},
		{"nothing to improve", "en", "Nothing!", Improve, Coding{Themed, []string{"happy"}}},
		{"nothing that was good", "en", "Nothing!", Good, Coding{Empty, nil}},
		{"nothing, over sentences", "en", "No. It is fine. Thanks", Good, Coding{Empty, nil}},
		{"nothing is part of more", "en", "nothing here", Good, Coding{NoMatch, nil}},
		{"blank", "en", " \t\n", Good, Coding{Empty, nil}},
		{"only signs", "en", "?!...", Good, Coding{Empty, nil}},
		{"only a face", "en", " 😡 ", Good, Coding{NoMatch, nil}},
		{"only a face in a language without words", "fr", "👍🏽!", Good, Coding{NotCovered, nil}},
		{"another language", "pl", "Czekaliśmy", Open, Coding{Themed, []string{"waiting"}}},
		{"no words in the language", "fr", "wait", Open, Coding{NotCovered, nil}},
		{"no language", "", "wait", Open, Coding{NotCovered, nil}},
		{"blank in a language without words", "fr", " ", Open, Coding{Empty, nil}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, coder.Code(c.lang, c.intent, c.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFolding(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Don't STOP-here", "dont stop here"},
		{"Łódź ŻÓŁĆ", "lodz zolc"},
		{"أحمد إلى آخر", "احمد الي اخر"},
		{"مَدْرَسَة", "مدرسه"},
		{"مـــدرسة", "مدرسه"},
		{"کیا ہے", "كيا هے"},
		{"٣ و ۴", "3 و 4"},
		{"می\u200cخواهم", "ميخواهم"},
		{"naïve ﬁne", "naive fine"},
		{"हिन्दी", "हिन्दी"},
		{"\xff\xfe ok", "ok"},
		{"I’d `say`", "id say"},
	} {
		var w words
		w.cut(c.text)
		var got []string
		for i := range w.list {
			got = append(got, string(w.at(i)))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q = %q, want %q", c.text, s, c.want)
		}
	}
}

func TestRollUpAddsParentsOnceInOrder(t *testing.T) {
	cb := smallBook(t)
	for _, c := range []struct{ ids, want []string }{
		{nil, nil},
		{[]string{"waiting"}, []string{"access", "waiting"}},
		{[]string{"happy", "waiting", "waiting"}, []string{"access", "waiting", "happy"}},
		{[]string{"unknown"}, nil},
	} {
		if diff := cmp.Diff(c.want, cb.RollUp(c.ids)); diff != "" {
			t.Errorf("%v: %s", c.ids, diff)
		}
	}
}

func TestCodeIsTheSameFromManyGoroutines(t *testing.T) {
	coder := NewCoder(book(t, "children.yaml"))
	texts := []string{"We waited months for camhs", "bullying", "great", "more parks and clubs please"}
	want := make([]Coding, len(texts))
	for i, text := range texts {
		want[i] = coder.Code("en", Open, text)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i := range 400 {
				k := i % len(texts)
				if got := coder.Code("en", Open, texts[k]); !cmp.Equal(got, want[k]) {
					t.Errorf("%q = %v, want %v", texts[k], got, want[k])
				}
			}
		})
	}
	group.Wait()
}

func TestCodeProperties(t *testing.T) {
	cb := smallBook(t)
	coder := NewCoder(cb)
	saying := rapid.SliceOf(rapid.SampledFrom([]string{"wait", "waited", "long", "time", "too", "slow", "can't", "great", "nothing", "no", "thanks", ".", "and"}))
	intents := rapid.SampledFrom([]Intent{Good, Improve, Open})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(saying.Draw(t, "words"), " ")
		intent := intents.Draw(t, "intent")
		got := coder.Code("en", intent, text)
		if (got.Status == Themed) != (len(got.Themes) > 0) {
			t.Fatalf("status %s with themes %v", got.Status, got.Themes)
		}
		if again := coder.Code("en", intent, strings.ToUpper(text)); !cmp.Equal(got, again) {
			t.Fatalf("capitals change %v to %v", got, again)
		}
		longer := coder.Code("en", intent, text+". we waited")
		if !has(longer.Themes, "waiting") || has(got.Themes, "waiting") && !has(longer.Themes, "waiting") {
			t.Fatalf("one more sentence gives %v", longer)
		}
		if rolled := cb.RollUp(got.Themes); !cmp.Equal(rolled, cb.RollUp(rolled)) {
			t.Fatalf("rolling up twice differs from once: %v", rolled)
		}
	})
}

func FuzzCode(f *testing.F) {
	coder := NewCoder(book(f, "children.yaml"))
	for _, s := range []string{"", "wait", "can't wait", "انتظار", "rhestr aros", "a\x00b\xff", "....", strings.Repeat("long ", 50)} {
		f.Add("en", s)
		f.Add("ar", s)
		f.Add("cy", s)
	}
	f.Fuzz(func(t *testing.T, lang, text string) {
		got := coder.Code(lang, Good, text)
		if around := coder.Code(lang, Good, " \n\t"+text+"\u2003\r\n "); !cmp.Equal(got, around) {
			t.Errorf("white space around %q changes %v to %v", text, got, around)
		}
	})
}

func BenchmarkCode(b *testing.B) {
	coder := NewCoder(book(b, "children.yaml"))
	texts := []string{
		"Waiting time was too long", "Everyone listened to me and was kind", "nothing", "more things to do after school",
		"My son waited two years for an autism assessment and we had to explain everything again to each new doctor, who had not read his notes.",
		"the buses", "It would be good to have someone to talk to at school when you feel sad",
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		coder.Code("en", Improve, texts[i%len(texts)])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "comments/s")
}

// TestNastyPatternsEnd tries patterns and texts that would keep an expression that tries every way busy for years.
func TestNastyPatternsEnd(t *testing.T) {
	gaps := "a ...9 a ...9 a ...9 a ...9 a ...9 a ...9 a ...9 b"
	b, err := ParseCodebook("nasty.yaml", []byte(strings.Replace(small, "too slow", gaps+", aa* ...9 aa* ...9 aa* ...9 zz*", 1)))
	if err != nil {
		t.Fatal(err)
	}
	coder := NewCoder(b)
	for _, text := range []string{strings.Repeat("a ", 2000), strings.Repeat("a", 4000), strings.Repeat("aa ab ", 700), strings.Repeat("a. ", 1300) + "b"} {
		if got := coder.Code("en", Improve, text); has(got.Themes, "happy") {
			t.Errorf("%.20q is %v", text, got)
		}
	}
	if got := coder.Code("en", Improve, strings.Repeat("a ", 7)+"b"); !has(got.Themes, "waiting") {
		t.Errorf("what the pattern says is not found: %v", got)
	}
}
