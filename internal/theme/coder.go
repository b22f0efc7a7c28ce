package theme

import (
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Coder finds a codebook's themes in texts. It never changes, and may be used from many goroutines.
type Coder struct {
	book      *Codebook
	languages map[string]*matcher
	pool      sync.Pool
}

// work is the memory of one coding, kept for the next.
type work struct {
	words   words
	ids     []int32    // pattern words, those of the text's first word first
	ends    []int32    // where in ids the pattern words of each word of the text end
	hits    []hit      // matches that speak for a theme, or for nothing
	cancels []hit      // matches of a theme's not: lists
	found   []bool     // by theme
	reach   [2][]int32 // where the words of a phrase matched so far may end
}

// NewCoder compiles a codebook that ParseCodebook accepted.
func NewCoder(cb *Codebook) *Coder {
	c := &Coder{book: cb, languages: map[string]*matcher{}}
	for _, lang := range cb.Languages {
		c.languages[lang] = newMatcher(cb, lang)
	}
	c.pool.New = func() any { return &work{found: make([]bool, len(cb.Themes))} }
	return c
}

// Code finds the themes of a text in a language, given as an answer under an intent; an unknown intent is
// Open. Sub-themes do not bring their parents along: see [Codebook.RollUp]. Where the text is in the letters of other
// languages, it is read in those too: people write Urdu on an English page.
func (c *Coder) Code(lang string, intent Intent, text string) Coding {
	w := c.pool.Get().(*work)
	defer c.pool.Put(w)
	coding := c.code(w, lang, intent, text)
	if coding.Status != NoMatch && coding.Status != NotCovered {
		return coding
	}
	letters := lettersOf(text)
	if letters == "" || letters == scriptOf(lang) {
		return coding
	}
	for _, other := range c.book.Languages {
		if scriptOf(other) != letters {
			continue
		}
		if found := c.code(w, other, intent, text); found.Status == Themed {
			return found
		}
	}
	return coding
}

// code finds the themes of the text as one in the language.
func (c *Coder) code(w *work, lang string, intent Intent, text string) Coding {
	w.words.cut(text)
	if len(w.words.list) == 0 && !drawn(text) {
		return Coding{Status: Empty}
	}
	m, ok := c.languages[c.book.language(lang)]
	if !ok {
		return Coding{Status: NotCovered}
	}
	nothing := m.match(w, intent)
	themes := c.decide(w)
	switch {
	case len(themes) > 0:
		return Coding{Status: Themed, Themes: themes}
	case nothing:
		return Coding{Status: Empty}
	}
	return Coding{Status: NoMatch}
}

// drawn says whether the text holds a picture, such as a face: whoever sends one has said something.
func drawn(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.So, r) })
}

// decide turns matches into theme ids: those that no not: match overlaps, and the themes marked otherwise
// only where they stand alone.
func (c *Coder) decide(w *work) []string {
	clear(w.found)
	count, alone := 0, true
	for _, h := range w.hits {
		if w.found[h.theme] || slices.ContainsFunc(w.cancels, h.cancelledBy) {
			continue
		}
		w.found[h.theme] = true
		count++
		alone = alone && c.book.Themes[h.theme].Otherwise
	}
	if count == 0 {
		return nil
	}
	ids := make([]string, 0, count)
	for i, t := range c.book.Themes {
		if w.found[i] && (alone || !t.Otherwise) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}
