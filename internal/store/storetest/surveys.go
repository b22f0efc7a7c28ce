package storetest

import (
	"fmt"
	"testing"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
)

// asked is a survey in which every field is set.
func asked(id string, version int) survey.Survey {
	least, yes := int64(-3), true
	return survey.Survey{
		Only: []string{"marsh", "brook"},
		ID:   id, Version: version, Area: "riverside",
		Title: exercise.Text{"en": "What worries you?", "ur": "آپ کو کیا پریشان کرتا ہے؟"},
		Why:   exercise.Text{"en": "To decide"}, Readers: exercise.Text{"en": "The board"}, Next: exercise.Text{"en": "A report"},
		Audience: exercise.Text{"en": "Everyone under 25"}, Picture: "cloud.svg", Minutes: 5,
		Decision: exercise.Decision{What: exercise.Text{"en": "Money"}, Who: exercise.Text{"en": "The board"}, On: "2126-09-01"},
		Opens:    "2126-05-01", Closes: "2126-06-30",
		Languages: []survey.Language{{Tag: "en", CheckedBy: "editors"}, {Tag: "ur", OpenedBy: "the lead"}},
		Voices:    []exercise.Voice{exercise.Self, exercise.Carer}, Codebook: "health",
		Questions: []survey.Question{
			{ID: "feel", Kind: survey.Faces, Ask: exercise.Text{"en": "How do you feel?"}, Unknown: true},
			{
				ID: "what", Kind: survey.Several, Ask: exercise.Text{"en": "What worries you?"}, Hint: exercise.Text{"en": "Choose some"},
				Options: []survey.Option{
					{ID: "school", Text: exercise.Text{"en": "School"}, Picture: "school.svg"},
					{ID: "none", Text: exercise.Text{"en": "Nothing"}, Hint: exercise.Text{"en": "or"}, Alone: true},
				},
				Least: 1, Most: 2, Role: survey.RolePriority, Required: exercise.Text{"en": "We need it"}, Withheld: true,
				ShowIf: &survey.Condition{Question: "feel", AnyOf: []string{"4", "5"}},
			},
			{
				ID: "age", Kind: survey.AgeBand, About: true, Role: survey.RoleAge, Intent: "improve",
				ShowIf: &survey.Condition{Question: "feel", AtLeast: &least}, SkipIf: &survey.Condition{Question: "feel", Answered: &yes},
			},
			{ID: "end", Kind: survey.Info, ShowIf: &survey.Condition{Question: "", Voice: []exercise.Voice{exercise.Self}}},
		},
	}
}

var definitions = []promise{
	{"Surveys/versions", func(t *testing.T, s Stores) {
		ctx := t.Context()
		wantFault(t, s.PublishSurvey(ctx, asked("worries", 2)), fault.Conflict)
		must(t, s.PublishSurvey(ctx, asked("worries", 1)))
		wantFault(t, s.PublishSurvey(ctx, asked("worries", 1)), fault.Conflict)
		wantFault(t, s.PublishSurvey(ctx, asked("worries", 3)), fault.Conflict)
		second := asked("worries", 2)
		second.Title["en"] = "What worries you now?"
		must(t, s.PublishSurvey(ctx, second))
		first, err := s.Survey(ctx, "worries", 1)
		must(t, err)
		same(t, first, asked("worries", 1))
		newest, err := s.Survey(ctx, "worries", 0)
		must(t, err)
		same(t, newest, second)
	}},
	{"Surveys/not found", func(t *testing.T, s Stores) {
		must(t, s.PublishSurvey(t.Context(), asked("worries", 1)))
		_, err := s.Survey(t.Context(), "joys", 0)
		wantFault(t, err, fault.NotFound)
		_, err = s.Survey(t.Context(), "worries", 2)
		wantFault(t, err, fault.NotFound)
	}},
	{"Surveys/empty", func(t *testing.T, s Stores) {
		must(t, s.PublishSurvey(t.Context(), survey.Survey{ID: "bare", Version: 1, Voices: []exercise.Voice{}, Title: exercise.Text{}}))
		v, err := s.Survey(t.Context(), "bare", 0)
		must(t, err)
		same(t, v, survey.Survey{ID: "bare", Version: 1})
	}},
	{"Surveys/one of many publishers wins", func(t *testing.T, s Stores) {
		must(t, s.PublishSurvey(t.Context(), asked("worries", 1)))
		oneWins(t, together(16, func(i int) error {
			v := asked("worries", 2)
			v.Minutes = i
			return s.PublishSurvey(t.Context(), v)
		}), fault.Conflict)
	}},
	{"Surveys/newest of each in order", func(t *testing.T, s Stores) {
		const n = 300
		var want []string
		for i := range n {
			id := fmt.Sprintf("s%03d", (i*7)%n)
			must(t, s.PublishSurvey(t.Context(), survey.Survey{ID: id, Version: 1}))
			want = append(want, fmt.Sprintf("s%03d", i))
		}
		must(t, s.PublishSurvey(t.Context(), survey.Survey{ID: "s005", Version: 2}))
		var ids []string
		for _, v := range collect(t, s.Surveys(t.Context())) {
			ids = append(ids, v.ID)
			if wanted := v.ID == "s005"; wanted != (v.Version == 2) {
				t.Errorf("%s in version %d", v.ID, v.Version)
			}
		}
		same(t, ids, want)
		read := 0
		for _, err := range s.Surveys(t.Context()) {
			must(t, err)
			if read++; read == 3 {
				break
			}
		}
	}},
}
