package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/goccy/go-yaml"

	"sayso/content"
)

// A face is one font file as the style sheet offers it, with the characters that a browser takes from it: those of
// its unicode-range that it has a glyph for.
type face struct {
	family, weight, file string
	has                  map[rune]bool
}

var (
	faceRule  = regexp.MustCompile(`@font-face\{([^}]*)\}`)
	faceField = regexp.MustCompile(`(font-family|font-weight|src|unicode-range):([^;]*)`)
	fontFile  = regexp.MustCompile(`url\("?/static/([^)"]*)`)
	stackRule = regexp.MustCompile(`((?::lang\(\w+\),?)+)\{font-family:([^;}]*)`)
)

func styleSheet(t *testing.T, name string) string {
	t.Helper()
	css, err := os.ReadFile(filepath.Join(moduleRoot(t), "static", "css", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(css)
}

// facesOf reads the fonts that a style sheet names.
func facesOf(t *testing.T, css string) []face {
	t.Helper()
	var out []face
	for _, rule := range faceRule.FindAllStringSubmatch(css, -1) {
		field := map[string]string{}
		for _, m := range faceField.FindAllStringSubmatch(rule[1], -1) {
			field[m[1]] = m[2]
		}
		name := fontFile.FindStringSubmatch(field["src"])
		if name == nil {
			t.Fatalf("a font without a file: %s", rule[1])
		}
		data, err := os.ReadFile(filepath.Join(moduleRoot(t), "static", filepath.FromSlash(name[1])))
		if err != nil {
			t.Fatal(err)
		}
		has, err := characters(data)
		if err != nil {
			t.Fatalf("%s: %v", name[1], err)
		}
		offered := unicodeRange(t, field["unicode-range"])
		maps.DeleteFunc(has, func(r rune, _ bool) bool { return !offered(r) })
		out = append(out, face{strings.Trim(field["font-family"], `"`), field["font-weight"], name[1], has})
	}
	if len(out) == 0 {
		t.Fatal("the style sheet names no font")
	}
	return out
}

// unicodeRange reads U+0000-00FF,U+0131; an empty one offers everything.
func unicodeRange(t *testing.T, s string) func(rune) bool {
	t.Helper()
	if s == "" {
		return func(rune) bool { return true }
	}
	var bounds [][2]rune
	for _, part := range strings.Split(s, ",") {
		first, last, isRange := strings.Cut(strings.TrimPrefix(strings.TrimSpace(part), "U+"), "-")
		if !isRange {
			last = first
		}
		from, err1 := strconv.ParseInt(first, 16, 32)
		to, err2 := strconv.ParseInt(last, 16, 32)
		if err1 != nil || err2 != nil {
			t.Fatalf("cannot read the range %q", part)
		}
		bounds = append(bounds, [2]rune{rune(from), rune(to)})
	}
	return func(r rune) bool {
		return slices.ContainsFunc(bounds, func(b [2]rune) bool { return b[0] <= r && r <= b[1] })
	}
}

// stackOf returns the font families of a language, as the style sheet orders them.
func stackOf(t *testing.T, css, tag string) []string {
	t.Helper()
	lang, _, _ := strings.Cut(tag, "-")
	for _, m := range stackRule.FindAllStringSubmatch(css, -1) {
		if strings.Contains(m[1], ":lang("+lang+")") {
			return strings.Split(strings.ReplaceAll(m[2], `"`, ""), ",")
		}
	}
	t.Fatalf("the style sheet has no letters for %s", tag)
	return nil
}

// texts are what people read, by language: each character with a place where it is read.
type texts map[string]map[rune]string

func (x texts) add(tag, place, s string) {
	if x[tag] == nil {
		x[tag] = map[rune]string{}
	}
	for _, r := range s {
		if _, before := x[tag][r]; !before && !unicode.IsControl(r) {
			x[tag][r] = place
		}
	}
}

// walk adds what stands in v under the name of a language.
func (x texts) walk(known map[string]bool, tag, place string, v any) {
	switch v := v.(type) {
	case string:
		if tag != "" {
			x.add(tag, place, v)
		}
	case []any:
		for _, e := range v {
			x.walk(known, tag, place, e)
		}
	case map[string]any:
		for k, e := range v {
			if known[k] {
				x.walk(known, k, place, e)
			} else {
				x.walk(known, tag, place, e)
			}
		}
	}
}

// read gathers the catalogues, the numbers and dates of each language, and everything in content.
func read(t *testing.T) texts {
	t.Helper()
	x, known := texts{}, map[string]bool{}
	for _, l := range shipped(t).Locales() {
		known[l.Tag] = true
		for key, m := range l.messages {
			for _, s := range forms(m) {
				x.add(l.Tag, key, placeholder.ReplaceAllString(s, ""))
			}
		}
		x.add(l.Tag, "its name", l.Name)
		x.add(l.Tag, "numbers", l.Number(-1234567890)+l.Decimal(1.5, 1)+l.Date(time.Unix(0, 0)))
	}
	err := fs.WalkDir(content.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return x.readFile(known, name)
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// readFile adds a guide, whose language is in its name, or a file of texts by language.
func (x texts) readFile(known map[string]bool, name string) error {
	data, err := fs.ReadFile(content.FS, name)
	if err != nil {
		return err
	}
	var v any
	switch path.Ext(name) {
	case ".md":
		_, tag, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".md"), ".")
		x.add(tag, name, string(data))
		return nil
	case ".json":
		err = json.Unmarshal(data, &v)
	case ".yaml":
		err = yaml.Unmarshal(data, &v)
	}
	x.walk(known, "", name, v)
	return err
}

// axe passes a page whose Urdu is all empty boxes; so every character that people read is looked up in the fonts.
func TestEveryCharacterHasAGlyph(t *testing.T) {
	read := read(t)
	for _, sheet := range []string{"sayso.css", "sayso.rtl.css"} {
		css := styleSheet(t, sheet)
		faces := facesOf(t, css)
		for _, l := range shipped(t).Locales() {
			stack := stackOf(t, css, l.Tag)
			for _, weight := range []string{"400", "700"} {
				t.Run(fmt.Sprint(sheet, " ", l.Tag, " ", weight), func(t *testing.T) {
					lookUp(t, faces, stack, weight, read[l.Tag])
				})
			}
		}
	}
}

// lookUp fails for every character that no face of the stack has in the weight. A letter of the language's own script
// must be in the first family that is shipped, so that a word is not written in two kinds of letters.
func lookUp(t *testing.T, faces []face, stack []string, weight string, characters map[rune]string) {
	t.Helper()
	if len(characters) < 26 {
		t.Fatalf("only %d characters were read", len(characters))
	}
	for r, place := range characters {
		in := func(family string) bool {
			return slices.ContainsFunc(faces, func(f face) bool {
				return f.family == family && f.weight == weight && f.has[r]
			})
		}
		switch first := stack[0]; {
		case !slices.ContainsFunc(stack, in):
			t.Errorf("no font has %q (%U), read in %s", r, r, place)
		case unicode.Is(unicode.Arabic, r) && !in(first):
			t.Errorf("%s has no %q (%U), read in %s", first, r, r, place)
		}
	}
}

// The decoder is tried on what is known of the fonts.
func TestCharactersOfFonts(t *testing.T) {
	for _, f := range facesOf(t, styleSheet(t, "sayso.css")) {
		var want string
		var not rune
		switch {
		case strings.Contains(f.file, "arabic"):
			want, not = "بی؟", 'a'
		case strings.Contains(f.file, "latin-ext"):
			want, not = "łŵŷ", 'a'
		case strings.Contains(f.file, "cyrillic"):
			want, not = "жї", 'a'
		default:
			want, not = "az09éâ–’“", 'ł'
		}
		for _, r := range want {
			if !f.has[r] {
				t.Errorf("%s lacks %q", f.file, r)
			}
		}
		if f.has[not] {
			t.Errorf("%s has %q", f.file, not)
		}
	}
	if _, err := characters([]byte("no font")); err == nil {
		t.Error("text was read as a font")
	}
}
