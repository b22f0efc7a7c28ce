package theme

import (
	"fmt"
	"strings"
)

const (
	maxElements = 8 // words in one pattern
	usualGap    = 5 // words that three dots stand for
	minStem     = 2 // letters before a star
)

// element is one word of a pattern; gap is the number of words that may stand before it.
type element struct {
	word   string
	prefix bool
	gap    int
}

// pattern is what a line of a codebook's list means; whole means that it must be the entire answer.
type pattern struct {
	whole    bool
	elements []element
}

func parsePattern(written string) (pattern, error) {
	var p pattern
	rest, whole := strings.CutPrefix(strings.TrimSpace(written), "=")
	p.whole = whole
	gap := 0
	for _, field := range strings.Fields(rest) {
		if n, ok := gapOf(field); ok {
			if n == 0 || len(p.elements) == 0 || gap > 0 {
				return pattern{}, fmt.Errorf("in %q, %s must stand between two words, with a digit from 1 to 9 or none", written, field)
			}
			gap = n
			continue
		}
		elements, err := parseWord(written, field)
		if err != nil {
			return pattern{}, err
		}
		elements[0].gap = gap
		gap = 0
		p.elements = append(p.elements, elements...)
	}
	switch {
	case gap > 0:
		return pattern{}, fmt.Errorf("%q ends with dots; write the word that follows, or remove them", written)
	case len(p.elements) == 0:
		return pattern{}, fmt.Errorf("%q holds no word; write a word or remove the line", written)
	case len(p.elements) > maxElements:
		return pattern{}, fmt.Errorf("%q is too long; use at most %d words", written, maxElements)
	}
	return p, nil
}

// gapOf reads "..." and "...3"; a gap that is written wrongly gives 0.
func gapOf(field string) (words int, ok bool) {
	digits, ok := strings.CutPrefix(strings.ReplaceAll(field, "…", "..."), "...")
	switch {
	case !ok:
		return 0, false
	case digits == "":
		return usualGap, true
	case len(digits) == 1 && '1' <= digits[0] && digits[0] <= '9':
		return int(digits[0] - '0'), true
	}
	return 0, true
}

func parseWord(written, field string) ([]element, error) {
	stem, prefix := strings.CutSuffix(field, "*")
	if strings.ContainsAny(stem, "*=()[]{}|\\^$+") {
		return nil, fmt.Errorf("%q holds a sign with no meaning here; a star may end a word, an equals sign may begin the line, else use letters only", written)
	}
	var w words
	w.cut(stem)
	if len(w.list) == 0 {
		return nil, fmt.Errorf("in %q, %q is not a word; use letters or digits", written, field)
	}
	out := make([]element, len(w.list))
	for i := range w.list {
		out[i].word = string(w.at(i))
	}
	last := &out[len(out)-1]
	last.prefix = prefix
	if prefix && len([]rune(last.word)) < minStem {
		return nil, fmt.Errorf("in %q there is too little before the star; write at least %d letters", written, minStem)
	}
	return out, nil
}

// String gives the pattern in one fixed spelling, so that equal patterns are equal strings.
func (p pattern) String() string {
	var b strings.Builder
	if p.whole {
		b.WriteString("= ")
	}
	for i, e := range p.elements {
		if e.gap > 0 {
			fmt.Fprintf(&b, " ...%d", e.gap)
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(e.word)
		if e.prefix {
			b.WriteByte('*')
		}
	}
	return b.String()
}
