package ballot

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sayso/internal/authoring"
	"sayso/internal/exercise"
)

func TestStagesFollowTheDays(t *testing.T) {
	e := sample(t, "opens:", "ideas: {survey: dreams, question: idea}\nopens:")
	told := [2]exercise.Day{"2026-09-01", "2026-10-31"}
	for day, want := range map[exercise.Day]Stage{"2026-08-31": "", "2026-09-01": Gathering, "2026-10-31": Gathering, "2026-11-01": Shaping,
		"2026-11-30": Shaping, "2026-12-01": Voting, "2027-01-31": Voting, "2027-02-01": Deciding, "2027-03-13": Deciding, "2027-03-14": Delivering} {
		for _, public := range []bool{true, false} {
			var now []Stage
			for _, s := range e.Stages(day, told, public) {
				if s.Now {
					now = append(now, s.Stage)
				}
			}
			want := want
			if want == Delivering && !public {
				want = Deciding
			}
			if len(now) > 1 || len(now) == 0 && want != "" || len(now) == 1 && now[0] != want {
				t.Errorf("on %s it is %v, want %s", day, now, want)
			}
		}
	}
	var way []string
	for _, s := range e.Stages("2026-11-10", told, false) {
		way = append(way, fmt.Sprint(s.Stage, " ", s.From, " ", s.To))
	}
	if want := []string{"ideas 2026-09-01 2026-10-31", "shaping 2026-11-01 2026-11-30", "voting 2026-12-01 2027-01-31",
		"deciding 2027-02-01 2027-03-14", "delivery 2027-03-14 "}; !slices.Equal(way, want) {
		t.Errorf("the way is %q", way)
	}
	without := sample(t)
	if way := without.Stages("2026-11-10", [2]exercise.Day{}, false); len(way) != 4 || !way[0].Now || way[0].Stage != Shaping || way[0].From != "" {
		t.Errorf("without ideas the way is %+v", way)
	}
	if way := e.Stages("2026-11-10", [2]exercise.Day{}, false); len(way) != 5 || !way[1].Now {
		t.Errorf("of a survey that is not there the way is %+v", way)
	}
}

func TestRoundsAndPlacesAreChecked(t *testing.T) {
	for want, replace := range map[string][]string{
		`The id "round" is taken`:                     {"id: early", "id: round"},
		"Only an exercise of a round":                 {"opens:", "place: marsh\nopens:"},
		"one of mine, any, all":                       {"opens:", "round: spring\nplace: marsh\nvote_in: here\nopens:"},
		"for which place":                             {"opens:", "round: spring\nvote_in: any\nopens:"},
		`no place called "moor"`:                      {"opens:", "round: spring\nplace: moor\nvote_in: any\nopens:"},
		"only people of the place vote already":       {"opens:", "round: spring\nplace: marsh\nvote_in: mine\nonly: [marsh]\nopens:"},
		`The area has no place called "vale"`:         {"opens:", "only: [vale]\nopens:"},
		"in the list twice":                           {"opens:", "only: [marsh, marsh]\nopens:"},
		"Say results: early":                          {"opens:", "results: soon\nopens:"},
		"the survey in which people tell their ideas": {"opens:", "ideas: {question: idea}\nopens:"},
		"No survey is called dreams":                  {"opens:", "ideas: {survey: dreams, question: idea}\nopens:"},
		"Write the field idea_of in English":          {"    cost: 60000", "    idea_of: {ur: x}\n    cost: 60000"},
	} {
		known := someKnown(t)
		known.Idea = func(survey, question, area string) string { return "No survey is called " + survey }
		_, problems := ReadFile([]byte(strings.Replace(money, replace[0], replace[1], 1)), known)
		if !slices.ContainsFunc(problems, func(p authoring.Problem) bool { return strings.Contains(p.Sentence, want) }) {
			t.Errorf("want %q, got %v", want, problems)
		}
	}
}

func TestRoundsClash(t *testing.T) {
	inRound := func(id, place string, in VoteIn) *Exercise {
		e := sample(t)
		e.ID, e.Round, e.Place, e.VoteIn = id, "spring", place, in
		return &e
	}
	sameSystem := func(a, b string) bool { return a == b }
	a := inRound("a", "marsh", InAny)
	far := inRound("d", "brook", InAny)
	far.Area = "coast"
	alone := sample(t)
	for want, other := range map[string]*Exercise{"two rules": inRound("b", "brook", InAll), "two exercises for the place": inRound("c", "marsh", InAny), "in two areas": far} {
		if got := a.Clash(other, sameSystem); !strings.Contains(got, want) {
			t.Errorf("got %q, want %s", got, want)
		}
	}
	for _, fine := range []*Exercise{a, inRound("e", "brook", InAny), &alone} {
		if got := a.Clash(fine, sameSystem); got != "" {
			t.Errorf("%s: %s", fine.ID, got)
		}
	}
	b := inRound("b", "brook", InMine)
	if got := RoundOf("spring", []*Exercise{a, &alone, b}); len(got) != 2 || got[0] != b {
		t.Errorf("the round is %v", got)
	}
	alone.Only = []string{"marsh"}
	if !b.Once() || !b.Admits("brook") || b.Admits("marsh") || !a.Admits("marsh") || !a.Admits(exercise.Elsewhere) || alone.Admits(exercise.Elsewhere) || !alone.Admits("marsh") {
		t.Error("other people may vote")
	}
}
