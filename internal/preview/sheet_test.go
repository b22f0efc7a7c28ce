package preview_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sayso/internal/preview"
	"sayso/internal/survey"
)

// letters are words that do not pack well.
func letters(n int) string {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var b strings.Builder
	for range n {
		b.WriteRune(rune('آ' + r.IntN(40)))
	}
	return b.String()
}

func TestSheetComesBackAsItWas(t *testing.T) {
	s := preview.Sheet{Survey: "worries", Until: "2126-05-03", Ticket: []byte{1, 0, 7}, Draft: &survey.Draft{ID: "d", Survey: "worries", Revision: 3,
		Answers: []survey.Answer{{Question: "easy", Choices: []string{"4"}}, {Question: "why", Words: "Because"}}}}
	packed, err := s.Pack(2000)
	if err != nil {
		t.Fatal(err)
	}
	got, err := preview.Unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&s, got); diff != "" {
		t.Error(diff)
	}
	if s.Path() != "/s/worries" || (&preview.Sheet{Budget: "early"}).Path() != "/b/early" {
		t.Error("it begins somewhere else")
	}
}

func TestWordsAreCutToWhatFits(t *testing.T) {
	s := preview.Sheet{Survey: "worries", Draft: &survey.Draft{ID: "d"}}
	for i := range 40 {
		s.Draft.Put(survey.Answer{Question: fmt.Sprint("short", i), Choices: []string{"yes"}})
		s.Draft.Put(survey.Answer{Question: fmt.Sprint("long", i), Words: letters(2000 - i)})
	}
	packed, err := s.Pack(2700)
	if err != nil || len(packed) > 2700 {
		t.Fatalf("%d bytes, %v", len(packed), err)
	}
	got, err := preview.Unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Draft.Answers) != 80 {
		t.Errorf("of 80 answers %d are left", len(got.Draft.Answers))
	}
	if _, err := s.Pack(10); err == nil {
		t.Error("anything fits into ten bytes")
	}
	if _, err := preview.Unpack([]byte("no sheet")); err == nil {
		t.Error("anything is a sheet")
	}
}
