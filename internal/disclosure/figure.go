package disclosure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// Hidden is how a figure that is not shown is written.
const Hidden = "*"

// Figure is a published count of people: rounded, or hidden. The zero value is hidden. Outside this package
// a shown figure comes only from Publish, PublishLedger or the decoding of what they made.
type Figure struct {
	shown bool
	n     int64
}

// Shown says whether the figure may be read.
func (f Figure) Shown() bool { return f.shown }

// N returns the rounded count, 0 when the figure is hidden: ask Shown first.
func (f Figure) N() int { return int(f.n) }

// String returns the rounded count in digits, or Hidden.
func (f Figure) String() string {
	if !f.shown {
		return Hidden
	}
	return strconv.FormatInt(f.n, 10)
}

// MarshalJSON writes a number, or the string "*".
func (f Figure) MarshalJSON() ([]byte, error) {
	if !f.shown {
		return []byte(`"` + Hidden + `"`), nil
	}
	return []byte(f.String()), nil
}

// UnmarshalJSON reads what MarshalJSON writes and nothing else.
func (f *Figure) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte(`"`+Hidden+`"`)) {
		*f = Figure{}
		return nil
	}
	var n *int64
	if err := json.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("disclosure: read figure: %w", err)
	}
	if n == nil || *n < 0 {
		return fmt.Errorf("disclosure: %s is not a figure", b)
	}
	*f = Figure{shown: true, n: *n}
	return nil
}
