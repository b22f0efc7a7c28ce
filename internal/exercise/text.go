package exercise

import "strings"

// Text is a short text in several languages: language tag → words. English is always there.
type Text map[string]string

// In returns the words in the language and the language they are really in: the language itself, the
// language without its variant (en-x-easy → en), or English.
func (t Text) In(lang string) (words, used string) {
	for l := lang; l != ""; l = parent(l) {
		if s, ok := t[l]; ok && s != "" {
			return s, l
		}
	}
	return t["en"], "en"
}

// Words returns the words In gives, without their language.
func (t Text) Words(lang string) string {
	s, _ := t.In(lang)
	return s
}

// Has says whether the text is written in the language itself or its parent.
func (t Text) Has(lang string) bool {
	for l := lang; l != ""; l = parent(l) {
		if t[l] != "" {
			return true
		}
	}
	return false
}

func parent(lang string) string {
	if i := strings.Index(lang, "-"); i > 0 {
		return lang[:i]
	}
	return ""
}
