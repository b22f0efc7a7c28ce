package exercise

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestText(t *testing.T) {
	text := Text{"en": "school", "ur": "اسکول", "pl": "", "pt-BR": "escola", "en-x-easy": "your school"}
	for lang, want := range map[string]struct {
		words, used string
		has         bool
	}{
		"en":        {"school", "en", true},
		"en-x-easy": {"your school", "en-x-easy", true},
		"en-GB":     {"school", "en", true},
		"ur":        {"اسکول", "ur", true},
		"ur-Latn":   {"اسکول", "ur", true},
		"pt-BR":     {"escola", "pt-BR", true},
		"pt":        {"school", "en", false}, // a variant does not stand for its parent
		"pl":        {"school", "en", false}, // empty words are none
		"cy":        {"school", "en", false},
		"":          {"school", "en", false},
		"-":         {"school", "en", false},
	} {
		words, used := text.In(lang)
		if words != want.words || used != want.used || text.Words(lang) != want.words || text.Has(lang) != want.has {
			t.Errorf("%q: %q in %s, written: %v; want %+v", lang, words, used, text.Has(lang), want)
		}
	}
	if words, used := Text(nil).In("ur"); words != "" || used != "en" || Text(nil).Has("en") {
		t.Errorf("no text at all: %q in %s", words, used)
	}
}

func named(id string, places ...Area) Area {
	return Area{ID: id, Name: Text{"en": strings.ToUpper(id)}, Places: places}
}

func ids(areas []Area) string {
	var out []string
	for _, a := range areas {
		out = append(out, a.ID)
	}
	return strings.Join(out, " ")
}

func TestAreas(t *testing.T) {
	tree, err := NewAreas([]Area{named("vale", named("marsh"), named("brook")), named("coast", named("harbour"))})
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(tree.All()); got != "brook coast harbour marsh vale" {
		t.Errorf("all are %s", got)
	}
	if got := ids(tree.Systems()); got != "coast vale" {
		t.Errorf("the systems are %s", got)
	}
	if a, ok := tree.Area("marsh"); !ok || a.Parent != "vale" || a.Name["en"] != "MARSH" {
		t.Errorf("the place is %+v, %v", a, ok)
	}
	for id, want := range map[string]string{"vale": "vale", "marsh": "vale", "harbour": "coast", "atlantis": "", "": ""} {
		if a, ok := tree.System(id); a.ID != want || ok != (want != "") {
			t.Errorf("%q lies in %q, %v; want %q", id, a.ID, ok, want)
		}
	}
	if a, ok := tree.Area("atlantis"); ok {
		t.Errorf("found %+v", a)
	}
}

func TestWithin(t *testing.T) {
	tree, err := NewAreas([]Area{named("vale", named("marsh")), named("coast")})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id, outer string
		want      bool
	}{
		{"vale", "vale", true}, {"marsh", "vale", true}, {"marsh", "marsh", true}, {"marsh", "", true}, {"", "", true},
		{"vale", "marsh", false}, {"marsh", "coast", false}, {"", "vale", false}, {"atlantis", "vale", false}, {"vale", "atlantis", false},
	} {
		if got := tree.Within(c.id, c.outer); got != c.want {
			t.Errorf("%q within %q: %v", c.id, c.outer, got)
		}
	}
}

func TestNewAreasRefuses(t *testing.T) {
	for want, systems := range map[string][]Area{
		`area "" needs an id and an English name`:     {named("")},
		`area "vale" needs an id and an English name`: {{ID: "vale", Name: Text{"cy": "Dyffryn"}}},
		`area "marsh" stands twice`:                   {named("vale", named("marsh")), named("coast", named("marsh"))},
		`area "vale" stands twice`:                    {named("vale", named("vale"))},
	} {
		if _, err := NewAreas(systems); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if none, err := NewAreas(nil); err != nil || len(none.All())+len(none.Systems()) > 0 {
		t.Errorf("no areas: %v, %v", none, err)
	}
}

func TestDay(t *testing.T) {
	for _, wrong := range []string{"", "2026-02-30", "2026-13-01", "26-01-31", "2026-1-31", "31/01/2026", "2026-01-31T00:00:00Z", " 2026-01-31"} {
		if d, err := ParseDay(wrong); err == nil || d != "" {
			t.Errorf("%q is read as %q", wrong, d)
		}
	}
	if d, err := ParseDay("2028-02-29"); err != nil || d != "2028-02-29" {
		t.Errorf("got %q, %v", d, err)
	}
	if !Day("").Time().IsZero() || !Day("soon").Time().IsZero() {
		t.Error("what is no day has a time")
	}
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	late := time.Date(2026, 6, 30, 23, 30, 0, 0, time.UTC) // in summer London is an hour ahead
	if got, want := DayOf(late.In(london)), Day("2026-07-01"); got != want || DayOf(late) != "2026-06-30" {
		t.Errorf("in London it is %s, want %s", got, want)
	}
}

func TestDaysAreInOrderAndAddUp(t *testing.T) {
	day := rapid.Map(rapid.Int64Range(0, 60_000), func(n int64) Day { return DayOf(time.Unix(n*24*60*60, 0).UTC()) })
	rapid.Check(t, func(t *rapid.T) {
		d, n, m := day.Draw(t, "day"), rapid.IntRange(-5000, 5000).Draw(t, "n"), rapid.IntRange(-5000, 5000).Draw(t, "m")
		if read, err := ParseDay(string(d)); err != nil || read != d || DayOf(d.Time()) != d {
			t.Fatalf("%s is read as %s, %v", d, read, err)
		}
		if d.Add(n).Add(m) != d.Add(n+m) || d.Add(n).Add(-n) != d {
			t.Fatalf("%s and %d and %d days", d, n, m)
		}
		if (d < d.Add(n)) != (n > 0) {
			t.Fatalf("%s and %s are in the wrong order", d, d.Add(n))
		}
	})
}

func TestVoicesAndAgesStandOnce(t *testing.T) {
	if n := len(slices.Compact(slices.Sorted(slices.Values(Voices)))); n != 5 || n != len(Voices) {
		t.Errorf("the voices are %v", Voices)
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(AgeBands)))); n != len(AgeBands) {
		t.Errorf("the ages are %v", AgeBands)
	}
}
