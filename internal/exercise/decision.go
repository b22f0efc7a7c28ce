package exercise

// Decision is what an exercise feeds: what will be decided, who decides, and when they meet.
type Decision struct {
	What Text `yaml:"what" json:"what"`
	Who  Text `yaml:"who" json:"who"`
	On   Day  `yaml:"on" json:"on"`
}

// AgeBands are the bands in which ages are asked and shown; children of different ages are not one group.
var AgeBands = []string{"0-3", "4-7", "8-11", "12-15", "16-17", "18-25", "26+"}

// Voice says who speaks. Voices are never merged unmarked.
type Voice string

// The voices.
const (
	Self   Voice = "self"   // a child or young person, alone
	Helped Voice = "helped" // a child or young person, somebody helps to read or write
	Proxy  Voice = "proxy"  // a parent or carer about their child
	Carer  Voice = "carer"  // a parent or carer, for themselves
	Worker Voice = "worker" // a worker, for a child who asked them to
)

// Voices are all voices in the order in which they are offered and reported.
var Voices = []Voice{Self, Helped, Proxy, Carer, Worker}
