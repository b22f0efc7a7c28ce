package survey

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sayso/internal/fault"
)

func TestRead(t *testing.T) {
	several := Question{ID: "q", Kind: Several, Least: 1, Most: 2, Options: []Option{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "none", Alone: true}}}
	number := func(n int64) *int64 { return &n }
	tests := []struct {
		name string
		q    Question
		in   Input
		want Answer
		key  string // of the fault
	}{
		{"one option", Question{Kind: Choice, Options: []Option{{ID: "a"}}}, Input{Choices: []string{"a"}}, Answer{Choices: []string{"a"}}, ""},
		{"an option nobody offered", Question{Kind: Choice, Options: []Option{{ID: "a"}}}, Input{Choices: []string{"x"}}, Answer{}, "answer.choose_listed"},
		{"two faces", Question{Kind: Faces}, Input{Choices: []string{"1", "2"}}, Answer{}, "answer.choose_one"},
		{"nothing", Question{Kind: Faces}, Input{}, Answer{Skip: Passed}, ""},
		{"does not know", Question{Kind: Faces, Unknown: true}, Input{Skip: Unknown}, Answer{Skip: Unknown}, ""},
		{"does not know, not offered", Question{Kind: Faces}, Input{Skip: Unknown}, Answer{Skip: Passed}, ""},
		{"a face and a skip", Question{Kind: Faces, Unknown: true}, Input{Choices: []string{"2"}, Skip: Unknown}, Answer{}, "answer.either"},
		{"words and a skip", Question{Kind: Text, Withheld: true}, Input{Words: "x", Skip: Withheld}, Answer{}, "answer.either"},
		{"a number and a skip", Question{Kind: Number, Withheld: true}, Input{Words: "3", Skip: Withheld}, Answer{}, "answer.either"},
		{"an answer and a skip, not offered", Question{Kind: Faces}, Input{Choices: []string{"2"}, Skip: Unknown}, Answer{Choices: []string{"2"}}, ""},
		{"blank words and a skip", Question{Kind: Text, Withheld: true}, Input{Words: " \n", Skip: Withheld}, Answer{Skip: Withheld}, ""},
		{"required", Question{Kind: Consent, Required: map[string]string{"en": "We need a yes."}}, Input{}, Answer{}, "answer.required"},
		{"several, in the order of the survey", several, Input{Choices: []string{"b", "a"}}, Answer{Question: "q", Choices: []string{"a", "b"}}, ""},
		{"several, too many", several, Input{Choices: []string{"a", "b", "c"}}, Answer{}, "answer.too_many"},
		{"none and some", several, Input{Choices: []string{"a", "none"}}, Answer{}, "answer.alone"},
		{"none", several, Input{Choices: []string{"none"}}, Answer{Question: "q", Choices: []string{"none"}}, ""},
		{"words", Question{Kind: Text}, Input{Words: "  a\x00b\r\nc "}, Answer{Words: "ab\nc"}, ""},
		{"words that are no letters", Question{Kind: Text}, Input{Words: "caf\xe9"}, Answer{}, "answer.letters"},
		{"letters are runes", Question{Kind: Text, Most: 3}, Input{Words: "اردو"}, Answer{}, "answer.too_long"},
		{"letters are runes, fits", Question{Kind: Text, Most: 4}, Input{Words: "اردو"}, Answer{Words: "اردو"}, ""},
		{"a number", Question{Kind: Number}, Input{Words: " 12 "}, Answer{Number: number(12)}, ""},
		{"a number in Urdu", Question{Kind: Number}, Input{Words: "۱۲"}, Answer{Number: number(12)}, ""},
		{"a number in Bengali", Question{Kind: Number}, Input{Words: "৯০"}, Answer{Number: number(90)}, ""},
		{"no number", Question{Kind: Number}, Input{Words: "two"}, Answer{}, "answer.not_a_number"},
		{"too large a number", Question{Kind: Number, Most: 10}, Input{Words: "11"}, Answer{}, "answer.number_between"},
		{"age", Question{Kind: AgeBand}, Input{Choices: []string{"8-11"}}, Answer{Choices: []string{"8-11"}}, ""},
		{"a page to read", Question{Kind: Info}, Input{Words: "x"}, Answer{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.q.Read(tt.in)
			if tt.key != "" {
				if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), tt.key) {
					t.Fatalf("got %v, want the fault %s", err, tt.key)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLatinDigits(t *testing.T) {
	for in, want := range map[string]string{"٠١٢٣٤٥٦٧٨٩": "0123456789", "۰۹": "09", "੦੯": "09", "১২": "12", "𝟘𝟡𝟎𝟗": "0909", "a1": "a1"} {
		if got := latinDigits(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestPath(t *testing.T) {
	yes, three := true, int64(3)
	s := Survey{Questions: []Question{
		{ID: "a", Kind: Choice, Options: []Option{{ID: "x"}, {ID: "y"}}},
		{ID: "b", Kind: Number, ShowIf: &Condition{Question: "a", AnyOf: []string{"x"}}},
		{ID: "c", Kind: Text, ShowIf: &Condition{Question: "b", AtLeast: &three}},
		{ID: "d", Kind: Info, SkipIf: &Condition{Question: "b", Answered: &yes}},
		{ID: "e", Kind: Text},
	}}
	walk := func(answers ...Answer) string {
		d := Draft{Answers: answers}
		var ids []string
		for _, q := range s.PathOf(&d) {
			ids = append(ids, q.ID)
		}
		return strings.Join(ids, "")
	}
	five := int64(5)
	for _, tt := range []struct {
		want    string
		answers []Answer
	}{
		{"ade", nil},
		{"abde", []Answer{{Question: "a", Choices: []string{"x"}}}},
		{"abce", []Answer{{Question: "a", Choices: []string{"x"}}, {Question: "b", Number: &five}}},
		{"ade", []Answer{{Question: "a", Choices: []string{"y"}}, {Question: "b", Number: &five}}}, // the branch is gone, and what hung on it
		{"abde", []Answer{{Question: "a", Choices: []string{"x"}}, {Question: "b", Skip: Withheld}}},
	} {
		if got := walk(tt.answers...); got != tt.want {
			t.Errorf("%v: met %s, want %s", tt.answers, got, tt.want)
		}
	}
	if got, want := s.Step(1), (Step{Number: 1, Total: 2, FollowUp: true}); got != want {
		t.Errorf("step of the follow-up: %+v, want %+v", got, want)
	}
	if got, want := s.Step(4), (Step{Number: 2, Total: 2}); got != want {
		t.Errorf("step of the last: %+v, want %+v", got, want)
	}
}
