// Package report is the summary for a board: frozen snapshots of what people said, what a person approved of
// them, and what the board answers.
package report
