package theme

import (
	"io/fs"
	"path"
	"testing"

	"sayso/content"
)

// book reads a codebook that is shipped.
func book(t testing.TB, name string) *Codebook {
	t.Helper()
	data, err := content.FS.ReadFile("codebooks/" + name)
	if err != nil {
		t.Fatal(err)
	}
	cb, err := ParseCodebook(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return cb
}

func TestShippedCodebooksAreSound(t *testing.T) {
	names, err := fs.Glob(content.FS, "codebooks/*.yaml")
	if err != nil || len(names) < 2 {
		t.Fatalf("codebooks = %v, %v", names, err)
	}
	for _, name := range names {
		cb := book(t, path.Base(name))
		for _, theme := range cb.Themes {
			if theme.Outcome == "" {
				t.Errorf("%s: %s has no outcome", name, theme.ID)
			}
		}
	}
}

func TestChildrenCodebookSpeaksEveryLanguage(t *testing.T) {
	cb := book(t, "children.yaml")
	for _, theme := range cb.Themes {
		for _, lang := range []string{"en", "en-x-easy", "ur", "pl", "ar", "cy"} {
			if theme.Name[lang] == "" {
				t.Errorf("%s has no name in %s", theme.ID, lang)
			}
		}
		for _, lang := range cb.Languages {
			least := 4
			if lang == "en" {
				least = 6
			}
			if n := len(theme.Words[lang]); theme.Parent != "" && n < least {
				t.Errorf("%s has %d patterns in %s, want at least %d", theme.ID, n, lang, least)
			}
		}
	}
}

func TestChildrenCodebookFindsThemes(t *testing.T) {
	coder := NewCoder(book(t, "children.yaml"))
	for _, c := range []struct{ lang, text, want string }{
		{"en", "I waited 14 months to be seen", "waiting"},
		{"en-x-easy", "The waiting list is too long", "waiting"},
		{"en", "We have to explain it all over again to every new doctor", "explain_again"},
		{"en", "There is no-one to talk to at my school.", "someone_at_school"},
		{"en", "People drive too fast on the road outside", "way_to_school"},
		{"en", "im being bullied", "bullying"},
		{"en", "ہمیں بہت لمبا انتظار کرنا پڑا", "waiting"}, {"pl", "نريد حدائق أكثر وملاعب", "parks"}, {"ur", "im being bullied", "bullying"},
		{"en", "there should be more parks", "parks"},
		{"en", "suicidal", "self_harm"}, {"en", "I want to die", "self_harm"}, {"en", "i hurt myself", "self_harm"},
		{"en", "I cut myself", "self_harm"}, {"en", "I feel like killing myself", "self_harm"}, {"en", "i wanna kms", "self_harm"},
		{"en", "I don't want to be here anymore", "self_harm"}, {"en", "self-harm", "self_harm"},
		{"ur", "میں مرنا چاہتی ہوں", "self_harm"}, {"ur", "میں خود کو نقصان پہنچاتا ہوں", "self_harm"},
		{"pl", "nie chce juz zyc", "self_harm"}, {"pl", "mam myśli samobójcze", "self_harm"},
		{"ar", "أريد أن أموت", "self_harm"}, {"ar", "أفكر في الانتحار", "self_harm"},
		{"cy", "dw i eisiau marw", "self_harm"}, {"cy", "meddyliau am hunanladdiad", "self_harm"},
		{"en", "depresion", "worry_sadness"}, {"en", "anxeity", "worry_sadness"}, {"en", "mental helth", "worry_sadness"}, //nolint:misspell // as children write
		{"en", "im so lonley", "loneliness"}, {"en", "they buly me at scool", "bullying"}, {"en", "i hav no frends", "loneliness"}, //nolint:misspell // as children write
		{"en", "the toilets at school are dirty", "growing_up"}, {"en", "lunch costs too much", "food"},
		{"ur", "ہمیں بہت لمبا انتظار کرنا پڑا", "waiting"},
		{"ur", "کوئی میری بات سنتا نہیں", "being_listened_to"},
		{"ur", "سکول میں بچے مجھے تنگ کرتے ہیں", "bullying"},
		{"ur", "زیادہ پارک ہونے چاہئیں", "parks"},
		{"pl", "Bardzo długo czekaliśmy na wizytę", "waiting"},
		{"pl", "Nikt mnie nie slucha", "being_listened_to"},
		{"pl", "dzieci mi dokuczają w szkole", "bullying"},
		{"pl", "Potrzebny jest tłumacz", "language"},
		{"ar", "انتظرنا وقتاً طويلاً جداً", "waiting"},
		{"ar", "والمواعيد صعبة", "appointments"},
		{"ar", "لا أحد يستمع إليّ", "being_listened_to"},
		{"ar", "نريد حدائق أكثر وملاعب", "parks"},
		{"cy", "Mae'r rhestrau aros yn rhy hir", "waiting"},
		{"cy", "Dydy'r meddyg ddim yn gwrando arna i", "being_listened_to"},
		{"cy", "Dim parciau ger fy nhŷ i, eisiau barc newydd", "parks"},
		{"cy", "Mae fy nannedd yn brifo", "medical_care"},
	} {
		got := coder.Code(c.lang, Open, c.text)
		if got.Status != Themed || !has(got.Themes, c.want) {
			t.Errorf("%s %q = %+v, want %s", c.lang, c.text, got, c.want)
		}
	}
}

func TestNothingWasGoodIsNoPraise(t *testing.T) {
	coder := NewCoder(book(t, "nhs-v6.yaml"))
	for _, intent := range []Intent{Good, Improve, Open} {
		got := coder.Code("en", intent, "Nothing was good.")
		if has(got.Themes, "positive_experience") || !has(got.Themes, "negative_experience") {
			t.Errorf("under %s: %+v", intent, got)
		}
	}
}

func TestChildrenCodebookAvoidsFalseFriends(t *testing.T) {
	coder := NewCoder(book(t, "children.yaml"))
	for _, c := range []struct{ lang, text, not string }{
		{"en", "I can't wait to go", "waiting"},
		{"en", "Send me a message", "send_support"},
		{"en", "what kind of help", "kind_staff"},
		{"en", "I hurt myself playing football", "self_harm"},
		{"en", "a teaching assistant I can go to at lunch", "food"},
		{"en", "Posters in the toilets with a number", "growing_up"},
		{"pl", "lekarz był dobry", "worry_sadness"},
		{"pl", "mamy dobry park", "home_life"},
		{"cy", "iechyd meddwl", "smoking_vaping"},
		{"cy", "mae angen mwy o help", "safe_outside"},
		{"cy", "yr unig ffordd", "loneliness"},
		{"ar", "الطبيب سريع", "trust"},
		{"ur", "بس اتنا ہی", "transport"},
	} {
		if got := coder.Code(c.lang, Open, c.text); has(got.Themes, c.not) {
			t.Errorf("%s %q = %v, want no %s", c.lang, c.text, got.Themes, c.not)
		}
	}
}
