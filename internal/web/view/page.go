// Package view holds the pages as typed templ components. Every phrase comes from the catalogues, every text people
// wrote is escaped by context.
package view

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"sayso/internal/exercise"
	"sayso/internal/i18n"
	"sayso/internal/people"
	"sayso/internal/survey"
)

// Page is what every page knows.
type Page struct {
	L         *i18n.Locale
	Languages []*i18n.Locale
	Title     string // the page's own; the service's name is added
	At        string // whose page the links to other languages lead to; empty: this one
	Place     string // words beside the mark
	Demo      bool   // everything here is made up
	Preview   bool   // nothing that is done here is kept
	Wide      bool   // reports and desks
	Staff     *people.Staff
	CSRF      string
	Shared    *Shared // of a shared device, else nil
}

// Shared is what pages say on a shared device.
type Shared struct {
	Minutes int    // without a touch, after which it goes back to the start
	Begin   string // the first page of its exercise
	Sitting string // whose turn it is, for the forms; empty: nobody's
	At      string // the page of the exercise they are on
	Typing  bool   // this page takes words, which take their time
	Asking  bool   // this page asks whether they are still there
	Quiet   bool   // what the band offers is offered by the page itself
}

// Minutes are the times to choose from.
var Minutes = [...]int{2, 5, 10, 20}

// UsualMinutes is the time that is usual.
const UsualMinutes = 5

// StillSeconds is how long the page that asks whether somebody is there waits for them.
const StillSeconds = 80

// typingMinutes is how long a page that takes words waits at least: what is typed there is not saved yet, and without a
// script nobody hears the keys.
const typingMinutes = 10

// Patience is how long the page waits before it asks whether somebody is there, where no script hears what they do.
func (s *Shared) Patience() time.Duration { return time.Duration(s.waits()) * time.Minute }

func (s *Shared) waits() int {
	if s.Typing {
		return max(s.Minutes, typingMinutes)
	}
	return s.Minutes
}

// refresh is where a page without a script leads by itself, and when.
func (s *Shared) refresh() string {
	if s.Asking {
		return strconv.Itoa(StillSeconds) + "; url=/k"
	}
	return strconv.Itoa(int(s.Patience()/time.Second)) + "; url=/k/still"
}

// T says a phrase in the page's language.
func (p Page) T(key string, args ...any) string { return p.L.T(key, args...) }

// keeps says whether the browser may fill a form in again with what was typed there, for autocomplete. Never on a shared
// device: whoever goes back to a page would find what the one before typed.
func (p Page) keeps() string {
	if p.Shared != nil {
		return "off"
	}
	return "on"
}

// Picture is a drawing: where it is, and its name in the page's language.
type Picture struct {
	ID   string
	Src  string
	Name string
}

// Pictures finds the picture of an id with its name in the language; false if there is none.
type Pictures func(id, lang string) (Picture, bool)

// SurveyPage is a page about one survey.
type SurveyPage struct {
	Page
	Survey   *survey.Survey
	Pictures Pictures
	Key      []Picture // the person's six pictures, where the page shows them
	From     []string  // names of the places whose people may take part; none: everybody
}

func (p SurveyPage) words(t exercise.Text) string { return t.Words(p.L.Tag) }

func (p SurveyPage) at(rest string) templ.SafeURL { return templ.SafeURL("/s/" + p.Survey.ID + rest) }

// offered says whether people may take part in the page's language.
func (p SurveyPage) offered() bool {
	for _, tag := range p.Survey.Offered() {
		if tag == p.L.Tag {
			return true
		}
	}
	return false
}

// draft says whether nobody has checked the survey's words in the page's language.
func (p SurveyPage) draft() bool {
	for _, g := range p.Survey.Languages {
		if g.Tag == p.L.Tag {
			return g.CheckedBy == ""
		}
	}
	return false
}

// OpenState says whether people can take part.
type OpenState int

// The states.
const (
	Open OpenState = iota
	NotYet
	Closed
)

// Speaking is what the page "Who is speaking?" shows.
type Speaking struct {
	Voice  exercise.Voice // chosen before, else empty
	Begun  bool           // somebody has begun on this device: all that is asked is whether it was them
	New    bool           // begins anew whatever was there
	Change bool           // gives what was begun another voice
	Error  string
	Lives  LivesIn

	Everyone bool // the survey is not for the young alone

	Closed    bool   // an invitation code is needed
	Code      string // as it was brought along or typed
	CodeError string
}

// hint is the key of the words below a voice.
func (s Speaking) hint(v exercise.Voice) string {
	if s.Everyone && v == exercise.Self {
		return "voice_hint.self_everyone"
	}
	return "voice_hint." + string(v)
}

// AskPage is the page of one question.
type AskPage struct {
	SurveyPage
	Question *survey.Question
	Step     survey.Step
	Answer   survey.Answer // given before, or as it was sent
	Typed    string        // words as they were typed, where they could not be used
	Error    string
	Change   bool // comes from the check page and goes back there
}

// SkipMark begins the value of a skip that stands among options; the ids of options hold no colon.
const SkipMark = "skip:"

// skipping says whether the skip was chosen. Of what can only be chosen alone, the answer is shown.
func (p AskPage) skipping(s survey.Skip) bool {
	return p.Answer.Skip == s && (!p.Question.TakesOne() || len(p.Answer.Choices) == 0)
}

func (p AskPage) chosen(id string) bool {
	for _, c := range p.Answer.Choices {
		if c == id {
			return true
		}
	}
	return false
}

// written is what stands in the field of a question that takes words or a number.
func (p AskPage) written() string {
	switch {
	case p.Typed != "":
		return p.Typed
	case p.Answer.Number != nil:
		return strconv.FormatInt(*p.Answer.Number, 10)
	}
	return p.Answer.Words
}

func (p AskPage) describedBy() string {
	ids := ""
	if len(p.Question.Hint) > 0 {
		ids = "hint"
	}
	if p.Error != "" {
		ids += " error"
	}
	return ids
}

// firstField is the id of the field that the error summary leads to.
func (p AskPage) firstField() string {
	if ids := p.Question.OptionIDs(); ids != nil {
		return "choice-" + ids[0]
	}
	return "words"
}

// optionText says what an option is called: the author's words, or the catalogue's for the kinds with fixed options.
func optionText(l *i18n.Locale, q *survey.Question, o survey.Option) string {
	if len(o.Text) > 0 {
		return o.Text.Words(l.Tag)
	}
	switch q.Kind {
	case survey.Place:
		return l.T("option.place." + o.ID)
	case survey.AgeBand:
		return l.T("age_band." + o.ID)
	}
	return l.T("option." + string(q.Kind) + "." + o.ID)
}

// options returns the options of a question as they are offered, those of fixed kinds too.
func options(q *survey.Question) []survey.Option {
	if len(q.Options) > 0 {
		return q.Options
	}
	var out []survey.Option
	for _, id := range q.OptionIDs() {
		o := survey.Option{ID: id}
		switch q.Kind {
		case survey.Faces:
			o.Picture = "face-" + id
		}
		out = append(out, o)
	}
	return out
}

// said is an answer in words, for the pages on which people see what they said.
func said(l *i18n.Locale, q *survey.Question, a survey.Answer) []string {
	switch {
	case a.Skip != "":
		return []string{l.T("skip." + string(a.Skip))}
	case a.Number != nil:
		return []string{l.Number(*a.Number)}
	case a.Words != "":
		return []string{a.Words}
	}
	var out []string
	for _, o := range options(q) {
		for _, c := range a.Choices {
			if c == o.ID {
				out = append(out, optionText(l, q, o))
			}
		}
	}
	return out
}

// Front is the page of an area.
type Front struct {
	Page
	Area exercise.Area
	Open []*survey.Survey
	Soon []*survey.Survey
	Came []Came

	PlaceOf func(area string) string // the name of a place in the page's language

	Votes, VotesSoon []BudgetPage // budget exercises that are in no round
	Rounds           []RoundPage  // those that are open, or will be
	Outcomes         []ResultPage // those with an outcome to read, the latest first
	Pictures         Pictures
}

// Came is one thing that came of an earlier exercise: what people said and what the board answers.
type Came struct {
	Title  exercise.Text // of the exercise
	Said   string        // the theme; empty where words were not sorted
	Kind   string        // of the reply: "did", "will", "partly", "wont"; empty: no answer yet
	Reply  string
	Lang   string // in which the reply is written
	By     string
	Report string
}

// HelpLine is somebody who helps now; it is to be called at Tel, or to be sent the word Text at SMS.
type HelpLine struct {
	ID        string        `yaml:"id"`
	Order     int           `yaml:"order"`
	Emergency bool          `yaml:"emergency"`
	Name      exercise.Text `yaml:"name"`
	Tel       string        `yaml:"tel"`
	SMS       string        `yaml:"sms"`
	Text      string        `yaml:"text"`
	For       exercise.Text `yaml:"for"`
	What      exercise.Text `yaml:"what"`
	Open      exercise.Text `yaml:"open"`
	Cost      exercise.Text `yaml:"cost"`
	URL       string        `yaml:"url"`
	Source    string        `yaml:"source"`
}
