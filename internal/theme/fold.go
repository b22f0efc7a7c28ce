package theme

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is a stretch of folded text; first says that a sentence begins with it.
type word struct {
	lo, hi int32
	first  bool
}

// words is a text cut into words and folded, so that spellings that differ only in capitals, accents,
// Arabic vowel signs or the forms of alef, yeh, kaf and heh come out the same.
type words struct {
	folded []byte
	list   []word
}

func (w *words) at(i int) []byte { return w.folded[w.list[i].lo:w.list[i].hi] }

// cut fills w from text, reusing its memory.
func (w *words) cut(text string) {
	w.folded, w.list = w.folded[:0], w.list[:0]
	open, first := false, true
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		rest := text[i+size:]
		switch {
		case isWordRune(r):
			before := len(w.folded)
			w.folded = appendFolded(w.folded, text[i:i+size], r)
			if !open && len(w.folded) > before {
				w.list = append(w.list, word{lo: int32(before), first: first})
				open, first = true, false
			}
			if open {
				w.list[len(w.list)-1].hi = int32(len(w.folded))
			}
		case isInside(r):
		default:
			open = false
			first = first || endsSentence(r, rest)
		}
		i += size
	}
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
}

// isInside says whether the rune may stand inside a word without dividing it: apostrophes (can't, i'r) and
// the invisible joiners.
func isInside(r rune) bool {
	switch r {
	case '\'', '\u2019', '\u2018', '`', '\u00ad', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f':
		return true
	}
	return false
}

func endsSentence(r rune, rest string) bool {
	switch r {
	case '!', '?', '\n', '\u061f', '\u06d4', '\u2026', '\u0964':
		return true
	case '.':
		next, _ := utf8.DecodeRuneInString(rest)
		return rest == "" || !isWordRune(next)
	}
	return false
}

func appendFolded(dst []byte, s string, r rune) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, byte(r))
	}
	parts := norm.NFKD.PropertiesString(s).Decomposition()
	if parts == nil {
		return appendLetter(dst, r)
	}
	for len(parts) > 0 {
		p, size := utf8.DecodeRune(parts)
		if isWordRune(p) {
			dst = appendLetter(dst, p)
		}
		parts = parts[size:]
	}
	return dst
}

func appendLetter(dst []byte, r rune) []byte {
	if isAccent(r) {
		return dst
	}
	r = unicode.ToLower(r)
	switch r {
	case 'ł':
		r = 'l'
	case 'đ', 'ð':
		r = 'd'
	case 'ø':
		r = 'o'
	case 'ı':
		r = 'i'
	case '\u0671': // alef wasla
		r = '\u0627'
	case '\u0649', '\u06cc', '\u06d0': // alef maksura, Persian yeh
		r = '\u064a'
	case '\u06a9', '\u06aa': // kaf of Urdu
		r = '\u0643'
	case '\u0629', '\u06c1', '\u06be', '\u06d5', '\u06c3': // teh marbuta, forms of heh
		r = '\u0647'
	}
	switch {
	case '\u0660' <= r && r <= '\u0669':
		r = '0' + r - '\u0660'
	case '\u06f0' <= r && r <= '\u06f9':
		r = '0' + r - '\u06f0'
	}
	return utf8.AppendRune(dst, r)
}

// isAccent says whether folding drops the rune: marks over Latin, Greek and Cyrillic letters, Arabic vowel
// signs, and the tatweel that only stretches a word. Vowel signs of other scripts carry the word and stay.
func isAccent(r rune) bool {
	switch {
	case '\u0300' <= r && r <= '\u036f', '\u0610' <= r && r <= '\u061a', '\u064b' <= r && r <= '\u065f',
		'\u06d6' <= r && r <= '\u06ed' && unicode.Is(unicode.Mn, r):
		return true
	}
	return r == '\u0640' || r == '\u0670'
}
