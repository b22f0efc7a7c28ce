package exercise

import (
	"fmt"
	"time"
)

// Day is a calendar day, "2006-01-02". The order of the strings is the order of the days. Nothing finer
// is kept with what people say.
type Day string

// DayOf returns the day of t in its own time zone.
func DayOf(t time.Time) Day { return Day(t.Format(time.DateOnly)) }

// ParseDay reads "2006-01-02".
func ParseDay(s string) (Day, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("%q is not a day written as 2026-01-31", s)
	}
	return Day(s), nil
}

// Time returns midnight UTC at the start of the day, the zero time for an empty or wrong day.
func (d Day) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Add returns the day n days later.
func (d Day) Add(n int) Day { return DayOf(d.Time().AddDate(0, 0, n)) }
