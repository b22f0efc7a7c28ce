package theme

import (
	"unicode"

	"golang.org/x/text/language"
)

// scripts are the letters that texts are told apart by, under their names of ISO 15924.
var scripts = map[string]*unicode.RangeTable{
	"Latn": unicode.Latin, "Arab": unicode.Arabic, "Cyrl": unicode.Cyrillic, "Beng": unicode.Bengali, "Guru": unicode.Gurmukhi,
	"Deva": unicode.Devanagari, "Ethi": unicode.Ethiopic, "Grek": unicode.Greek, "Hebr": unicode.Hebrew, "Taml": unicode.Tamil,
}

// scriptOf names the letters that the language is written in.
func scriptOf(lang string) string {
	script, _ := language.Make(lang).Script()
	return script.String()
}

// lettersOf names the letters that the text begins with; "" for none that we tell apart.
func lettersOf(text string) string {
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		for name, letters := range scripts {
			if unicode.Is(letters, r) {
				return name
			}
		}
		return ""
	}
	return ""
}
