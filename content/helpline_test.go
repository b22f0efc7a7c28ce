package content_test

import (
	"regexp"
	"testing"

	"sayso/internal/exercise"
)

// helpline is one line of helplines/, as the head of the file describes it.
type helpline struct {
	ID        string
	Order     int
	Emergency bool
	Name      exercise.Text
	Tel       string
	SMS       string
	Text      string
	For       exercise.Text
	What      exercise.Text
	Open      exercise.Text
	Cost      exercise.Text
	URL       string
	Source    string
}

var telephone = regexp.MustCompile(`^[0-9]+( [0-9]+)*$`)

func TestHelplinesCanBeReached(t *testing.T) {
	var file struct{ Helplines []helpline }
	decode(t, "helplines/england.yaml", &file)
	checkTexts(t, "helplines", file.Helplines)
	var ids []string
	for i, h := range file.Helplines {
		ids = append(ids, h.ID)
		if (h.Tel == "") == (h.SMS == "") || !telephone.MatchString(h.Tel+h.SMS) || (h.SMS == "") != (h.Text == "") {
			t.Errorf("%s: call %q, text %q to %q", h.ID, h.Tel, h.Text, h.SMS)
		}
		if h.Order != i+1 || h.Emergency != (h.Tel == "999") || h.Source == "" || len(h.For) == 0 || len(h.Open) == 0 {
			t.Errorf("%s is not whole: %+v", h.ID, h)
		}
	}
	checkIDs(t, "helplines", ids)
}
