package demonstration

import "sayso/internal/exercise"

// tendency says how people take part in one survey and what they tend to answer. All of it is invented.
type tendency struct {
	responses int
	voices    map[exercise.Voice]int // weights
	ages      []string               // of those it is about; nil: all
	questions map[string]shape
}

// shape says what people tend to answer to one question.
type shape struct {
	weights map[string]int // option → weight; where several can be chosen, how many of a hundred choose it
	scale   int            // the first so many options go from good to bad and follow the mood
	ranges  []span         // of a number, from good to bad
}

// span is a stretch of numbers, both ends included.
type span struct{ from, to, weight int }

// group is how people of a priority group differ from others.
type group struct {
	reach    int            // how often they take part, in per cent of their share of the population
	lean     int            // towards worse answers, in per cent
	ages     []string       // nil: all
	subjects map[string]int // subject → how many times as often they speak of it
	options  map[string]int // "survey/question/option" → how many times as often they choose it
}

var groups = map[string]group{
	"in-care": {reach: 1000, lean: 30, subjects: map[string]int{"waiting": 6},
		options: map[string]int{"speech-therapy/stage/waiting": 2, "worries/waited/months": 3, "worries/waited/still": 3, "worries/stops/too-long": 3}},
	"care-leaver":          {reach: 600, lean: 20, ages: []string{"16-17", "18-25"}},
	"disabled-send":        {reach: 140, lean: 15, subjects: map[string]int{"getting-there": 2}},
	"young-carer":          {reach: 300, lean: 10, ages: []string{"8-11", "12-15", "16-17", "18-25"}},
	"refugee-asylum":       {reach: 400, lean: 10, subjects: map[string]int{"language": 4}},
	"gypsy-roma-traveller": {reach: 250, lean: 15},
}

// languageReach is how often speakers of a language take part, in per cent of their share of the population.
var languageReach = map[string]int{"ur": 45, "pl": 110, "ar": 200, "cy": 700}

// placeReach is the same for places. East Marsh is barely heard.
var placeReach = map[string]int{"east-marsh": 12, "west-sands": 60}

// placeLean is how much worse people answer in a place, in per cent.
var placeLean = map[string]int{"millbridge": 20, "saltmere": 25, "old-town": -10}

// subject is something that words speak of, told by stems in each language.
type subject struct {
	id    string
	stems map[string][]string
}

var subjects = []subject{
	{"waiting", map[string][]string{"en": {"wait", "months", "too long", "queue"}, "en-x-easy": {"wait", "months", "too long", "queue"},
		"ur": {"انتظار", "مہین"}, "pl": {"czeka", "czekani", "kolejk", "miesi"}, "ar": {"انتظ", "ننتظر", "أشهر"}, "cy": {"aros", "misoedd"}}},
	{"getting-there", map[string][]string{"en": {"bus", "lift", "ramp", "wheelchair", "car"}, "en-x-easy": {"bus", "lift", "ramp", "wheelchair"},
		"ur": {"بس "}, "pl": {"autobus", "wózk"}, "ar": {"حافل"}, "cy": {"bws", "cadair"}}},
	{"language", map[string][]string{"en": {"interpreter", "my language"}, "en-x-easy": {"interpreter", "my language"},
		"ur": {"مترجم", "اردو", "زبان"}, "pl": {"tłumacz", "polsk"}, "ar": {"مترجم", "العربية"}, "cy": {"cymraeg", "gymraeg"}}},
}

// agesOf is of whom each voice speaks.
var agesOf = map[exercise.Voice][]string{
	exercise.Self:   {"8-11", "12-15", "16-17", "18-25", "26+"},
	exercise.Helped: {"4-7", "8-11", "12-15", "16-17"},
	exercise.Proxy:  {"0-3", "4-7", "8-11", "12-15", "16-17"},
	exercise.Carer:  {"0-3", "4-7", "8-11", "12-15", "16-17", "18-25"},
	exercise.Worker: {"4-7", "8-11", "12-15", "16-17"},
}

// usual is what holds for surveys that tendencies does not name.
var usual = tendency{responses: 500, voices: map[exercise.Voice]int{exercise.Self: 40, exercise.Helped: 15, exercise.Proxy: 25, exercise.Carer: 15, exercise.Worker: 5}}

var tendencies = map[string]tendency{
	"speech-therapy": {
		responses: 1200,
		voices:    map[exercise.Voice]int{exercise.Self: 8, exercise.Helped: 17, exercise.Proxy: 50, exercise.Carer: 20, exercise.Worker: 5},
		ages:      []string{"0-3", "4-7", "8-11", "12-15", "16-17"},
		questions: map[string]shape{
			"stage":         {weights: map[string]int{"not-asked": 7, "waiting": 46, "having": 27, "finished": 12, "refused": 8}},
			"wait-months":   {ranges: []span{{0, 2, 10}, {3, 6, 22}, {7, 12, 34}, {13, 18, 22}, {19, 30, 12}}},
			"while-waiting": {weights: map[string]int{"tips": 34, "group": 12, "school": 29, "call": 17, "paid": 11}},
			"where":         {weights: map[string]int{"home": 24, "school": 42, "clinic": 14, "centre": 13, "video": 7}},
		},
	},
	"worries": {
		responses: 1300,
		voices:    map[exercise.Voice]int{exercise.Self: 82, exercise.Helped: 14, exercise.Worker: 4},
		ages:      []string{"8-11", "12-15", "16-17"},
		questions: map[string]shape{
			"who-talk": {weights: map[string]int{"family": 48, "friend": 44, "school": 22, "nurse-doctor": 7, "phone-line": 6, "other": 5}},
			"stops":    {weights: map[string]int{"who": 17, "told-on": 24, "believed": 14, "too-long": 18, "words": 17, "place": 7, "other": 3}},
			"waited":   {scale: 5, weights: map[string]int{"at-once": 18, "days": 16, "weeks": 17, "months": 16, "still": 13, "not-asked": 20}},
		},
	},
	"getting-there": {
		responses: 900,
		voices:    map[exercise.Voice]int{exercise.Self: 84, exercise.Helped: 12, exercise.Worker: 4},
		ages:      []string{"8-11", "12-15", "16-17", "18-25"},
		questions: map[string]shape{
			"places":  {weights: map[string]int{"park": 34, "sport": 27, "club": 14, "friends": 40, "shops": 25, "library": 9, "beach": 38}},
			"how":     {weights: map[string]int{"walk": 33, "bike": 14, "bus": 24, "train": 4, "car": 22, "taxi": 3}},
			"minutes": {ranges: []span{{3, 10, 28}, {11, 20, 32}, {21, 35, 22}, {36, 60, 13}, {61, 110, 5}}},
			"unsafe":  {weights: map[string]int{"traffic": 42, "dark": 38, "people": 30, "pavement": 24, "alone": 20, "other": 6}},
		},
	},
	"friends-and-family": {
		responses: 600,
		voices:    map[exercise.Voice]int{exercise.Self: 42, exercise.Helped: 8, exercise.Proxy: 32, exercise.Carer: 15, exercise.Worker: 3},
		questions: map[string]shape{
			"overall": {scale: 5, weights: map[string]int{"very-good": 52, "good": 24, "neither": 9, "poor": 7, "very-poor": 6, "dont-know": 2}},
			"service": {weights: map[string]int{"children": 38, "community": 22, "mental-health": 14, "secure": 1, "ambulance": 6, "patient-transport": 4, "nhs-111": 11, "other": 4}},
		},
	},
}
