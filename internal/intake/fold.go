package intake

import (
	"unicode"
	"unicode/utf8"
)

// fold appends s as cells and names are compared: each run of white space one space, the ends trimmed, small letters.
func fold(to []byte, s string) []byte {
	start, gap := len(to), false
	for _, r := range s {
		if unicode.IsSpace(r) {
			gap = len(to) > start
			continue
		}
		if gap {
			to, gap = append(to, ' '), false
		}
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			to = append(to, byte(r))
			continue
		}
		to = utf8.AppendRune(to, unicode.ToLower(r))
	}
	return to
}

func folded(s string) string { return string(fold(nil, s)) }
