package people

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sayso/internal/exercise"
)

// drawn are pictures whose names are hard to tell apart in a line of words.
var drawn = []Picture{
	{ID: "fox", Names: exercise.Text{"en": "fox", "pl": "lis", "ar": "ثعلب", "ur": "لومڑی", "cy": "llwynog"}},
	{ID: "hot-air-balloon", Names: exercise.Text{"en": "hot air balloon", "pl": "balon na ogrzane powietrze", "ar": "منطاد الهواء الساخن", "ur": "گرم ہوا کا غبارہ", "cy": "balŵn aer poeth"}},
	{ID: "balloon", Names: exercise.Text{"en": "balloon", "pl": "balon", "ar": "بالون", "ur": "غبارہ", "cy": "balŵn"}},
	{ID: "sun", Names: exercise.Text{"en": "sun", "pl": "słońce", "ar": "شمس", "ur": "سورج", "cy": "haul"}},
	{ID: "flower", Names: exercise.Text{"en": "flower", "pl": "kwiat", "ar": "زهرة", "ur": "پھول", "cy": "blodyn"}},
	{ID: "sunflower", Names: exercise.Text{"en": "sunflower", "pl": "słonecznik", "ar": "عبّاد الشمس", "ur": "سورج مکھی", "cy": "blodyn haul"}},
	{ID: "ice", Names: exercise.Text{"en": "ice", "pl": "lód", "ar": "ثلج", "ur": "برف", "cy": "iâ"}},
	{ID: "ice-cream", Names: exercise.Text{"en": "ice cream", "pl": "lody", "ar": "آيس كريم", "ur": "آئس کریم", "cy": "hufen iâ"}, Also: map[string][]string{"en": {"ice lolly", "gelato"}}},
	{ID: "boot", Names: exercise.Text{"en": "boot", "pl": "but", "ar": "حذاء", "ur": "جوتا", "cy": "esgid"}},
	{ID: "school", Names: exercise.Text{"en": "school", "pl": "szkoła", "ar": "مدرسة", "ur": "اسکول", "cy": "ysgol"}},
	{ID: "ladder", Names: exercise.Text{"en": "ladder", "pl": "drabina", "ar": "سلّم", "ur": "سیڑھی", "cy": "ysgol ddringo"}},
	{ID: "house", Names: exercise.Text{"en": "house", "pl": "dom", "ar": "منزل", "ur": "گھر", "cy": "tŷ"}},
	{ID: "horse", Names: exercise.Text{"en": "horse", "pl": "koń", "ar": "حصان", "ur": "گھوڑا", "cy": "ceffyl"}},
	{ID: "crown", Names: exercise.Text{"en": "crown", "pl": "korona", "ar": "تاج", "ur": "تاج", "cy": "coron"}},
	{ID: "ball-8", Names: exercise.Text{"en": "pool 8 ball", "pl": "bila 8", "ar": "كرة رقم ٨", "ur": "گیند ۸", "cy": "pêl 8"}},
	{ID: "rosette", Names: exercise.Text{"en": "rosette"}, Also: map[string][]string{"en": {"gelato"}}},
	{ID: "haul", Names: exercise.Text{"en": "haul", "cy": "llwyth"}},
	{ID: "two-oclock", Names: exercise.Text{"en": "two o’clock", "pl": "godzina 2:00"}},
	{ID: "family", Names: exercise.Text{"en": "family", "pl": "rodzina"}},
	{ID: "t-rex", Names: exercise.Text{"en": "T-Rex", "pl": "tyranozaur", "ar": "تي ركس", "ur": "ٹی ریکس", "cy": "T-Rex"}},
	{ID: "cats-eye", Names: exercise.Text{"en": "cat’s eye", "pl": "kocie oko", "ar": "عين القطة", "ur": "بلی کی آنکھ", "cy": "llygad cath"}},
}

// madeUp fills the list up with names that no language has.
func madeUp(n int) []Picture {
	out := make([]Picture, n)
	for i := range out {
		name := fmt.Sprintf("%s%s%s", syllable(i), syllable(i/7), syllable(i/49))
		out[i] = Picture{ID: fmt.Sprintf("made-%d", i), Names: exercise.Text{"en": "q" + name, "pl": "w" + name}}
	}
	return out
}

// fill fills the list up to the least with pictures that have the same plain name in every language.
func fill(all []Picture) []Picture {
	for i := len(all); i < LeastPictures; i++ {
		all = append(all, Picture{ID: fmt.Sprint("more-", i), Names: exercise.Text{"en": fmt.Sprint("more ", i)}})
	}
	return all
}

func syllable(i int) string {
	return []string{"zabu", "kego", "rilo", "mofe", "tupa", "vyse", "wenk"}[i%7]
}

func pictureFile(tb testing.TB, all []Picture) []byte {
	tb.Helper()
	for i := range all {
		if all[i].File == "" {
			all[i].File = all[i].ID + ".svg"
		}
	}
	data, err := json.Marshal(map[string]any{"source": "made for tests", "pictures": all})
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func testPictures(tb testing.TB) *Pictures {
	tb.Helper()
	p, err := ParsePictures(pictureFile(tb, fill(append(append([]Picture{}, drawn...), madeUp(343)...))))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func TestParsePicturesRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func([]Picture) []Picture
		says  string
	}{
		"too few":         {func(p []Picture) []Picture { return p[:LeastPictures-1] }, "399 pictures"},
		"no id":           {func(p []Picture) []Picture { p[3].ID = ""; return p }, "picture 4"},
		"twice":           {func(p []Picture) []Picture { p[3].ID = p[2].ID; return p }, "twice"},
		"no English":      {func(p []Picture) []Picture { p[3].Names = exercise.Text{"pl": "x"}; return p }, "English"},
		"no letters":      {func(p []Picture) []Picture { p[3].Names = exercise.Text{"en": "?!"}; return p }, "no letters"},
		"same but case":   {func(p []Picture) []Picture { p[3].Names = exercise.Text{"en": "FÓX"}; return p }, "both"},
		"same in Polish":  {func(p []Picture) []Picture { p[3].Names = exercise.Text{"en": "x", "pl": "lis"}; return p }, "in pl"},
		"same by English": {func(p []Picture) []Picture { p[3].Names = exercise.Text{"en": "x", "cy": "rosette"}; return p }, "in cy"},
	} {
		all := c.spoil(fill(append(append([]Picture{}, drawn...), madeUp(343)...)))
		for i := range all {
			all[i].File = "x.svg"
		}
		if _, err := ParsePictures(pictureFile(t, all)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParsePictures([]byte("{")); err == nil {
		t.Error("half a file was accepted")
	}
}

func TestNamesAreInTheLanguageOrEnglish(t *testing.T) {
	p := testPictures(t)
	k, err := p.Pick([]string{"fox", "sun", "ice", "rosette", "school", "boot"})
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{
		"cy":        "llwynog haul iâ rosette ysgol esgid",
		"en-x-easy": "fox sun ice rosette school boot",
		"so":        "fox sun ice rosette school boot",
	} {
		if got := strings.Join(p.Names(k, lang), " "); got != want {
			t.Errorf("%s: %s, want %s", lang, got, want)
		}
	}
}
