package content_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/goccy/go-yaml"

	"sayso/content"
	"sayso/internal/exercise"
)

// languages are those in which everything here is written. English as an Easy Read text may be left out where
// a short text says the same.
var languages = []string{"en", "en-x-easy", "ur", "pl", "ar", "cy"}

// longest is how many words a sentence may have.
var longest = map[string]int{"en": 20, "en-x-easy": 15}

// decode reads a file of this folder and refuses a field that its type does not know.
func decode(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := fs.ReadFile(content.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict()).Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// matches lists the files of the pattern and fails when there is none.
func matches(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := fs.Glob(content.FS, pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatalf("no file matches %s", pattern)
	}
	return names
}

// texts calls see with every exercise.Text inside v and its path from v.
func texts(v reflect.Value, at string, see func(at string, words exercise.Text)) {
	if words, ok := v.Interface().(exercise.Text); ok {
		see(at, words)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			texts(v.Elem(), at, see)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			texts(v.Field(i), at+"."+v.Type().Field(i).Name, see)
		}
	case reflect.Slice:
		for i := range v.Len() {
			texts(v.Index(i), at+"["+label(v.Index(i))+"]", see)
		}
	}
}

// label names an element by its ID, so that a failure says which question it is.
func label(v reflect.Value) string {
	if v.Kind() == reflect.Struct {
		if id := v.FieldByName("ID"); id.IsValid() {
			return id.String()
		}
	}
	return v.Kind().String()
}

// checkTexts looks at every text inside v that is not empty: all languages, their letters, short sentences.
func checkTexts(t *testing.T, name string, v any) {
	t.Helper()
	texts(reflect.ValueOf(v), name, func(at string, words exercise.Text) {
		if len(words) == 0 {
			return
		}
		for _, lang := range languages {
			if words[lang] == "" && lang != "en-x-easy" {
				t.Errorf("%s has no words in %s", at, lang)
			}
			checkLength(t, at, lang, words[lang])
		}
		for lang, s := range words {
			checkLetters(t, at, lang, s)
		}
	})
}

// sentenceEnd is where a sentence ends. A telephone number or a web address has no space behind its points.
var sentenceEnd = regexp.MustCompile(`[.?!:](\s|$)|\n`)

func checkLength(t *testing.T, at, lang, s string) {
	t.Helper()
	most, bounded := longest[lang]
	if !bounded {
		return
	}
	for _, sentence := range sentenceEnd.Split(s, -1) {
		if n := len(strings.Fields(sentence)); n > most {
			t.Errorf("%s in %s: a sentence of %d words, at most %d: %s", at, lang, n, most, sentence)
		}
	}
}

// checkLetters says whether s is written in the script of its language.
func checkLetters(t *testing.T, at, lang, s string) {
	t.Helper()
	known, arabic := false, false
	for _, l := range languages {
		known = known || l == lang
	}
	for _, r := range s {
		arabic = arabic || unicode.Is(unicode.Arabic, r)
	}
	if !known {
		t.Errorf("%s is in %q, which is not offered", at, lang)
	}
	if want := lang == "ur" || lang == "ar"; s != "" && arabic != want {
		t.Errorf("%s in %s is in the wrong script: %s", at, lang, s)
	}
	if lang == "ar" && strings.ContainsAny(s, urduLetters) {
		t.Errorf("%s in ar has letters of Urdu: %s", at, s)
	}
}

// Letters that one language writes and its neighbours do not.
const (
	urduLetters   = "ٹڈڑںےہھگپچک"
	polishLetters = "ąćęłńóśźż"
)

// checkOwnLetters says whether a long text has letters that only its language writes.
func checkOwnLetters(t *testing.T, at, lang, s string) {
	t.Helper()
	own := map[string]string{"ur": urduLetters, "pl": polishLetters}[lang]
	if own != "" && !strings.ContainsAny(s, own) {
		t.Errorf("%s does not look like %s", at, lang)
	}
	if lang == "cy" && !regexp.MustCompile(`(?i)\b(yn|yr|y|a’r|i|mae)\b`).MatchString(s) {
		t.Errorf("%s does not look like %s", at, lang)
	}
}

// pictures is the set of ids that may be used, nil while there is no such list.
func pictures(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := fs.ReadFile(content.FS, "pictures/survey.json")
	if err != nil {
		t.Logf("pictures/survey.json is absent: ids of pictures are not checked")
		return nil
	}
	var file struct {
		Pictures []struct {
			ID string `json:"id"`
		} `json:"pictures"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, p := range file.Pictures {
		known[p.ID] = true
	}
	return known
}

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// checkIDs says whether ids are kebab-case and each stands once.
func checkIDs(t *testing.T, at string, ids []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, id := range ids {
		if !kebab.MatchString(id) {
			t.Errorf("%s: the id %q is not kebab-case", at, id)
		}
		if seen[id] {
			t.Errorf("%s: the id %q stands twice", at, id)
		}
		seen[id] = true
	}
}

func stem(name string) string { return strings.TrimSuffix(path.Base(name), path.Ext(name)) }
