package survey

import (
	"sayso/internal/exercise"
)

// Skip says why a question has no answer although the person saw it.
type Skip string

// The reasons.
const (
	Passed   Skip = "passed"   // went on without an answer
	Unknown  Skip = "unknown"  // "I do not know"
	Withheld Skip = "withheld" // "I would rather not say"
)

// Answer is what one person said to one question. One of Choices, Words, Number and Skip is set.
type Answer struct {
	Question string   `json:"q"`
	Choices  []string `json:"c,omitempty"` // option ids, in the order of the options
	Words    string   `json:"t,omitempty"`
	Number   *int64   `json:"n,omitempty"`
	Skip     Skip     `json:"s,omitempty"`
}

// Given says whether the person answered, rather than passed.
func (a Answer) Given() bool { return a.Skip == "" }

// Ref finds one response in the log. The order of the log is the order of these fields.
type Ref struct {
	Area   string       `json:"a"`
	Survey string       `json:"v"`
	Day    exercise.Day `json:"d"`
	ID     string       `json:"i"` // random; says nothing of when or who
}

// Channel is the way by which a response came.
type Channel string

// The channels.
const (
	Web      Channel = "web"
	Imported Channel = "import"
)

// Hold is why a person decided that a response counts in no report.
type Hold string

// The reasons to hold a response back.
const (
	HeldPerson Hold = "person" // it shows who somebody is
	HeldSafety Hold = "safety" // somebody may not be safe: that comes first
	HeldUnreal Hold = "unreal" // nobody's answer: a trial, or sent by mistake
)

// Holds are the reasons, in the order in which they are offered.
var Holds = []Hold{HeldPerson, HeldSafety, HeldUnreal}

// Response is what one person said, as the append-only log keeps it: no name, no address, no time finer
// than the day. About is stored apart from Answers; both are joined only while they are read.
type Response struct {
	Ref
	Version   int            `json:"version"` // of the survey
	Language  string         `json:"lang"`    // in which they answered
	Voice     exercise.Voice `json:"voice"`
	Channel   Channel        `json:"channel"`
	Withdrawn bool           `json:"withdrawn,omitempty"` // taken back: Answers and About are empty
	Held      Hold           `json:"held,omitempty"`      // held back; empty for most
	Answers   []Answer       `json:"answers"`
	About     []Answer       `json:"about"`
}

// Answer returns the answer to the question, whether about the subject or the person.
func (r *Response) Answer(question string) (Answer, bool) {
	for _, list := range [...][]Answer{r.Answers, r.About} {
		for _, a := range list {
			if a.Question == question {
				return a, true
			}
		}
	}
	return Answer{}, false
}

// Draft is a response on its way. It vanishes 30 days after its last page.
type Draft struct {
	ID        string         `json:"id"` // becomes the id of the response
	Revision  int            `json:"revision"`
	Area      string         `json:"area"`
	Survey    string         `json:"survey"`
	Version   int            `json:"version"`
	Language  string         `json:"lang"`
	Voice     exercise.Voice `json:"voice"`
	LastPage  exercise.Day   `json:"last_page"`           // the day of the last saved page
	Receipt   string         `json:"receipt"`             // hash of the key that opens it; empty until the first page
	Submitted exercise.Day   `json:"submitted,omitempty"` // set once, before the response is written: makes a retry land on the same Ref
	Answers   []Answer       `json:"answers"`
}

// DraftDays is how many days a draft is kept after its last page.
const DraftDays = 30

// Answer returns the draft's answer to the question.
func (d *Draft) Answer(question string) (Answer, bool) {
	for _, a := range d.Answers {
		if a.Question == question {
			return a, true
		}
	}
	return Answer{}, false
}

// Put keeps the answer, in place of an earlier one to the same question.
func (d *Draft) Put(a Answer) {
	for i := range d.Answers {
		if d.Answers[i].Question == a.Question {
			d.Answers[i] = a
			return
		}
	}
	d.Answers = append(d.Answers, a)
}
