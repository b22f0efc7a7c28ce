package theme

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseCodebookReadsEverything(t *testing.T) {
	cb := smallBook(t)
	waiting, ok := cb.Theme("waiting")
	if !ok || waiting.Parent != "access" || waiting.Outcome != BeHealthy {
		t.Errorf("waiting = %+v, %v; its outcome is its parent's", waiting, ok)
	}
	if _, ok := cb.Theme("nowhere"); ok {
		t.Error("there is a theme called nowhere")
	}
	if !cb.Covers("en-x-easy") || cb.Covers("cy") || cb.Covers("") {
		t.Error("Covers is wrong")
	}
}

func TestParseCodebookSaysWhatIsWrongAndWhere(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown field", "    parent: access", "    parnet: access", `small.yaml:14: unknown field "parnet"`},
		{"unknown field at the top", "version:", "verzion:", `small.yaml:3: unknown field "verzion"`},
		{"not YAML", "languages: [en, pl]", "languages: [en, pl", "small.yaml:6: ',' or ']' must be specified"},
		{"wrong kind of value", "languages: [en, pl]", "languages: {a: b}", "small.yaml:5:"},
		{"no version", `version: "1"`, `version: ""`, "small.yaml:3: the codebook has no version"},
		{"bad id", "id: waiting", "id: Waiting times", `small.yaml:13: "Waiting times" is not an id`},
		{"id twice", "id: happy", "id: access", `small.yaml:22: the id "access" is used twice`},
		{"no such parent", "parent: access", "parent: acess", `small.yaml:14: theme "waiting" is placed under "acess"`},
		{"under itself", "parent: access", "parent: waiting", "there are two levels only"},
		{"no outcome", "outcome: be_healthy", "outcome: healthy", `small.yaml:12: theme "access" has the outcome "healthy"; use one of`},
		{"name not translated", "{en: Waiting, pl: Czekanie}", "{en: Waiting}", `small.yaml:15: the name is missing in "pl"`},
		{"no definition", "definition: {en: Long waits.}", "definition: {pl: x}", `small.yaml:16: theme "waiting" has no definition`},
		{"star inside", "too slow]", "t*o slow]", `small.yaml:18: "t*o slow" holds a sign`},
		{"star too early", "too slow]", "t* slow]", "too little before the star"},
		{"gap at the end", "too slow]", "too ...3]", "ends with dots"},
		{"gap at the start", "too slow]", "...3 slow]", "must stand between two words"},
		{"gap too wide", "too slow]", "too ...12 slow]", "must stand between two words"},
		{"no word", "too slow]", `"?!"]`, "is not a word"},
		{"empty pattern", "too slow]", `""]`, "holds no word"},
		{"too long", "too slow]", "a b c d e f g h i]", "is too long"},
		{"twice", "too slow]", "WAIT*]", "stands here twice"},
		{"language not listed", "      pl: [czeka*]", "      pl: [czeka*]\n      cy: [aros]", `small.yaml:20: there are words in "cy"`},
		{"language without words", "      pl: [czeka*]\n", "", `theme "waiting" has no words in "pl"`},
		{"language tag", "languages: [en, pl]", "languages: [en, pl, Deutsch!]", `small.yaml:5: "Deutsch!" is not a language tag`},
		{"measured without a column", "    otherwise: true", "    measured: true", "names no column"},
		{"frame in another language", "themes:", "frame: {language: cy, text: a, question: b}\nthemes:", `small.yaml:8: the comments' language "cy"`},
		{"share over 1", "themes:", "frame: {language: en, text: a, question: b, micro_f1: 57}\nthemes:", "shares from 0 to 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(small, c.old, c.new, 1)
			if text == small {
				t.Fatalf("%q is not in the codebook", c.old)
			}
			_, err := ParseCodebook("small.yaml", []byte(text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestParseCodebookReportsAllFaults(t *testing.T) {
	text := strings.NewReplacer("id: waiting", "id: W", "outcome: be_healthy", "outcome: x").Replace(small)
	_, err := ParseCodebook("small.yaml", []byte(text))
	if err == nil || strings.Count(err.Error(), "small.yaml:") < 2 {
		t.Errorf("error = %v, want both faults", err)
	}
	for _, empty := range []string{"", "# only a remark\n", "---\n"} {
		if _, err := ParseCodebook("empty.yaml", []byte(empty)); err == nil || !strings.Contains(err.Error(), "empty.yaml:1:") {
			t.Errorf("%q: error = %v", empty, err)
		}
	}
}

func TestParsePattern(t *testing.T) {
	for _, c := range []struct{ written, want string }{
		{"wait*", "wait*"},
		{"  Long ... TIME ", "long ...5 time"},
		{"long …2 time*", "long ...2 time*"},
		{"follow-up*", "follow up*"},
		{"can't", "cant"},
		{"=nothing at all", "= nothing at all"},
		{"10/10", "10 10"},
	} {
		p, err := parsePattern(c.written)
		if err != nil {
			t.Errorf("%q: %v", c.written, err)
			continue
		}
		if diff := cmp.Diff(c.want, p.String()); diff != "" {
			t.Errorf("%q: %s", c.written, diff)
		}
		if again, err := parsePattern(p.String()); err != nil || !cmp.Equal(p.String(), again.String()) {
			t.Errorf("%q is not read back: %v, %v", p.String(), again, err)
		}
	}
}

func TestWelshMutations(t *testing.T) {
	for _, c := range []struct {
		word string
		want []string
	}{
		{"parc", []string{"parc", "barc", "mharc", "pharc"}},
		{"gofal", []string{"gofal", "ofal", "ngofal"}},
		{"llyfr", []string{"llyfr", "lyfr"}},
		{"rhestr", []string{"rhestr", "restr"}},
		{"chwarae", []string{"chwarae"}},
		{"ysgol", []string{"ysgol"}},
		{"da", []string{"da"}},
	} {
		if diff := cmp.Diff(c.want, welshForms(c.word)); diff != "" {
			t.Errorf("%s: %s", c.word, diff)
		}
	}
}

func FuzzParseCodebook(f *testing.F) {
	for _, s := range []string{small, "", "a: [", "themes: [{id: a}]", "themes:\n  - words: {en: [\"= * ...\"]}", "id: &a [*a]"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		cb, err := ParseCodebook("f.yaml", data)
		if err != nil {
			return
		}
		NewCoder(cb).Code(cb.Languages[0], Good, string(data))
		cb.RollUp([]string{cb.Themes[0].ID})
	})
}
