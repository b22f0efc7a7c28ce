package main

import (
	"testing"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

func TestTheDemonstrationIsOpenInEveryYear(t *testing.T) {
	for _, today := range []exercise.Day{"2026-01-01", "2026-09-30", "2026-10-01", "2026-12-31", "2027-01-30", "2027-02-01", "2031-02-28", "2032-02-29"} {
		sv := survey.Survey{Opens: "2026-10-01", Closes: "2027-01-31"}
		sv.Decision.On = "2027-03-14"
		reopen(&sv, today)
		if !sv.OpenOn(today) || !sv.OpenOn(today.Add(7)) || sv.Decision.On <= sv.Closes {
			t.Errorf("on %s it is open from %s to %s and decided on %s", today, sv.Opens, sv.Closes, sv.Decision.On)
		}
	}
}
