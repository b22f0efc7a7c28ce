package report

import (
	"math/rand/v2"
	"strings"

	"sayso/internal/exercise"
	"sayso/internal/survey"
	"sayso/internal/theme"
)

func english(s string) exercise.Text { return exercise.Text{"en": s} }

func options(ids ...string) (out []survey.Option) {
	for _, id := range ids {
		out = append(out, survey.Option{ID: id, Text: english("The " + id)})
	}
	return out
}

// Worries is a survey with a question of most kinds.
func Worries() survey.Survey {
	return survey.Survey{
		ID: "worries", Area: "vale", Title: english("Worries"), Why: english("To know"), Audience: english("For 8 to 17"),
		Opens: "2026-01-01", Closes: "2026-12-31", Codebook: "book",
		Decision:  exercise.Decision{What: english("what nurses do"), Who: english("the board"), On: "2027-03-14"},
		Languages: []survey.Language{{Tag: "en", CheckedBy: "us"}, {Tag: "ur", CheckedBy: "us"}, {Tag: "so", CheckedBy: "us"}},
		Voices:    []exercise.Voice{exercise.Self, exercise.Helped},
		Questions: []survey.Question{
			{ID: "easy", Kind: survey.Faces, Ask: english("How easy is it?"), Unknown: true},
			{ID: "talk", Kind: survey.Several, Ask: english("Who do you talk to?"), Options: options("family", "friend", "school")},
			{ID: "listened", Kind: survey.Choice, Ask: english("Do they listen?"), Options: options("often", "seldom"),
				ShowIf: &survey.Condition{Question: "talk", AnyOf: []string{"family", "school"}}},
			{ID: "months", Kind: survey.Number, Ask: english("How long?"), Most: 30},
			{ID: "improve", Kind: survey.LongText, Ask: english("What could be better?"), Intent: "improve"},
			{ID: "good", Kind: survey.LongText, Ask: english("What was good?"), Intent: "good"},
			{ID: "quote", Kind: survey.Consent, Ask: english("May we quote you?"), Role: survey.RoleQuote},
			{ID: "age", Kind: survey.AgeBand, Ask: english("How old are you?"), About: true, Role: survey.RoleAge},
			{ID: "place", Kind: survey.Place, Ask: english("Where?"), About: true, Role: survey.RolePlace, Options: options("east", "west", "elsewhere")},
			{ID: "groups", Kind: survey.Several, Ask: english("Are you?"), About: true, Role: survey.RolePriority,
				Options: append(options("in-care", "young-carer"), survey.Option{ID: "none", Text: english("None"), Alone: true})},
		},
	}
}

const bookFile = `
id: book
version: "1"
name: {en: Book}
source: Written for the test.
languages: [en]
nothing:
  en: [= nothing, = dont know]
themes:
  - id: access
    name: {en: Getting help}
    definition: {en: Getting help at all.}
    outcome: be_healthy
  - id: waiting
    parent: access
    name: {en: Waiting}
    definition: {en: Long waits.}
    words: {en: [wait*, too long]}
  - id: kindness
    name: {en: Kindness}
    definition: {en: Kind people.}
    outcome: stay_safe
    words: {en: [kind*]}
  - id: buses
    name: {en: Buses}
    definition: {en: Buses.}
    outcome: enjoy_and_achieve
    words: {en: [bus*]}
`

// Book is the codebook of Worries.
func Book() *theme.Codebook {
	book, err := theme.ParseCodebook("book.yaml", []byte(bookFile))
	if err != nil {
		panic(err)
	}
	return book
}

func choice(q string, ids ...string) survey.Answer { return survey.Answer{Question: q, Choices: ids} }

func words(q, s string) survey.Answer { return survey.Answer{Question: q, Words: s} }

func number(q string, n int64) survey.Answer { return survey.Answer{Question: q, Number: &n} }

// person draws somebody who answers like many people would.
func person(random *rand.Rand) survey.Response {
	pick := func(ids ...string) string { return ids[random.IntN(len(ids))] }
	r := survey.Response{Language: pick("en", "en", "en", "en", "en", "ur", "so"), Voice: exercise.Self, Channel: survey.Web}
	if random.IntN(5) == 0 {
		r.Voice = exercise.Helped
	}
	if random.IntN(4) == 0 {
		r.Channel = survey.Imported
	}
	r.Answers = append(r.Answers, choice("easy", pick("1", "2", "2", "3", "5")))
	talk := pick("family", "friend", "school")
	r.Answers = append(r.Answers, choice("talk", talk))
	if talk != "friend" {
		r.Answers = append(r.Answers, choice("listened", pick("often", "often", "seldom")))
	}
	if random.IntN(3) > 0 {
		r.Answers = append(r.Answers, number("months", random.Int64N(31)))
	}
	care := random.IntN(6) == 0
	if random.IntN(3) > 0 {
		said := []string{"the nurse was so kind to me", "nothing", "the bus never comes on time", "blue sky over the hills"}
		if care || random.IntN(3) == 0 {
			said = []string{"I had to wait far too long for it", "waiting and waiting for months"}
		}
		r.Answers = append(r.Answers, words("improve", pick(said...)+strings.Repeat("!", random.IntN(9))))
	}
	if random.IntN(4) == 0 {
		r.Answers = append(r.Answers, words("good", pick("kind people", "you can wait inside")))
	}
	r.Answers = append(r.Answers, choice("quote", pick("yes", "no")))
	r.About = append(r.About, choice("age", pick("8-11", "12-15", "16-17")))
	if random.IntN(5) > 0 {
		r.About = append(r.About, choice("place", pick("east", "west", "west")))
	}
	switch {
	case care:
		r.About = append(r.About, choice("groups", "in-care"))
	case random.IntN(10) > 0:
		r.About = append(r.About, choice("groups", "none"))
	}
	return r
}

// Crowd draws n such people.
func Crowd(seed uint64, n int) []survey.Response {
	random := rand.New(rand.NewPCG(seed, 1))
	out := make([]survey.Response, n)
	for i := range out {
		out[i] = person(random)
	}
	return out
}
