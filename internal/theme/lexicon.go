package theme

import "bytes"

// lexicon finds which of a language's pattern words a word of the text is: a trie over folded bytes.
type lexicon struct {
	nodes []node
}

type node struct {
	edges []edge
	exact []int32 // pattern words that end here
	stems []int32 // pattern words that begin here and may have any ending
}

type edge struct {
	letter byte
	to     int32
}

func newLexicon() *lexicon { return &lexicon{nodes: make([]node, 1)} }

func (l *lexicon) add(form string, prefix bool, id int32) {
	at := int32(0)
	for i := range len(form) {
		next := l.step(at, form[i])
		if next < 0 {
			next = int32(len(l.nodes))
			l.nodes = append(l.nodes, node{})
			l.nodes[at].edges = append(l.nodes[at].edges, edge{form[i], next})
		}
		at = next
	}
	if prefix {
		l.nodes[at].stems = append(l.nodes[at].stems, id)
	} else {
		l.nodes[at].exact = append(l.nodes[at].exact, id)
	}
}

func (l *lexicon) step(at int32, letter byte) int32 {
	for _, e := range l.nodes[at].edges {
		if e.letter == letter {
			return e.to
		}
	}
	return -1
}

// find appends the pattern words that the word of the text is.
func (l *lexicon) find(ids []int32, text []byte) []int32 {
	at := int32(0)
	for _, b := range text {
		if at = l.step(at, b); at < 0 {
			return ids
		}
		ids = append(ids, l.nodes[at].stems...)
	}
	return append(ids, l.nodes[at].exact...)
}

// arabicHeads are "and", "so", the article and the short prepositions that Arabic writes onto the next word,
// longest first.
var arabicHeads = [][]byte{
	[]byte("وبال"), []byte("وال"), []byte("فال"), []byte("بال"), []byte("كال"), []byte("ولل"),
	[]byte("لل"), []byte("ال"), []byte("و"), []byte("ف"), []byte("ب"), []byte("ل"),
}

// findArabic is find for the word as it is written and for the word without what is written onto its front.
func (l *lexicon) findArabic(ids []int32, text []byte) []int32 {
	const letter, least = 2, 3 // bytes of an Arabic letter, letters that must remain
	ids = l.find(ids, text)
	for _, head := range arabicHeads {
		rest, ok := bytes.CutPrefix(text, head)
		if ok && len(rest) >= least*letter {
			return l.find(ids, rest)
		}
	}
	return ids
}

// welshMutations are the changes of a Welsh word's first letters (soft, nasal, aspirate), by the letters they
// begin from, longest first.
var welshMutations = []struct {
	from string
	to   []string
}{
	{"ll", []string{"l"}}, {"rh", []string{"r"}},
	{"ch", nil}, {"dd", nil}, {"ff", nil}, {"ng", nil}, {"ph", nil}, {"th", nil},
	{"p", []string{"b", "mh", "ph"}}, {"t", []string{"d", "nh", "th"}}, {"c", []string{"g", "ngh", "ch"}},
	{"b", []string{"f", "m"}}, {"d", []string{"dd", "n"}}, {"g", []string{"", "ng"}}, {"m", []string{"f"}},
}

// welshForms returns the word and its mutated forms.
func welshForms(word string) []string {
	forms := []string{word}
	for _, m := range welshMutations {
		if len(word) < len(m.from)+2 || word[:len(m.from)] != m.from {
			continue
		}
		for _, to := range m.to {
			forms = append(forms, to+word[len(m.from):])
		}
		return forms
	}
	return forms
}
