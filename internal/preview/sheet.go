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
	"unicode/utf8"

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

// Pack writes the sheet into at most so many bytes. What does not fit is cut: the longest words first, and then answers,
// the oldest first.
func (s *Sheet) Pack(most int) ([]byte, error) {
	for {
		packed, err := s.pack()
		if err != nil || len(packed) <= most {
			return packed, err
		}
		if !s.cut() {
			return nil, fmt.Errorf("a preview of %d bytes does not fit into %d", len(packed), most)
		}
	}
}

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

// cut makes the sheet smaller; it says whether there was anything to cut.
func (s *Sheet) cut() bool {
	lists := s.answers()
	var longest *survey.Answer
	for _, list := range lists {
		for i := range *list {
			if a := &(*list)[i]; longest == nil || len(a.Words) > len(longest.Words) {
				longest = a
			}
		}
	}
	if longest != nil && utf8.RuneCountInString(longest.Words) > shortest {
		words := []rune(longest.Words)
		longest.Words = string(words[:len(words)*3/4])
		return true
	}
	for _, list := range lists {
		if len(*list) > 0 {
			*list = (*list)[1:]
			return true
		}
	}
	return false
}

// shortest is how many letters of an answer are never cut.
const shortest = 20

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
