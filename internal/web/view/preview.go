package view

import "sayso/internal/exercise"

// PreviewLink is a link for colleagues to a preview, as it is shown once; empty where none was made.
type PreviewLink struct {
	Address string
	Until   exercise.Day // the last day on which it works
}
