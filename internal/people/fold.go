package people

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// word is one word that somebody typed.
type word struct {
	typed  string
	folded string
	apart  bool // more than spaces or a hyphen stands before it
	number bool // it is only digits: perhaps the number of a line
}

// splitWords splits a text into words of letters and numbers, and leaves out what folds to nothing.
func splitWords(text string) []word {
	var out []word
	var typed []rune
	apart, digits := false, false
	end := func() {
		if w := (word{typed: string(typed), folded: fold(string(typed)), apart: apart, number: digits}); w.folded != "" {
			out = append(out, w)
			apart = false
		}
		typed = nil
	}
	for _, r := range text {
		switch kind := kindOf(r); kind {
		case inWord, inNumber:
			if len(typed) > 0 && digits != (kind == inNumber) {
				end()
			}
			digits = kind == inNumber
			typed = append(typed, r)
		case mark:
			if len(typed) > 0 {
				typed = append(typed, r)
			}
		default:
			end()
			apart = apart || kind == separator
		}
	}
	end()
	return out
}

type runeKind int

const (
	inWord runeKind = iota
	inNumber
	mark // belongs to the letter before: accents, the apostrophe, joiners
	space
	separator
)

func kindOf(r rune) runeKind {
	switch {
	case unicode.IsLetter(r):
		return inWord
	case unicode.IsDigit(r):
		return inNumber
	case unicode.IsMark(r), unicode.Is(unicode.Cf, r), strings.ContainsRune("'’‘ʼ`´", r):
		return mark
	case r != '\n' && r != '\r' && unicode.IsSpace(r), unicode.Is(unicode.Pd, r), r == '_':
		return space
	}
	return separator
}

// fold reduces a word to what people agree on: small letters without accents, vowel signs and tatweel, Arabic
// and Urdu letters that keyboards exchange as one, digits as 0 to 9.
func fold(s string) string {
	s = norm.NFKD.String(strings.ToLower(norm.NFKD.String(s)))
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '٠' && r <= '٩':
			b.WriteRune(r - '٠' + '0')
		case r >= '۰' && r <= '۹':
			b.WriteRune(r - '۰' + '0')
		case r == 'ـ', !unicode.IsLetter(r) && !unicode.IsDigit(r):
		default:
			b.WriteString(alike(r))
		}
	}
	return b.String()
}

// alike writes a letter that has no decomposition in Unicode but is often typed as another.
func alike(r rune) string {
	switch r {
	case 'ٱ':
		return "ا"
	case 'ى', 'ی':
		return "ي"
	case 'ک', 'ڪ':
		return "ك"
	case 'ہ', 'ھ', 'ە', 'ة', 'ۃ':
		return "ه"
	case 'ł':
		return "l"
	case 'ø':
		return "o"
	case 'đ':
		return "d"
	case 'ħ':
		return "h"
	case 'ı':
		return "i"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ß':
		return "ss"
	case 'ς':
		return "σ"
	}
	return string(r)
}

// join writes the folded words as one, so that "ice cream" and "icecream" are the same.
func join(words []word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.folded)
	}
	return b.String()
}
