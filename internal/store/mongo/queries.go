package mongo

import "slices"

// A query is one kind of filter that this package sends on a sharded collection. Fields are those that the filter
// holds, in order; a field with dots behind it is bounded from one or both sides, the others are equal to a value or
// to one of several.
type query struct {
	collection string
	fields     []string
	rare       string // why it may ask every shard: how seldom it is sent; empty: it is sent all the time
}

const (
	everyHour = "the sweep, once an hour"
	byCommand = "a command of the operator"
	takenAway = "somebody declines, or takes a draft back"
	onceADay  = "staff look how many codes were spent, the first time in a day; a batch is made, or cancelled"
	closed    = "staff look how many voted, and count when the vote has closed"
)

// queries are all of them. The tests fail when another is sent.
var queries = []query{
	{drafts, []string{"_id"}, ""},
	{drafts, []string{"_id", "revision"}, ""},
	{drafts, []string{"_id", "last_page..."}, ""},
	{drafts, []string{"last_page..."}, everyHour},
	{drafts, nil, byCommand},
	{receipts, []string{"_id"}, ""},
	{receipts, []string{"draft"}, takenAway},
	{receipts, []string{"day", "draft"}, everyHour},
	{receipts, nil, byCommand},
	{responses, []string{"_id", "area", "survey"}, ""},
	{responses, []string{"_id", "area", "survey", "withdrawn..."}, ""},
	{responses, []string{"_id...", "area", "survey"}, ""},
	{responses, []string{"_id...", "area", "changes...", "survey"}, ""},
	{responses, []string{"area", "survey"}, ""},
	{responses, nil, byCommand},
	{backgrounds, []string{"_id", "area", "survey"}, ""},
	{backgrounds, []string{"_id...", "area", "survey"}, ""},
	{backgrounds, nil, byCommand},
	{ballots, []string{"_id"}, ""},
	{ballots, []string{"_id", "revision"}, ""},
	{ballots, []string{"exercise"}, closed},
	{ballots, nil, byCommand},
	{ballotBackgrounds, []string{"_id"}, ""},
	{ballotBackgrounds, []string{"_id", "revision"}, ""},
	{ballotBackgrounds, []string{"exercise"}, closed},
	{ballotBackgrounds, nil, byCommand},
	{codes, []string{"_id"}, ""},
	{codes, []string{"_id", "spent"}, ""},
	{codes, []string{"batch"}, onceADay},
	{codes, []string{"batch", "spent"}, onceADay},
	{codes, nil, byCommand},
}

// scatters says whether every shard must be asked: a filter leads to one, or to few, if it says what the first field
// of the shard key is.
func (q query) scatters() bool {
	return !slices.Contains(q.fields, ShardKeys[q.collection][0].Key)
}
