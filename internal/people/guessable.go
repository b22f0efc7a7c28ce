package people

import (
	"cmp"
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sayso/internal/fault"
)

const (
	leastOfOnesOwn = 8 // letters and digits beside what guessers know
	leastWord      = 3 // letters of a word that guessers know
	expectedSteps  = 4 // of as many steps from letter to letter at least one must be a surprise
)

// The faults of choosing a passphrase.
var (
	errPassphraseShort   = fault.New(fault.Invalid, "people.passphrase_short").With(map[string]any{"Least": leastPassphrase})
	errPassphraseLong    = fault.New(fault.Invalid, "people.passphrase_long").With(map[string]any{"Most": mostPassphrase})
	errPassphrasePattern = fault.New(fault.Invalid, "people.passphrase_pattern")
	errPassphraseCommon  = fault.New(fault.Invalid, "people.passphrase_common")
	errPassphraseName    = fault.New(fault.Invalid, "people.passphrase_name")
	errPassphraseOurs    = fault.New(fault.Invalid, "people.passphrase_ours")
)

// Passphrases that many people choose, and words of our field, which guessers try first: one a line.
var (
	//go:embed common.txt
	commonLines string
	//go:embed ours.txt
	oursLines string

	commonPassphrases = sync.OnceValue(func() []string { return known(strings.Split(commonLines, "\n")) })
	wordsOfOurs       = sync.OnceValue(func() []string { return known(strings.Split(oursLines, "\n")) })
)

var years = regexp.MustCompile(`(19|20)[0-9]{2}`)

// CheckPassphrase says whether a passphrase may be chosen by the member of staff of the name, whose organisation and
// area go by the words.
func CheckPassphrase(passphrase, name string, words ...string) error {
	switch n := utf8.RuneCountInString(norm.NFKC.String(passphrase)); {
	case n < leastPassphrase:
		return errPassphraseShort
	case n > mostPassphrase:
		return errPassphraseLong
	}
	bare := join(splitWords(passphrase))
	local, _, _ := strings.Cut(name, "@")
	names := known([]string{name, local})
	switch plain := readAsLetters(passphrase); {
	case repeats(bare) || walks(bare):
		return errPassphrasePattern
	case few(without(bare, commonPassphrases())) || few(without(plain, commonPassphrases())):
		return errPassphraseCommon
	case few(without(bare, names)):
		return errPassphraseName
	case few(ownPart(bare, names, words)) || few(ownPart(plain, names, words)):
		return errPassphraseOurs
	}
	return nil
}

// ownPart is what is left of a passphrase beside the names, the words of our field and of the area, and years.
func ownPart(bare string, names, words []string) string {
	return without(years.ReplaceAllString(bare, ""), known(slices.Concat(names, wordsOfOurs(), splitAll(words))))
}

func splitAll(texts []string) []string {
	out := slices.Clone(texts)
	for _, t := range texts {
		out = append(out, strings.Fields(t)...)
	}
	return out
}

// known are the texts as guessers would try them, without spaces and signs, the longest first.
func known(texts []string) []string {
	var out []string
	for _, t := range texts {
		if t = join(splitWords(t)); utf8.RuneCountInString(t) >= leastWord {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	return slices.Compact(out)
}

func without(bare string, texts []string) string {
	for _, t := range texts {
		bare = strings.ReplaceAll(bare, t, "")
	}
	return bare
}

func few(bare string) bool { return utf8.RuneCountInString(bare) < leastOfOnesOwn }

// readAsLetters reads the signs that stand for letters, as in p4ssw0rd.
func readAsLetters(passphrase string) string {
	return join(splitWords(strings.NewReplacer("@", "a", "4", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t").
		Replace(strings.ToLower(passphrase))))
}

// repeats says whether the letters are one piece again and again, the last time perhaps cut off.
func repeats(bare string) bool {
	runes := []rune(bare)
	for piece := 1; 2*piece <= len(runes); piece++ {
		if slices.Equal(runes[piece:], runes[:len(runes)-piece]) {
			return true
		}
	}
	return len(runes) == 0
}

// walks says whether most letters follow from those before: the same again, the next or the one before in the
// alphabet, or a key beside it; also two such rows in turn, as in a1b2c3.
func walks(bare string) bool {
	runes := []rune(bare)
	surprises := 0
	for i := 1; i < len(runes); i++ {
		follows := near(runes[i-1], runes[i]) || i > 1 && beside(runes[i-2], runes[i])
		if !follows {
			surprises++
		}
	}
	return surprises*expectedSteps < len(runes)
}

// near says whether the one follows from the other, by the alphabet or on the keyboard.
func near(a, b rune) bool {
	if beside(a, b) {
		return true
	}
	rowA, columnA, okA := key(a)
	rowB, columnB, okB := key(b)
	return okA && okB && max(rowA-rowB, rowB-rowA) <= 1 && max(columnA-columnB, columnB-columnA) <= 1
}

// beside says whether the two are the same or neighbours in the alphabet or in counting, where 0 follows 9.
func beside(a, b rune) bool {
	return max(a-b, b-a) <= 1 || a == '9' && b == '0' || a == '0' && b == '9'
}

// key is where a letter is on the keyboard of the United Kingdom.
func key(r rune) (row, column int, ok bool) {
	for row, keys := range [...]string{"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"} {
		if column = strings.IndexRune(keys, r); column >= 0 {
			return row, column, true
		}
	}
	return 0, 0, false
}

// checkPassphrase says whether a member of the name and area may choose the passphrase: not one made of the names of
// what they work for, and none from a breach.
func (s *Service) checkPassphrase(passphrase, name, area string) error {
	words := []string{s.with.Issuer}
	system, _ := s.with.Areas.System(area)
	for _, a := range s.with.Areas.All() {
		if a.ID != system.ID && !s.with.Areas.Within(a.ID, area) {
			continue
		}
		words = append(words, a.ID)
		for _, text := range a.Name {
			words = append(words, text)
		}
		for _, text := range a.Board {
			words = append(words, text)
		}
	}
	if err := CheckPassphrase(passphrase, name, words...); err != nil {
		return err
	}
	switch breached, err := s.with.Breached.Has(passphrase); {
	case err != nil:
		return err
	case breached:
		return errPassphraseBreached
	}
	return nil
}
