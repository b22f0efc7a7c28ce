package view

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/i18n"
	"sayso/internal/people"
)

// PaperDesk is how far the paper ballots of an exercise are.
type PaperDesk struct {
	BudgetPage
	PaperForm
	Figures []SheetFigure
	Made    int            // sheets, whatever became of them
	Offered []*i18n.Locale // the languages in which sheets can be made
	Over    bool           // nobody can vote any more, and no sheets are made
	Shut    string         // why no sheet can be typed in now; empty: it can
	After   string         // the state of the sheet that was typed last
}

// PaperForm is what was typed into the forms of the page and could not be used.
type PaperForm struct {
	Code, CodeError string
	Number, Lang    string
	Way             ballot.Which
	Twice           bool
	Seed            string // of the set that the form makes
	MakeError       string
}

// SheetFigure is about how many sheets are in a state.
type SheetFigure struct {
	State ballot.SheetState
	None  bool
	About Heard
}

func (p PaperDesk) path(rest string) templ.SafeURL {
	return templ.SafeURL("/staff/budgets/" + p.Exercise.ID + "/paper" + rest)
}

// waits says whether a sheet must be looked at once more.
func (p PaperDesk) waits() bool {
	for _, f := range p.Figures {
		if (f.State == ballot.Once || f.State == ballot.Differs) && !f.None {
			return true
		}
	}
	return false
}

// told says whether the state is one about which the page has a sentence.
func (p PaperDesk) told() bool {
	return contains([]string{string(ballot.Counted), string(ballot.Once), string(ballot.Spoilt)}, p.After)
}

// PrintPage is a set of sheets to print. Embedded is the page in the language of the sheets, Desk that of staff.
type PrintPage struct {
	BudgetPage
	Desk    BudgetPage
	Way     ballot.Which // by which all are filled in
	Codes   []people.Code
	Address func(people.Code) string // of the page on which the sheet is typed in
}

// how tells in child words how the sheet is filled in.
func (p PrintPage) how() string {
	return p.T("paper.how_"+string(p.Exercise.Ballot), "Number", p.Exercise.Most, "Amount", p.money(p.Exercise.Amount))
}

// numbered says whether people write numbers on the sheet, rather than ticks.
func (p BudgetPage) numbered() bool {
	return p.Exercise.Ballot == ballot.Order || p.Exercise.Ballot == ballot.Points
}

// orNothing are the options, and that none of them is marked.
func orNothing(options []string) []string { return append(slices.Clone(options), "") }

// optionsOf are the options of a question, those of fixed questions too.
func optionsOf(q *ballot.Question) []ballot.Option { return AboutPage{Question: q}.options() }

// SheetPage is one sheet that is typed in.
type SheetPage struct {
	BudgetPage
	Code  people.Code
	Sheet ballot.Sheet
	Shown []*ballot.Project     // in the order in which they stand on the sheet
	Marks []ballot.Mark         // as they were typed and could not be used
	Picks func(item string) int // of two typings, as they were decided and could not be used
	Same  bool                  // the first typing is by the same member of staff
	Error string
	At    string // the item of the error
}

func (p SheetPage) path(rest string) templ.SafeURL {
	return templ.SafeURL("/staff/budgets/" + p.Exercise.ID + "/paper" + rest)
}

// marked is what was typed for the item.
func (p SheetPage) marked(item string) string { return ballot.ValueOf(p.Marks, item) }

// chose says whether the option was typed for the item.
func (p SheetPage) chose(item, option string) bool {
	return contains(strings.Split(p.marked(item), ","), option)
}

func (p SheetPage) errorAt(item string) string {
	if p.At == item {
		return p.Error
	}
	return ""
}

// begins says whether the cursor stands at the project when the page opens: at the first, if nothing is to be mended.
func (p SheetPage) begins(i int) bool { return i == 0 && p.Error == "" }

// fieldOf is the field that an error at the item leads to.
func (p SheetPage) fieldOf(item string) string {
	if p.Sheet.State == ballot.Differs {
		return pickID(item, 1)
	}
	return item
}

// how is how people were asked to fill in the sheet.
func (p SheetPage) how() string {
	return PrintPage{BudgetPage: p.BudgetPage}.how()
}

// voices are whom a sheet can be by, in the order in which it says so.
func (p SheetPage) voices() []string {
	var out []string
	for _, v := range p.Exercise.Voices {
		out = append(out, string(v))
	}
	return append(out, ballot.Unsaid)
}

// optionWords says what an option of an item is called; empty is nothing marked.
func (p SheetPage) optionWords(item, option string) string {
	switch {
	case item == ballot.ItemVoice:
		return p.voiceWords(option)
	case option == "":
		return p.T("paper.no_mark")
	}
	return p.answerWords(item, option)
}

func (p SheetPage) voiceWords(v string) string {
	if v == ballot.Unsaid {
		return p.T("paper.unsaid")
	}
	return p.T("paper.voice_" + v)
}

// differing are the items of two typings to decide about, in the order of the sheet: if one says that it is spoilt, that
// alone.
func (p SheetPage) differing() []string {
	items := p.Exercise.Differing(p.Sheet.Typings[0].Marks, p.Sheet.Typings[1].Marks)
	if contains(items, ballot.ItemSpoilt) {
		return []string{ballot.ItemSpoilt}
	}
	var out []string
	for _, project := range p.Shown {
		if contains(items, ballot.ItemOf(project.ID)) {
			out = append(out, ballot.ItemOf(project.ID))
		}
	}
	return append(out, slices.DeleteFunc(items, func(item string) bool { return contains(out, item) })...)
}

func (p SheetPage) picked(item string, n int) bool { return p.Picks != nil && p.Picks(item) == n }

// itemWords says what the item is called.
func (p SheetPage) itemWords(item string) exercise.Text {
	for i, project := range p.Shown {
		if ballot.ItemOf(project.ID) == item {
			name := exercise.Text{}
			for tag, words := range project.Name {
				name[tag] = strconv.Itoa(i+1) + ". " + words
			}
			return name
		}
	}
	for _, q := range p.Exercise.Questions {
		if ballot.ItemAbout(q.ID) == item {
			return q.Ask
		}
	}
	if item == ballot.ItemSpoilt {
		return exercise.Text{p.L.Tag: p.T("paper.can_count")}
	}
	return exercise.Text{p.L.Tag: p.T("paper.who")}
}

// valueWords says what a typing has for the item.
func (p SheetPage) valueWords(typing int, item string) string {
	value := ballot.ValueOf(p.Sheet.Typings[typing].Marks, item)
	switch {
	case value == "" && item == ballot.ItemSpoilt:
		return p.T("paper.yes_count")
	case value == "":
		return p.T("paper.no_mark")
	case item == ballot.ItemSpoilt:
		return p.T("paper.reason_" + value)
	case item == ballot.ItemVoice:
		return p.voiceWords(value)
	case value == ballot.Ticked:
		return p.T("paper.ticked")
	case value == ballot.ThumbUp:
		return p.T("vote.is_up")
	case value == ballot.ThumbDown:
		return p.T("vote.is_down")
	}
	return p.answerWords(item, value)
}

func (p SheetPage) answerWords(item, value string) string {
	for i := range p.Exercise.Questions {
		q := &p.Exercise.Questions[i]
		if ballot.ItemAbout(q.ID) != item {
			continue
		}
		var words []string
		for _, o := range optionsOf(q) {
			if contains(strings.Split(value, ","), o.ID) {
				words = append(words, optionWords(p.BudgetPage, q, o))
			}
		}
		return strings.Join(words, ", ")
	}
	return value // a number
}
