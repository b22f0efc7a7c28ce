package survey

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sayso/internal/exercise"
	"sayso/internal/fault"
)

// Input is what a person sent for one question, as they typed it.
type Input struct {
	Choices []string
	Words   string
	Skip    Skip // Unknown, Withheld, or empty
}

// Bounds of the kinds, where the survey gives none.
const (
	MostLetters     = 200  // of Text
	MostLongLetters = 2000 // of LongText
	MostNumber      = 1_000_000
)

// OptionIDs returns the ids that can be chosen, in order; nil for kinds without choices.
func (q *Question) OptionIDs() []string {
	if len(q.Options) > 0 {
		ids := make([]string, len(q.Options))
		for i, o := range q.Options {
			ids[i] = o.ID
		}
		return ids
	}
	switch q.Kind {
	case Faces, Agree:
		return []string{"1", "2", "3", "4", "5"}
	case AgeBand:
		return exercise.AgeBands
	case Consent:
		return []string{"yes", "no"}
	}
	return nil
}

// Letters returns the most letters (runes) the question takes; 0 for kinds without words.
func (q *Question) Letters() int {
	switch {
	case q.Kind != Text && q.Kind != LongText:
		return 0
	case q.Most > 0:
		return q.Most
	case q.Kind == Text:
		return MostLetters
	}
	return MostLongLetters
}

// TakesOne says whether the question takes one choice of several, and no more.
func (q *Question) TakesOne() bool { return q.Kind != Several && q.OptionIDs() != nil }

// Read turns what a person sent into an answer, or into a fault of kind Invalid whose sentence says what to do.
func (q *Question) Read(in Input) (Answer, error) {
	a := Answer{Question: q.ID}
	var err error
	switch q.Kind {
	case Info:
		return a, nil
	case Text, LongText:
		a.Words, err = q.readWords(in.Words)
	case Number:
		a.Number, err = q.readNumber(in.Words)
	default:
		a.Choices, err = q.readChoices(in.Choices)
	}
	if err != nil {
		return Answer{}, err
	}
	skip := q.readSkip(in.Skip)
	if a.Choices != nil || a.Words != "" || a.Number != nil {
		if skip != Passed { // which of them was meant, only the person knows
			return Answer{}, fault.New(fault.Invalid, "answer.either")
		}
		return a, nil
	}
	if a.Skip = skip; skip == Passed && len(q.Required) > 0 {
		return Answer{}, fault.New(fault.Invalid, "answer.required")
	}
	return a, nil
}

func (q *Question) readSkip(s Skip) Skip {
	if s == Unknown && q.Unknown || s == Withheld && q.Withheld {
		return s
	}
	return Passed
}

func (q *Question) readWords(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", fault.New(fault.Invalid, "answer.letters")
	}
	s = strings.TrimSpace(strings.ReplaceAll(norm.NFC.String(s), "\r\n", "\n"))
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.Is(unicode.Cc, r) {
			return -1
		}
		return r
	}, s)
	n, most := utf8.RuneCountInString(s), q.Letters()
	if n > most {
		return "", fault.New(fault.Invalid, "answer.too_long").With(map[string]any{"Most": most, "Count": n - most})
	}
	return s, nil
}

func (q *Question) readNumber(s string) (*int64, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(latinDigits(s), 10, 64)
	if err != nil {
		return nil, fault.New(fault.Invalid, "answer.not_a_number").Because(err)
	}
	least, most := int64(q.Least), int64(q.Most)
	if most == 0 {
		most = MostNumber
	}
	if n < least || n > most {
		return nil, fault.New(fault.Invalid, "answer.number_between").With(map[string]any{"Least": least, "Most": most})
	}
	return &n, nil
}

// latinDigits writes the digits of Arabic, Persian, Bengali and other scripts as 0 to 9.
func latinDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r) {
			return r
		}
		zero := r // the digits of a script are ten neighbours, from its zero
		for unicode.Is(unicode.Nd, zero-1) && r-zero < 9 {
			zero--
		}
		return '0' + (r - zero)
	}, norm.NFKC.String(s)) // NFKC: wide and mathematical digits
}

func (q *Question) readChoices(chosen []string) ([]string, error) {
	known := q.OptionIDs()
	var ids []string
	for _, id := range known { // the survey's order, each once
		if slices.Contains(chosen, id) {
			ids = append(ids, id)
		}
	}
	for _, id := range chosen {
		if id != "" && !slices.Contains(known, id) {
			return nil, fault.New(fault.Invalid, "answer.choose_listed")
		}
	}
	if q.Kind != Several {
		if len(ids) > 1 {
			return nil, fault.New(fault.Invalid, "answer.choose_one")
		}
		return ids, nil
	}
	return ids, q.checkSeveral(ids)
}

func (q *Question) checkSeveral(ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if len(ids) > 1 && slices.ContainsFunc(q.Options, func(o Option) bool { return o.Alone && slices.Contains(ids, o.ID) }) {
		return fault.New(fault.Invalid, "answer.alone")
	}
	alone := slices.ContainsFunc(q.Options, func(o Option) bool { return o.Alone && o.ID == ids[0] })
	if q.Most > 0 && len(ids) > q.Most {
		return fault.New(fault.Invalid, "answer.too_many").With(map[string]any{"Count": q.Most})
	}
	if len(ids) < q.Least && !alone {
		return fault.New(fault.Invalid, "answer.too_few").With(map[string]any{"Count": q.Least})
	}
	return nil
}
