// Package preview is walking through a survey or a budget exercise without saving anything: what is said on the way
// stands on a sheet that the colleague's own browser carries. The services that ask for real ask here too, over a store
// that is nothing but the sheet, so that a walk meets the same pages and rules, and cannot reach what is kept.
package preview

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/people"
	"sayso/internal/survey"
)

// Days is how many days a link to a preview works.
const Days = 14

// Sheet is one walk: through what, until when, and all that was said on it.
type Sheet struct {
	Survey   string             `json:"s,omitempty"` // the id of one of both
	Budget   string             `json:"b,omitempty"`
	Until    exercise.Day       `json:"u"` // the last day on which it can be walked
	Ticket   []byte             `json:"t,omitempty"`
	Receipt  *people.Receipt    `json:"r,omitempty"`
	Draft    *survey.Draft      `json:"d,omitempty"`
	Response *survey.Response   `json:"e,omitempty"`
	Ballot   *ballot.Ballot     `json:"v,omitempty"`
	About    *ballot.Background `json:"a,omitempty"`
}

// Path is where the walk begins.
func (s *Sheet) Path() string {
	if s.Survey != "" {
		return "/s/" + s.Survey
	}
	return "/b/" + s.Budget
}

// Pack writes the sheet into at most so many bytes. What does not fit is cut: all words to fewer letters, and then the
// answers, the oldest first.
func (s *Sheet) Pack(most int) ([]byte, error) {
	for letters := survey.MostLongLetters; ; letters = letters * 3 / 4 {
		packed, err := s.pack()
		switch {
		case err != nil || len(packed) <= most:
			return packed, err
		case letters > fewest:
			s.cut(letters)
		case !s.drop():
			return nil, fmt.Errorf("a preview of %d bytes does not fit into %d", len(packed), most)
		}
	}
}

// fewest is how many letters of an answer are never cut.
const fewest = 20

func (s *Sheet) pack() ([]byte, error) {
	plain, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(plain); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}

// mostPlain bounds what a packed sheet may unfold to.
const mostPlain = 256 << 10

// Unpack reads what Pack wrote.
func Unpack(packed []byte) (*Sheet, error) {
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), mostPlain))
	if err != nil {
		return nil, fmt.Errorf("unpack a preview: %w", err)
	}
	var s Sheet
	if err := json.Unmarshal(plain, &s); err != nil {
		return nil, fmt.Errorf("read a preview: %w", err)
	}
	return &s, nil
}

// cut leaves no words longer than so many letters.
func (s *Sheet) cut(letters int) {
	for _, list := range s.answers() {
		for i, a := range *list {
			if words := []rune(a.Words); len(words) > letters {
				(*list)[i].Words = string(words[:letters])
			}
		}
	}
}

// drop forgets the older half of the answers; it says whether there were any.
func (s *Sheet) drop() bool {
	some := false
	for _, list := range s.answers() {
		some = some || len(*list) > 0
		*list = (*list)[(len(*list)+1)/2:]
	}
	return some
}

func (s *Sheet) answers() []*[]survey.Answer {
	var out []*[]survey.Answer
	if s.Draft != nil {
		out = append(out, &s.Draft.Answers)
	}
	if s.Response != nil {
		out = append(out, &s.Response.Answers, &s.Response.About)
	}
	return out
}
