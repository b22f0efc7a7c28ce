package survey

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sayso/internal/exercise"
)

// What ReadFile promises.
const (
	mostBytes    = 1 << 20
	mostProblems = 100
)

// lunch is a survey without fault; the tests break it in one place each.
const lunch = `id: lunch
area: vale
title:
  en: Lunch at school
why:
  en: Some of you do not eat.
readers:
  en: A small team.
next:
  en: The board answers.
audience:
  en: For 8 to 15
picture: school
minutes: 3
decision:
  what:
    en: What kitchens change
  who:
    en: the board
  on: 2027-03-14
opens: 2026-12-01
closes: 2027-01-31
languages:
  - tag: en
    checked_by: youth council
voices: [self, helped]
codebook: children
questions:
  - id: eat
    kind: faces
    ask:
      en: How do you like lunch?
  - id: why-not
    kind: several
    ask:
      en: What do you not like?
    most: 2
    show_if:
      question: eat
      any_of: ["4", "5"]
    options:
      - id: queue
        text: {en: The queue}
      - id: noise
        text: {en: The noise}
  - id: meals
    kind: number
    ask: {en: How many meals?}
  - id: quote
    kind: consent
    role: quote
    ask: {en: May we show your words?}
  - id: age
    kind: age_band
    role: age_band
    about: true
    ask: {en: How old are you?}
`

func someKnown(t testing.TB) Known {
	t.Helper()
	areas, err := exercise.NewAreas([]exercise.Area{{ID: "vale", Name: exercise.Text{"en": "Vale"},
		Places: []exercise.Area{{ID: "marsh", Name: exercise.Text{"en": "Marsh"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	one := func(want string) func(string) bool { return func(id string) bool { return id == want } }
	return Known{Areas: areas, Picture: one("school"), Codebook: one("children"),
		Language: func(tag string) bool { return slices.Contains([]string{"en", "en-x-easy", "ur"}, tag) }}
}

func TestReadFile(t *testing.T) {
	s, problems := ReadFile([]byte("\ufeff# for authors\n---\n"+strings.ReplaceAll(lunch, "\n", "\r\n")), someKnown(t))
	if len(problems) > 0 {
		t.Fatalf("a survey without fault: %v", problems)
	}
	why, _, _ := s.Question("why-not")
	if s.ID != "lunch" || s.Minutes != 3 || s.Decision.On != "2027-03-14" || len(s.Questions) != 5 || s.Voices[1] != exercise.Helped ||
		why.ShowIf.AnyOf[1] != "5" || why.Options[1].Text["en"] != "The noise" {
		t.Errorf("read %+v", s)
	}
}

func TestReadFileFillsPlaces(t *testing.T) {
	s, problems := ReadFile([]byte(lunch+"  - {id: home, kind: place, about: true, ask: {en: Where do you live?}}\n"), someKnown(t))
	q, _, ok := s.Question("home")
	if len(problems) > 0 || !ok || strings.Join(q.OptionIDs(), " ") != "marsh elsewhere" {
		t.Errorf("places %v, %v", q, problems)
	}
}

// Each line of the wanted text is line: sentence, as an author reads it.
var slips = []struct{ name, from, to, want string }{
	// The form.
	{"a field that is not there", "minutes: 3", "minuts: 3", `14: There is no field called "minuts" here. Look for a slip of the pen, or whether it is indented too far. The fields here are id, area, title, why, readers, next, audience, picture, minutes, decision, opens, closes, codes, languages, voices, everyone, codebook, questions, only.`},
	{"a field twice", "minutes: 3", "minutes: 3\nminutes: 4", `15: "minutes" stands here twice, first on line 14. Take one away.`},
	{"two slips", "minutes: 3", "minutes: soon\ncodebock: x", `14: "minutes" is a whole number, written in digits, such as 5.
15: There is no field called "codebock" here. Look for a slip of the pen, or whether it is indented too far. The fields here are id, area, title, why, readers, next, audience, picture, minutes, decision, opens, closes, codes, languages, voices, everyone, codebook, questions, only.`},
	{"half a minute", "minutes: 3", "minutes: 3.5", `14: "minutes" is a whole number, written in digits, such as 5.`},
	{"for ever", "minutes: 3", "minutes: 99999999999999999999", `14: "minutes" is a whole number, written in digits, such as 5.`},
	{"perhaps true", "about: true", "about: yes", `56: "about" is true or false, and nothing else.`},
	{"words for all languages", "title:\n  en: Lunch at school", "title: Lunch", `3: "title" is written once for each language. Write the words on a line below, two spaces further in, such as en: Hello.`},
	{"a list for a text", "title:\n  en: Lunch at school", "title:\n  - Lunch", `3: "title" is written once for each language. Write the words on a line below, two spaces further in, such as en: Hello.`},
	{"a list for words", "picture: school", "picture: [school]", `13: "picture" is words, not a list or fields. Write them on this line, or in quotation marks.`},
	{"fields for words in a language", "  en: Lunch at school", "  en: {a: b}", `4: "en" is words, not a list or fields. Write them on this line, or in quotation marks.`},
	{"one voice, not a list", "voices: [self, helped]", "voices: self", `26: "voices" is a list. Write each item on a line below that begins with a hyphen.`},
	{"a list where fields are wanted", "decision:\n  what:", "decision:\n  - what:\n    who:\nwhy-not:\n  what:", `15: "decision" has fields of its own. Write each on a line below, two spaces further in.
18: There is no field called "why-not" here. Look for a slip of the pen, or whether it is indented too far. The fields here are id, area, title, why, readers, next, audience, picture, minutes, decision, opens, closes, codes, languages, voices, everyone, codebook, questions, only.`},
	{"a word for a question", "questions:\n", "questions:\n  - hello\n", `29: Each of questions has fields of its own. Write each on a line below, two spaces further in.`},
	{"a word for a condition", "show_if:\n      question: eat\n      any_of: [\"4\", \"5\"]", "show_if: eat", `38: "show_if" has fields of its own. Write each on a line below, two spaces further in.`},

	// The writing.
	{"a tab", "  en: Lunch at school", "\ten: Lunch at school", `4: This line begins with a tab. Begin it with spaces instead, as many as its neighbours have.`},
	{"a colon", "  en: Lunch at school", "  en: Lunch: at school", `4: Text with a colon in it must stand in quotation marks.`},
	{"an at sign", "  en: Lunch at school", "  en: @lunch", `4: Text that begins with @ must stand in quotation marks.`},
	{"an asterisk", "  en: Lunch at school", "  en: *Lunch* at school", `4: Text that begins with * must stand in quotation marks. Sayso gives this sign no other meaning.`},
	{"an exclamation mark", "  en: Lunch at school", "  en: !Lunch at school", `4: Text that begins with !Lunch must stand in quotation marks. Sayso gives this sign no other meaning.`},
	{"an ampersand", "  en: Lunch at school", "  en: &lunch at school", `4: Text that begins with & must stand in quotation marks. Sayso gives this sign no other meaning.`},
	{"indented too little", "    kind: faces", "   kind: faces", `30: This line does not fit those above it. Check that it begins with as many spaces as its neighbours, and that every quotation mark and bracket is closed.`},
	{"a bracket left open", "voices: [self, helped]", "voices: [self, helped", `27: This line does not fit those above it. Check that it begins with as many spaces as its neighbours, and that every quotation mark and bracket is closed.`},
	{"two surveys", "questions:\n", "---\nquestions:\n", `28: A second document begins here (---). Give each survey a file of its own.`},

	// The survey.
	{"no id", "id: lunch", "id:", `1: Give the survey an id of small letters, digits and hyphens, such as id: waiting-times.`},
	{"an id of two words", "id: lunch", "id: School lunch", `1: The id "School lunch" may have only small letters, digits and hyphens, such as waiting-times.`},
	{"no area", "area: vale\n", "", `1: Say which area asks: one of marsh, vale.`},
	{"an area that is not there", "area: vale", "area: hill", `2: There is no area called "hill". The areas are marsh, vale.`},
	{"no title", "title:\n  en: Lunch at school", "title:", `3: Write a title in English (en).`},
	{"only another language", "  en: Lunch at school", "  ur: x", `3: Write a title in English (en).`},
	{"a language with a slip", "  en: Lunch at school", "  en: Lunch\n  eng: Lunch", `5: "eng" is no language that Sayso ships. Look for a slip of the pen.`},
	{"a language twice", "voices: [self", "  - tag: en\nvoices: [self", `26: The language "en" is in the list twice. Take one away.`},
	{"English that nobody checked", "    checked_by: youth council\n", "", `23: English (tag: en) must be among the languages, with checked_by: who read its words.`},
	{"a language we do not ship", "voices: [self", "  - tag: tlh\nvoices: [self", `26: Sayso does not ship the language "tlh". Take it out of the list.`},
	{"a picture that is not there", "picture: school", "picture: pub", `13: There is no picture called "pub". The pictures are listed on the page /pictures.`},
	{"a codebook that is not there", "codebook: children", "codebook: parents", `27: There is no codebook called "parents". The codebooks are in content/codebooks.`},
	{"no time at all", "minutes: 3", "minutes: 0", `14: Say how long it takes, in whole minutes from 1 to 60.`},
	{"a day written otherwise", "opens: 2026-12-01", "opens: 1 December 2026", `21: Write the first day it is open as year, month and day, such as 2027-01-31.`},
	{"a day that does not exist", "closes: 2027-01-31", "closes: 2027-02-30", `22: Write the last day it is open as year, month and day, such as 2027-01-31.`},
	{"two wrong days", "opens: 2026-12-01\ncloses: 2027-01-31", "opens: now\ncloses: then", `21: Write the first day it is open as year, month and day, such as 2027-01-31.
22: Write the last day it is open as year, month and day, such as 2027-01-31.`},
	{"closed before it opens", "opens: 2026-12-01", "opens: 2027-02-01", `22: It closes (2027-01-31) before it opens (2027-02-01).`},
	{"decided too early", "  on: 2027-03-14", "  on: 2027-01-31", `20: The decision (2027-01-31) must be later than the last day it is open (2027-01-31), or nobody can listen.`},
	{"nobody may answer", "voices: [self, helped]\n", "", `1: Say who may answer: some of self, helped, proxy, carer, worker.`},
	{"a voice that is not there", "voices: [self, helped]", "voices: [self, children]", `26: There is no voice called "children". The voices are self, helped, proxy, carer, worker.`},
	{"a voice twice", "voices: [self, helped]", "voices: [self, self]", `26: The voice "self" is in the list twice. Take one away.`},

	// Its questions.
	{"a question twice", "id: meals", "id: eat", `46: Two questions are called "eat". Give one of them another id.`},
	{"a question without a kind", "    kind: number\n", "", `46: Give the question a kind: one of choice, several, faces, agree, text, long_text, number, age_band, place, info, consent.`},
	{"a kind that is not there", "kind: number", "kind: slider", `47: There is no kind of question called "slider". The kinds are choice, several, faces, agree, text, long_text, number, age_band, place, info, consent.`},
	{"about the person too early", "kind: number", "kind: number\n    about: true", `50: The question "quote" stands behind questions about the person (about: true). Those must come last: move it up.`},
	{"a role of another kind", "role: quote", "role: place", `51: The role "place" does not go with a question of the kind consent. It goes with place.
51: A question with the role place is about the person: mark it about: true.`},
	{"a role that is not there", "role: quote", "role: name", `51: There is no role called "name". The roles are age_band, place, priority, group, quote.`},
	{"a role twice", "kind: number\n", "kind: consent\n    role: quote\n", `52: The question "meals" has the role quote already. Take the role away from one of them.`},
	{"quotes that must be", "role: quote", "role: quote\n    required: {en: We must.}", `52: Nobody can be made to let others quote them: take required away.`},
	{"no way to say no", "role: quote", "role: quote\n    options: [{id: \"yes\"}]", `52: People must be able to choose "no" here. Add that option, or leave all options out.`},
	{"a face of its own", "    kind: faces\n", "    kind: faces\n    options: [{id: \"1\"}, {id: \"2\"}, {id: \"3\"}, {id: \"4\"}, {id: \"5\"}, {id: \"6\"}]\n", `31: A question of the kind faces has no option "6". Its options are 1, 2, 3, 4, 5.`},
	{"a page that must be answered", "kind: number", "kind: info\n    required: {en: Read it.}", `48: A page to read (info) asks nothing, so it cannot be required. Take required away.`},
	{"an intent that is not there", "kind: number", "kind: number\n    intent: bad", `48: The intent is good or improve. Otherwise leave it out.`},
	{"one option", "      - id: noise\n        text: {en: The noise}\n", "", `33: The question "why-not" needs at least two options.`},
	{"an option twice", "id: noise", "id: queue", `44: Two options of "why-not" have the id "queue". Give one of them another id.`},
	{"an option without words", "        text: {en: The noise}\n", "", `44: Write the option in English (en).`},
	{"options of a number", "kind: number\n", "kind: number\n    options: [{id: one}]\n", `48: A question of the kind number has no options. Take them away, or make it a choice.`},
	{"more than there are", "most: 2", "most: 3", `37: There are only 2 options to choose from. Lower least and most.`},
	{"least above most", "most: 2", "least: 2\n    most: 1", `37: least (2) is more than most (1). Exchange them.`},
	{"below nothing", "most: 2", "least: -1", `37: least and most cannot be below 0.`},
	{"a novel", "kind: number", "kind: text\n    most: 9000", `48: Words may have at most 4000 letters (most), and nobody can be made to write more (least). Mend that.`},
	{"bounds of a face", "kind: faces", "kind: faces\n    most: 3", `31: A question of the kind faces has no least and most. Take them away.`},

	// Its conditions.
	{"a question that comes later", "question: eat", "question: meals", `38: The condition looks at "meals", which is not asked before. A condition can only look back.`},
	{"itself", "question: eat", "question: why-not", `38: The condition looks at "why-not", which is not asked before. A condition can only look back.`},
	{"a question that is not there", "question: eat", "question: drink", `38: The condition looks at "drink", but there is no such question.`},
	{"an option that is not there", `any_of: ["4", "5"]`, `any_of: [4, 6]`, `40: The question "eat" has no option called "6". Its options are 1, 2, 3, 4, 5.`},
	{"no test", "      any_of: [\"4\", \"5\"]\n", "", `38: A condition has exactly one test: any_of, at_least with at_most, answered, or voice.`},
	{"two tests", "question: eat\n", "question: eat\n      answered: true\n", `38: A condition has exactly one test: any_of, at_least with at_most, answered, or voice.`},
	{"a face that is compared", `any_of: ["4", "5"]`, `at_least: 3`, `38: Only a number can be compared, and "eat" does not ask for one.`},
	{"bounds the wrong way round", "    role: quote\n", "    role: quote\n    show_if: {question: meals, at_least: 3, at_most: 2}\n", `52: at_least (3) is more than at_most (2), so it never holds. Exchange them.`},
	{"options of a number to look at", "    role: quote\n", "    role: quote\n    show_if: {question: meals, any_of: [\"3\"]}\n", `52: The question "meals" has no options to look at.`},
	{"a page that nobody answers", "kind: faces", "kind: info", `38: "eat" is a page to read: nobody answers it. Look at another question.
40: The question "eat" has no options to look at.`},
	{"a voice to look at", "question: eat\n      any_of: [\"4\", \"5\"]", "voice: [mother]", `39: There is no voice called "mother". The voices are self, helped, proxy, carer, worker.`},
}

func TestReadFileSaysWhatToMend(t *testing.T) {
	known := someKnown(t)
	for _, slip := range slips {
		t.Run(slip.name, func(t *testing.T) {
			broken := strings.Replace(lunch, slip.from, slip.to, 1)
			if broken == lunch {
				t.Fatalf("there is no %q to break", slip.from)
			}
			if got := told([]byte(broken), known); got != slip.want {
				t.Errorf("got\n%s\nwant\n%s", got, slip.want)
			}
		})
	}
}

func told(data []byte, known Known) string {
	_, problems := ReadFile(data, known)
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

func TestReadFileWantsEveryTextInEveryLanguage(t *testing.T) {
	_, problems := ReadFile([]byte(strings.Replace(lunch, "  - tag: en\n", "  - tag: ur\n  - tag: en-x-easy\n  - tag: en\n", 1)), someKnown(t))
	if want := strings.Count(lunch, "en: "); len(problems) != want {
		t.Errorf("%d texts are missing, want %d", len(problems), want)
	}
	if got, want := problems[0].String(), "3: Write a title in the language ur, or take that language out of the list."; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReadFileRefusesWhatIsNoSurvey(t *testing.T) {
	known := someKnown(t)
	const notFields = "1: This is not a survey. A survey is written as fields, such as id: school-lunch; see the guide for authors."
	const notText = "1: This is not plain text. Save the file as plain text in the encoding UTF-8."
	const deep = "1: This is nested too deep for a survey. Take brackets or spaces away."
	bomb := "a: &a [x, x]\n"
	for c := 'b'; c < 'z'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c, *%c]\n", c, c, c-1, c-1)
	}
	for name, c := range map[string]struct{ data, want string }{
		"nothing":              {"", "1: The file is empty."},
		"only a remark":        {"# later\n", "1: The file is empty."},
		"an empty document":    {"---\n...\n", "1: The file is empty."},
		"a letter":             {"Dear children\n", notFields},
		"a list":               {"- a\n- b\n", notFields},
		"another encoding":     {"\xff\xfei\x00d\x00", notText},
		"a picture":            {"\x89PNG\r\n\x1a\n\x00\x00", notText},
		"a PDF":                {"%PDF-1.4\n%xyz\n", "1: Text that begins with % must stand in quotation marks. Sayso gives this sign no other meaning."},
		"one byte too much":    {lunch + strings.Repeat("#", mostBytes-len(lunch)+1), "1: The file is larger than 1024 KiB. Is it a survey? Leave out what does not belong to it."},
		"aliases of aliases":   {bomb, "1: Text that begins with & must stand in quotation marks. Sayso gives this sign no other meaning."},
		"an alias of itself":   {"voices: &a [*a]\n", "1: Text that begins with & must stand in quotation marks. Sayso gives this sign no other meaning."},
		"a merge":              {"title:\n  <<: {en: x}\n", "2: Text that begins with << must stand in quotation marks. Sayso gives this sign no other meaning."},
		"brackets in brackets": {"id: " + strings.Repeat("[", 40_000), deep},
		"braces in braces":     {"id: " + strings.Repeat("{a: ", 40_000), deep},
		"lists in lists":       {strings.Repeat("- ", 40_000), deep},
		"keys of keys":         {strings.Repeat("? ", 40_000), "1: Text that begins with ? must stand in quotation marks. Sayso gives this sign no other meaning."},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told([]byte(c.data), known); got != c.want {
				t.Errorf("got %.300s\nwant %s", got, c.want)
			}
		})
	}
}

func TestReadFileTellsTheFirstHundred(t *testing.T) {
	_, problems := ReadFile([]byte(lunch+strings.Repeat("  - {id: eat, kind: number, ask: {en: Hi}, about: true}\n", 150)), someKnown(t))
	if n := len(problems); n != mostProblems+1 || !strings.HasPrefix(problems[n-1].Sentence, "There are 50 more") {
		t.Errorf("%d told, the last: %v", n, problems[n-1])
	}
}

func FuzzReadFile(f *testing.F) {
	known := someKnown(f)
	f.Add([]byte(lunch))
	for _, slip := range slips {
		f.Add([]byte(strings.Replace(lunch, slip.from, slip.to, 1)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, problems := ReadFile(data, known)
		if len(problems) == 0 && (s.ID == "" || len(s.Questions) == 0) {
			t.Errorf("nothing is wrong with %+v", s)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Sentence == "" {
				t.Errorf("says %+v", p)
			}
		}
	})
}
