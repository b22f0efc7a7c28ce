package people

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sayso/internal/fault"
)

// checkKey checks that err is a fault of the kind with the message key.
func checkKey(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != kind || f.Key != key {
		t.Errorf("got %v, want %s: %s", err, kind, key)
	}
}

func idsOf(p *Pictures, k Key) string {
	var ids []string
	for _, one := range p.Of(k) {
		ids = append(ids, one.ID)
	}
	return strings.Join(ids, " ")
}

func TestFind(t *testing.T) {
	p := testPictures(t)
	for typed, want := range map[string]string{
		"fox, sun, ice, house, horse, boot":                     "fox sun ice house horse boot",
		"FOX Sun iCE  house\thorse boot":                        "fox sun ice house horse boot",
		"1. fox\n2. sun\n3. ice\n4. house\n5. horse\n6. boot\n": "fox sun ice house horse boot",
		"1)fox 2)sun 3)ice 4)house 5)horse 6)boot":              "fox sun ice house horse boot",
		"١. ثعلب ٢. شمس ٣. ثلج ٤. منزل ٥. حصان ٦. حذاء":         "fox sun ice house horse boot",
		"fox hot air balloon sun ice cream house horse":         "fox hot-air-balloon sun ice-cream house horse",
		"fox hot-air-balloon sun icecream house horse":          "fox hot-air-balloon sun ice-cream house horse",
		"hot air balloon balloon sun flower sunflower ice":      "hot-air-balloon balloon sun flower sunflower ice",
		"sunflower, sun, flower, ice cream, ice, fox":           "sunflower sun flower ice-cream ice fox",
		"sun flower, pool 8 ball, fox, house, horse, ice":       "sunflower ball-8 fox house horse ice",
		"sun, flower, pool 8 ball, fox, house, horse":           "sun flower ball-8 fox house horse",
		"1 pool 8 ball 2 fox 3 sun 4 house 5 horse 6 ice":       "ball-8 fox sun house horse ice",
		"ثعلب، شـمس؛ ثَلْج، منزل، حصان، زهره":                   "fox sun ice house horse flower",
		"كره رقم 8، ثعلب، شمس، ثلج، منزل، حصان":                 "ball-8 fox sun ice house horse",
		"لومڑى، سورج، برف، گهر، گھوڑا، پهول":                    "fox sun ice house horse flower",
		"سورج مکھی لومڑی سورج برف گھر گھوڑا":                    "sunflower fox sun ice house horse",
		"LIS slonce LÓD dom kon but":                            "fox sun ice house horse boot",
		"llwynog haul ia ty ceffyl ysgol ddringo":               "fox sun ice house horse ladder",
		"llwynog haul iâ tŷ ceffyl ysgol":                       "fox sun ice house horse school",
		"fox, słońce, ثلج, tŷ, horse, جوتا":                     "fox sun ice house horse boot",
		"t rex cats eye fox sun ice horse":                      "t-rex cats-eye fox sun ice horse",
		"haul fox ice house horse boot":                         "haul fox ice house horse boot",
		"haul llwynog iâ tŷ ceffyl esgid":                       "sun fox ice house horse boot",
		"TRex, cat's eye, fox, sun, ice, horse":                 "t-rex cats-eye fox sun ice horse",
		"ice lolly fox sun house horse boot":                    "ice-cream fox sun house horse boot",
		"sunflowr, ladder, crown, school, flwoer, baloon":       "sunflower ladder crown school flower balloon",
		"hot air baloon fox sun ice house horse":                "hot-air-balloon fox sun ice house horse",
		"balln, godzina 2:00, lis, dom, koń, kwiatt":            "balloon two-oclock fox house horse flower",
		"lis, słonce, kwiatt, dom, koń, but":                    "fox sun flower house horse boot",
	} {
		k, err := p.Find(typed)
		if err != nil {
			t.Errorf("%q: %v", typed, err)
		} else if got := idsOf(p, k); got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
	}
}

func TestFindRefuses(t *testing.T) {
	p := testPictures(t)
	for typed, c := range map[string]struct {
		key   string
		words string
		found int
	}{
		"":                            {key: "people.key_count"},
		"1 2 3":                       {key: "people.key_count"},
		"fox, sun, ice, house, horse": {key: "people.key_count", found: 5},
		"fox, sun, ice, house, horse, boot, school":                {key: "people.key_count", found: 7},
		"fox fox fox fox fox fox":                                  {key: "people.key_twice"},
		"fox, Dragon, ice, hoouse, horse, the moon":                {key: "people.key_words", words: "Dragon · the · moon"},
		"gelato fox sun ice house horse":                           {key: "people.key_words", words: "gelato"},
		"hot sun ice house horse fox":                              {key: "people.key_words", words: "hot"},
		"fix, sun, ice, house, horse, boot":                        {key: "people.key_words", words: "fix"},
		"hoose, sun, ice, fox, boot, crown":                        {key: "people.key_words"},
		"sun, flower ice cream pool 8 ball boot horse ice fox fox": {key: "people.key_count", found: 8},
		"haul, fox, ice, dom, koń, but":                            {key: "people.key_unclear"},
		strings.Repeat("fox ", 41):                                 {key: "people.key_long"},
		strings.Repeat("x", 2001):                                  {key: "people.key_long"},
	} {
		_, err := p.Find(typed)
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Key != c.key {
			t.Errorf("%q: %v, want %s", typed, err, c.key)
		} else if c.words != "" && f.Args["Words"] != c.words || c.found > 0 && f.Args["Found"] != c.found {
			t.Errorf("%q: %v", typed, f.Args)
		}
	}
}

// However the names of a key are written down in a language, the key is found again. Only keys that NewKey may draw are
// tried: nobody can tell the six names of another from those of a key in another language.
func TestFindReadsWhatNamesWrote(t *testing.T) {
	p := testPictures(t)
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Permutation(rangeTo(len(drawn))).Draw(t, "drawn")
		k, err := p.NewKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 4 {
			k[i] = uint16(first[i])
		}
		if !different(k) || !p.plain(k) {
			t.Skip("NewKey draws no such key")
		}
		lang := rapid.SampledFrom([]string{"en", "en-x-easy", "pl", "ar", "ur", "cy"}).Draw(t, "language")
		names := p.Names(k, lang)
		separator := rapid.SampledFrom([]string{", ", ",", "، ", "\n", " ; ", " / ", "。"}).Draw(t, "separator")
		change := rapid.SampledFrom([]func(string) string{strings.ToUpper, strings.ToLower, strings.TrimSpace}).Draw(t, "case")
		typed := change(strings.Join(names, separator))
		if got, err := p.Find(typed); err != nil || got != k {
			t.Fatalf("%q: %v, %v; want %v", typed, got, err, k)
		}
		// With spaces only, two names can make a third; then it must not guess.
		typed = change(strings.Join(names, " "))
		if got, err := p.Find(typed); err == nil && got != k || err != nil && !errors.Is(err, errKeyUnclear) {
			t.Fatalf("%q: %v, %v; want %v", typed, got, err, k)
		}
	})
}

func rangeTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestFoldTwiceIsFoldOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := fold(rapid.String().Draw(t, "text"))
		if twice := fold(once); twice != once {
			t.Errorf("%q folds to %q", once, twice)
		}
	})
}

func FuzzFind(f *testing.F) {
	p := testPictures(f)
	for _, seed := range []string{
		"fox, sun, ice, house, horse, boot", "1. ثعلب ٢. شمس\n3. ثلج، منزل؛ حصان حذاء", "hot air baloon fox sun ice house horse",
		"\xff\xfe fox", "ice ice cream ice cream ice cream ice cream ice", "8 8 8 pool 8 ball", "i̇ ß ﬁ Ⅷ ＡＢＣ ـــ",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		k, err := p.Find(typed)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: %v", typed, err)
			}
			return
		}
		if !different(k) {
			t.Fatalf("%q: %v has a picture twice", typed, k)
		}
		again, err := p.Find(strings.Join(p.Names(k, "en"), ","))
		if err != nil || again != k {
			t.Errorf("%q is %v, written down again %v, %v", typed, k, again, err)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	p := testPictures(b)
	for name, typed := range map[string]string{
		"right": "fox hot air balloon sun ice cream house horse",
		"typo":  "fox hot air baloon sun ice cream hause horse",
		"wrong": strings.Repeat("zabuqe kogo", 20),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, _ = p.Find(typed)
			}
		})
	}
}
