package people

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"sayso/internal/exercise"
)

// LeastPictures is how many pictures there must be to draw keys from; Guessing says why.
const LeastPictures = 400

// Picture is one of the pictures a key is made of. A receipt on paper outlives every release: a picture once
// shipped is never taken out and its ID never changes.
type Picture struct {
	ID    string              `json:"id"`
	File  string              `json:"file"`
	Group string              `json:"group"` // by which people look for it
	Names exercise.Text       `json:"names"` // as shown
	Also  map[string][]string `json:"also"`  // language → what else people call it
}

// Pictures are all pictures in their order, with the index of their names.
type Pictures struct {
	Source    string // where they come from, for the page that credits them
	all       []Picture
	byID      map[string]uint16
	languages []string
	names     map[string]map[string]uint16  // language → folded name → picture
	shown     map[string][]string           // language → the folded name under which each picture is shown
	lengths   map[string]map[int][]spelling // language → runes → names, for words with a wrong letter
	longest   int                           // words of the longest name
}

// spelling is a folded name of a picture.
type spelling struct {
	runes   []rune
	picture uint16
}

// ParsePictures reads {"source":…, "pictures":[{"id","file","group","names":{…},"also":{…}}]}. It refuses fewer than
// LeastPictures, an id that stands twice, and two pictures shown under one name in a language, case and accents
// apart: a key written down in that language could not be read again.
func ParsePictures(data []byte) (*Pictures, error) {
	var file struct {
		Source   string    `json:"source"`
		Pictures []Picture `json:"pictures"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("read the pictures: %w", err)
	}
	if n := len(file.Pictures); n < LeastPictures || n > math.MaxUint16 {
		return nil, fmt.Errorf("%d pictures, wanted at least %d", n, LeastPictures)
	}
	p := &Pictures{Source: file.Source, all: file.Pictures, byID: map[string]uint16{}}
	if err := p.index(); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Pictures) index() error {
	tags := map[string]bool{"en": true}
	for i, one := range p.all {
		if one.ID == "" || one.File == "" || one.Names["en"] == "" {
			return fmt.Errorf("picture %d (%q) needs an id, a file and an English name", i+1, one.ID)
		}
		if _, twice := p.byID[one.ID]; twice {
			return fmt.Errorf("picture %q stands twice", one.ID)
		}
		p.byID[one.ID] = uint16(i)
		for tag := range one.Names {
			tags[tag] = true
		}
	}
	p.languages = slices.Sorted(maps.Keys(tags))
	p.names, p.shown, p.lengths = map[string]map[string]uint16{}, map[string][]string{}, map[string]map[int][]spelling{}
	for _, lang := range p.languages {
		if err := p.indexShown(lang); err != nil {
			return err
		}
		p.indexAlso(lang)
		p.indexLengths(lang)
	}
	return nil
}

// indexShown takes the names as a reader of the language sees them, English where there is none.
func (p *Pictures) indexShown(lang string) error {
	shown := map[string]uint16{}
	for i, one := range p.all {
		name := one.Names.Words(lang)
		folded := p.folded(name)
		if folded == "" {
			return fmt.Errorf("picture %q: the name %q in %s has no letters", one.ID, name, lang)
		}
		if other, taken := shown[folded]; taken {
			return fmt.Errorf("pictures %q and %q are both %q in %s", p.all[other].ID, one.ID, name, lang)
		}
		shown[folded] = uint16(i)
		p.shown[lang] = append(p.shown[lang], folded)
	}
	p.names[lang] = shown
	return nil
}

// indexAlso adds what else pictures are called, where it means one picture only.
func (p *Pictures) indexAlso(lang string) {
	also, unclear := map[string]uint16{}, map[string]bool{}
	for i, one := range p.all {
		for _, name := range one.Also[lang] {
			folded := p.folded(name)
			if other, taken := also[folded]; taken && other != uint16(i) {
				unclear[folded] = true
			}
			also[folded] = uint16(i)
		}
	}
	for folded, picture := range also {
		if _, shown := p.names[lang][folded]; !shown && !unclear[folded] && folded != "" {
			p.names[lang][folded] = picture
		}
	}
}

func (p *Pictures) indexLengths(lang string) {
	byLength := map[int][]spelling{}
	for folded, picture := range p.names[lang] {
		s := spelling{runes: []rune(folded), picture: picture}
		byLength[len(s.runes)] = append(byLength[len(s.runes)], s)
	}
	p.lengths[lang] = byLength
}

// folded is the name as it stands in the index: its folded words without the spaces.
func (p *Pictures) folded(name string) string {
	words := splitWords(name)
	p.longest = max(p.longest, len(words))
	return join(words)
}

// Len is how many pictures there are.
func (p *Pictures) Len() int { return len(p.all) }

// All returns the pictures in their order.
func (p *Pictures) All() []Picture { return slices.Clone(p.all) }

// Picture returns the picture of the id.
func (p *Pictures) Picture(id string) (Picture, bool) {
	n, ok := p.byID[id]
	if !ok {
		return Picture{}, false
	}
	return p.all[n], true
}

// Of returns the six pictures of the key.
func (p *Pictures) Of(k Key) []Picture {
	out := make([]Picture, len(k))
	for i, n := range k {
		out[i] = p.all[n]
	}
	return out
}

// Names returns the six names of the key in the language, English where there is none.
func (p *Pictures) Names(k Key, lang string) []string {
	out := make([]string, len(k))
	for i, one := range p.Of(k) {
		out[i] = one.Names.Words(lang)
	}
	return out
}
