package i18n

import (
	"testing"

	"sayso/locales"
)

// Whatever a visitor asks for, chose or accepts, there is a shipped language for them, and the one they name if it
// is shipped.
func FuzzChoose(f *testing.F) {
	b, err := Load(locales.FS)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range [][3]string{{"ur", "", ""}, {"", "cy", "pl-PL,pl;q=0.9"}, {"x", "\x00", "*;q=1"}, {"", "", "en-x-easy"}, {"", "", "i-klingon,zh-min-nan;q=0.1,,;"},
		{"", "", "ar-u-nu-latn-x-a-b-c-d-e-f"}, {"EN", "en-GB", "de-AT-1996, ps-Arab;q=1e9"}} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(t *testing.T, asked, chosen, accepted string) {
		l := b.Choose(asked, chosen, accepted)
		if known, ok := b.Locale(l.Tag); !ok || known != l || l.Dir != "ltr" && l.Dir != "rtl" {
			t.Fatalf("%q, %q, %q: %+v", asked, chosen, accepted, l)
		}
		if want, ok := b.Locale(asked); ok && l != want {
			t.Errorf("asked for %q, got %q", asked, l.Tag)
		}
	})
}
