package exercise

import (
	"bytes"
	"encoding/json"
)

// Same says whether two versions of a survey or a budget exercise say the same.
func Same[T any](a, b *T) (bool, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	y, err := json.Marshal(b)
	return bytes.Equal(x, y), err
}
