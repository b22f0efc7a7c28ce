package i18n

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"sayso/content"
)

// The example of a key is made of names as people see them, so that they look for words of this kind.
func TestTheExampleOfAKeyNamesPictures(t *testing.T) {
	data, err := fs.ReadFile(content.FS, "pictures/key.json")
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Pictures []struct{ Names map[string]string }
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	for _, l := range shipped(t).Locales() {
		lang, _, _ := strings.Cut(l.Tag, "-")
		names := map[string]bool{}
		for _, p := range list.Pictures {
			names[p.Names[lang]] = true
		}
		example := exampleIn(l.T("open_key.hint"))
		if len(example) != 6 {
			t.Errorf("%s: the example has %d pictures: %q", l.Tag, len(example), example)
		}
		for _, name := range example {
			if !names[name] {
				t.Errorf("%s: no picture is called %q", l.Tag, name)
			}
		}
	}
}

// exampleIn returns the words between the colon and the end of the sentence.
func exampleIn(hint string) []string {
	_, after, _ := strings.Cut(hint, ": ")
	if end := strings.IndexAny(after, ".۔"); end >= 0 {
		after = after[:end]
	}
	return strings.Split(strings.ReplaceAll(after, "، ", ", "), ", ")
}
