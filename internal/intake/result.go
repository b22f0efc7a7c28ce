package intake

import (
	"fmt"
	"strings"
)

// Result says what became of every row: Rows = Kept + There + Merged + Empty + Refused.
type Result struct {
	Encoding string // of the letters in the table
	Note     string // what somebody should look at, in a sentence; or empty
	Rows     int    // under the head; lines with nothing in them are none
	Kept     int    // responses that are new; in a dry run, those that would be sent
	There    int    // responses that were kept before, and are left as they are
	Merged   int    // rows that joined another row of the same person
	Empty    int    // rows and people without any answer, by the mapping's rule
	Refused  int    // rows left out, each with its reason
	// Withdrawn is how many responses that were kept before are taken back, since the person declined by now.
	Withdrawn int
	Refusals  []Refusal      // the first of them in full, at most mostRefusals, in the order of lines
	Reasons   map[Reason]int // all of them
	Unlisted  []Cell         // at most mostUnlisted
}

// Bounds of what is told in full.
const (
	mostRefusals = 1000
	mostUnlisted = 100
)

// Refusal is a row that was left out.
type Refusal struct {
	Line   int    // from 1; where the row begins
	Column string // empty: the whole row
	Reason Reason
	Cell   string // the beginning of what stands there; empty where it is somebody's own words
}

// Cell is a cell that the mapping should list and does not.
type Cell struct {
	Column, Cell string
	Line         int // where it stands first
	Rows         int
}

// Reason says why a row was left out.
type Reason string

// The reasons.
const (
	Fields     Reason = "fields"       // more or fewer cells than the head
	Quotes     Reason = "quotes"       // a quotation mark where none can stand
	Unclosed   Reason = "unclosed"     // a quotation mark that opens and never closes
	TooBig     Reason = "too_big"      // a row or cell beyond all reason
	NoIdentity Reason = "no_identity"  // nothing in a column that names the person
	NoDay      Reason = "no_day"       // no day, or none in the formats of the mapping
	Future     Reason = "future"       // a day that has not come
	NoLanguage Reason = "no_language"  // no language
	NoVoice    Reason = "no_voice"     // nobody who speaks
	NotListed  Reason = "not_listed"   // a cell that the mapping does not list
	TooLong    Reason = "too_long"     // more letters than the question takes
	NotNumber  Reason = "not_a_number" // no whole number
	OutOfRange Reason = "out_of_range" // a number beyond the bounds of the question
	NotAllowed Reason = "not_allowed"  // choices that do not go together
	Declined   Reason = "declined"     // the person did not want to take part
)

var sentences = map[Reason]string{
	Fields:     "The row has more or fewer cells than the head of the table.",
	Quotes:     "A quotation mark stands where none can stand. Write it twice inside quotes, or set table.quotes to loose.",
	Unclosed:   "A quotation mark opens here and is not closed.",
	TooBig:     "The row is larger than any row can be.",
	NoIdentity: "A column that says who it is holds nothing.",
	NoDay:      "There is no day here in one of the formats of the mapping.",
	Future:     "The day has not come yet. Is the day before the month, or after it?",
	NoLanguage: "It does not say in which language the person wrote.",
	NoVoice:    "It does not say who speaks.",
	NotListed:  "The mapping does not say what this cell means.",
	TooLong:    "The words are longer than the question takes. To keep them, set longer to keep.",
	NotNumber:  "This is not a whole number.",
	OutOfRange: "The number is outside the bounds of the question.",
	NotAllowed: "These choices cannot stand together.",
	Declined:   "The person did not want to take part.",
}

// Sentence says the reason to a person.
func (r Reason) Sentence() string { return sentences[r] }

func (r Refusal) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "line %d", r.Line)
	if r.Column != "" {
		fmt.Fprintf(&b, ", column %q", r.Column)
	}
	fmt.Fprintf(&b, ": %s", r.Reason.Sentence())
	if r.Cell != "" {
		fmt.Fprintf(&b, " There stands %q.", r.Cell)
	}
	return b.String()
}

// String says the cell to a person, with how often and where it stands.
func (c Cell) String() string {
	if c.Rows == 1 {
		return fmt.Sprintf("%q in %q: 1 row, on line %d", c.Cell, c.Column, c.Line)
	}
	return fmt.Sprintf("%q in %q: %d rows, first on line %d", c.Cell, c.Column, c.Rows, c.Line)
}

func (r *Result) refuse(no Refusal) {
	r.Refused++
	r.Reasons[no.Reason]++
	if no.Reason == NotListed {
		r.unlisted(no)
	}
	if len(r.Refusals) < mostRefusals {
		r.Refusals = append(r.Refusals, no)
	}
}

func (r *Result) unlisted(no Refusal) {
	for i := range r.Unlisted {
		if c := &r.Unlisted[i]; c.Column == no.Column && c.Cell == no.Cell {
			c.Rows++
			return
		}
	}
	if len(r.Unlisted) < mostUnlisted {
		r.Unlisted = append(r.Unlisted, Cell{no.Column, no.Cell, no.Line, 1})
	}
}

// clip shortens a cell for a message.
func clip(s string) string {
	n := 0
	for i := range s {
		if n++; n > 60 {
			return s[:i] + "…"
		}
	}
	return s
}
