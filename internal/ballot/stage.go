package ballot

import "sayso/internal/exercise"

// Ideas names the question of a survey in which people told their ideas for projects.
type Ideas struct {
	Survey   string `yaml:"survey" json:"survey"`
	Question string `yaml:"question" json:"question"`
}

// Stage is a part of the way from ideas to what becomes of them.
type Stage string

// The stages, in their order.
const (
	Gathering  Stage = "ideas"    // people tell their ideas
	Shaping    Stage = "shaping"  // projects are made of them, and costed
	Voting     Stage = "voting"   // people vote
	Deciding   Stage = "deciding" // votes are counted, and the board decides
	Delivering Stage = "delivery" // the board tells what becomes of the projects
)

// Stretch is a stage with its days, empty where they are not known.
type Stretch struct {
	Stage    Stage
	From, To exercise.Day
	Now      bool // it is this stage today
}

// Stages returns the stages of the exercise and which it is today. gathered are the days of the survey in which ideas are
// told, empty where they are not known; public says whether the outcome can be read.
func (e *Exercise) Stages(today exercise.Day, gathered [2]exercise.Day, public bool) []Stretch {
	var out []Stretch
	shaping := Stretch{Stage: Shaping, To: e.Opens.Add(-1)}
	if e.Ideas != nil {
		out = append(out, Stretch{Stage: Gathering, From: gathered[0], To: gathered[1]})
		if last := gathered[1]; last != "" && last < shaping.To {
			shaping.From = last.Add(1)
		}
	}
	out = append(out, shaping, Stretch{Stage: Voting, From: e.Opens, To: e.Closes},
		Stretch{Stage: Deciding, From: e.Closes.Add(1), To: e.Decision.On}, Stretch{Stage: Delivering, From: e.Decision.On})
	now := e.stageOn(today, gathered, public)
	for i := range out {
		out[i].Now = out[i].Stage == now
	}
	return out
}

func (e *Exercise) stageOn(today exercise.Day, gathered [2]exercise.Day, public bool) Stage {
	switch {
	case today < e.Opens && e.Ideas != nil && gathered[0] != "" && today < gathered[0]:
		return ""
	case today < e.Opens && e.Ideas != nil && today <= gathered[1]:
		return Gathering
	case today < e.Opens:
		return Shaping
	case today <= e.Closes:
		return Voting
	case !public || today < e.Decision.On:
		return Deciding
	}
	return Delivering
}
