package storetest

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
)

// answered is a response with every kind of answer.
func answered(surveyID string, day exercise.Day, id string) survey.Response {
	n := int64(len(id)) - 4
	return survey.Response{
		Ref:     survey.Ref{Area: "riverside", Survey: surveyID, Day: day, ID: id},
		Version: 2, Language: "en-x-easy", Voice: exercise.Proxy, Channel: survey.Web,
		Answers: []survey.Answer{
			{Question: "feel", Choices: []string{"4"}},
			{Question: "what", Choices: []string{"school", "friends"}},
			{Question: "more", Words: "It is loud. " + id},
			{Question: "often", Number: &n},
			{Question: "why", Skip: survey.Withheld},
		},
		About: []survey.Answer{{Question: "age", Choices: []string{"12-15"}}, {Question: "place", Skip: survey.Passed}},
	}
}

// all reads a range; the responses are copies.
func all(t testing.TB, s Stores, r survey.Range) []survey.Response {
	t.Helper()
	var out []survey.Response
	for r, err := range s.Scan(t.Context(), r) {
		must(t, err)
		out = append(out, deep(*r))
	}
	return out
}

func deep(r survey.Response) survey.Response {
	r.Answers, r.About = deepAnswers(r.Answers), deepAnswers(r.About)
	return r
}

// deepAnswers copies what belongs to the iterator, and keeps the strings, which may be kept.
func deepAnswers(answers []survey.Answer) []survey.Answer {
	out := make([]survey.Answer, len(answers))
	for i, a := range answers {
		a.Choices = append([]string(nil), a.Choices...)
		if a.Number != nil {
			n := *a.Number
			a.Number = &n
		}
		out[i] = a
	}
	return out
}

func whole(r survey.Response) survey.Range { return survey.Range{Area: r.Area, Survey: r.Survey} }

var responses = []promise{
	{"Responses/append and read", func(t *testing.T, s Stores) {
		r := answered("worries", "2126-05-03", "one")
		bare := survey.Response{Ref: survey.Ref{Area: "riverside", Survey: "worries", Day: "2126-05-03", ID: "two"}}
		if n, err := s.Append(t.Context(), r, bare); err != nil || n != 2 {
			t.Fatal(n, err)
		}
		for _, want := range []survey.Response{r, bare} {
			kept, err := s.Response(t.Context(), want.Ref)
			must(t, err)
			same(t, kept, want)
		}
		same(t, all(t, s, whole(r)), []survey.Response{r, bare})
		if n, err := s.Append(t.Context()); err != nil || n != 0 {
			t.Error(n, err)
		}
	}},
	{"Responses/not found", func(t *testing.T, s Stores) {
		r := answered("worries", "2126-05-03", "one")
		_, err := s.Append(t.Context(), r)
		must(t, err)
		for _, ref := range []survey.Ref{
			{Area: "hill", Survey: r.Survey, Day: r.Day, ID: r.ID}, {Area: r.Area, Survey: "joys", Day: r.Day, ID: r.ID},
			{Area: r.Area, Survey: r.Survey, Day: "2126-05-04", ID: r.ID}, {Area: r.Area, Survey: r.Survey, Day: r.Day, ID: "on"},
			{Area: r.Area, Survey: r.Survey, Day: r.Day, ID: "one1"}, {},
		} {
			_, err := s.Response(t.Context(), ref)
			wantFault(t, err, fault.NotFound)
			wantFault(t, s.Withdraw(t.Context(), ref), fault.NotFound)
		}
	}},
	{"Responses/appending twice makes one", func(t *testing.T, s Stores) {
		r, other := answered("worries", "2126-05-03", "one"), answered("worries", "2126-05-03", "two")
		if n, err := s.Append(t.Context(), r, r); err != nil || n != 1 {
			t.Error(n, err)
		}
		changed := deep(r)
		changed.Answers[2].Words, changed.About = "changed", nil
		if n, err := s.Append(t.Context(), changed, other); err != nil || n != 1 {
			t.Error(n, err)
		}
		same(t, all(t, s, whole(r)), []survey.Response{r, other})
	}},
	{"Responses/one of many appenders wins", func(t *testing.T, s Stores) {
		added := make([]int, 64)
		for _, err := range together(len(added), func(i int) (err error) {
			r := answered("worries", "2126-05-03", "one")
			r.Version = i
			added[i], err = s.Append(t.Context(), r)
			return err
		}) {
			must(t, err)
		}
		sum := 0
		for _, n := range added {
			sum += n
		}
		if n, err := s.CountResponses(t.Context(), "riverside", "worries"); err != nil || n != 1 || sum != 1 {
			t.Errorf("%d are there, %d were new, %v", n, sum, err)
		}
	}},
	{"Responses/a large import", func(t *testing.T, s Stores) {
		const n = 1234
		rs := make([]survey.Response, n)
		for i := range rs {
			rs[i] = answered("worries", "2126-05-03", fmt.Sprintf("%04d", i))
		}
		if added, err := s.Append(t.Context(), rs[100:300]...); err != nil || added != 200 {
			t.Fatal(added, err)
		}
		if added, err := s.Append(t.Context(), rs...); err != nil || added != n-200 {
			t.Fatal(added, err)
		}
		same(t, all(t, s, whole(rs[0])), rs)
		if count, err := s.CountResponses(t.Context(), "riverside", "worries"); err != nil || count != n {
			t.Error(count, err)
		}
	}},
	{"Responses/withdraw", func(t *testing.T, s Stores) {
		r, other := answered("worries", "2126-05-03", "one"), answered("worries", "2126-05-03", "two")
		_, err := s.Append(t.Context(), r, other)
		must(t, err)
		must(t, s.Withdraw(t.Context(), r.Ref))
		must(t, s.Withdraw(t.Context(), r.Ref))
		empty := r
		empty.Withdrawn, empty.Answers, empty.About = true, nil, nil
		_, err = s.Append(t.Context(), r) // a late retry does not bring the words back
		must(t, err)
		kept, err := s.Response(t.Context(), r.Ref)
		must(t, err)
		same(t, kept, empty)
		same(t, all(t, s, whole(r)), []survey.Response{empty, other})
		if n, err := s.CountResponses(t.Context(), r.Area, r.Survey); err != nil || n != 2 {
			t.Error(n, err)
		}
	}},
	{"Responses/hold", func(t *testing.T, s Stores) {
		r := answered("worries", "2126-05-03", "one")
		wantFault(t, s.Hold(t.Context(), r.Ref, survey.HeldPerson), fault.NotFound)
		_, err := s.Append(t.Context(), r)
		must(t, err)
		for _, why := range []survey.Hold{survey.HeldSafety, survey.HeldUnreal, "", survey.HeldPerson} {
			must(t, s.Hold(t.Context(), r.Ref, why))
			held := r
			held.Held = why
			same(t, all(t, s, whole(r)), []survey.Response{held})
			kept, err := s.Response(t.Context(), r.Ref)
			must(t, err)
			same(t, kept, held)
		}
		must(t, s.Withdraw(t.Context(), r.Ref))
		must(t, s.Hold(t.Context(), r.Ref, survey.HeldPerson)) // nothing is left to hold
		kept, err := s.Response(t.Context(), r.Ref)
		must(t, err)
		r.Withdrawn, r.Answers, r.About = true, nil, nil
		same(t, kept, r)
	}},
}

// texts: what people write comes back letter by letter.
var texts = []promise{{"Responses/texts and numbers", func(t *testing.T, s Stores) {
	least, most, zero := int64(math.MinInt64), int64(math.MaxInt64), int64(0)
	r := survey.Response{
		Ref:   survey.Ref{Area: "riverside", Survey: "worries", Day: "2126-05-03", ID: "one"},
		About: []survey.Answer{{Question: "name", Words: "ابو ظبي \u200fRTL\u200e"}},
	}
	for i, words := range []string{
		"میں اسکول سے ڈرتا ہوں۔", "أخاف من المدرسة", "Żółć, gęślą jaźń", "Dw i'n poeni", "👩‍👩‍👧‍👦 🏳️‍🌈 😀", "e\u0301 and é",
		`"quoted" \back\slash/ <b>&amp;</b>`, "line\nline\r\n\ttab", "\u2028 \u2029 \u0001 \u007f \ufffd", "null", "{}", `\u0041`, "𝔘𝔫𝔦",
		"a\x00b", strings.Repeat("It was loud, and nobody asked. ", 33),
	} {
		r.Answers = append(r.Answers, survey.Answer{Question: fmt.Sprint(i), Words: words},
			survey.Answer{Question: "c" + fmt.Sprint(i), Choices: []string{words, ""}})
	}
	r.Answers = append(r.Answers, survey.Answer{Question: "least", Number: &least},
		survey.Answer{Question: "most", Number: &most}, survey.Answer{Question: "zero", Number: &zero})
	_, err := s.Append(t.Context(), r)
	must(t, err)
	kept, err := s.Response(t.Context(), r.Ref)
	must(t, err)
	same(t, kept, r)
	same(t, all(t, s, whole(r)), []survey.Response{r})
	d := survey.Draft{ID: "one", Answers: r.Answers}
	must(t, s.CreateDraft(t.Context(), d))
	draft, err := s.Draft(t.Context(), "one")
	must(t, err)
	same(t, draft.Answers, d.Answers)
}}}
