package demonstration

import (
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"math/rand/v2"
)

// draw is a source of chance, in whole numbers only.
type draw struct{ pcg rand.PCG }

// begin starts the draws for one response.
func (d *draw) begin(seed uint64, survey string, number int) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(survey)) // never fails
	d.pcg.Seed(seed^h.Sum64(), mix(uint64(number)))
	d.pcg.Uint64()
}

// mix spreads neighbouring numbers over all 64 bits (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below draws 0 ≤ x < n, for n up to 2³².
func (d *draw) below(n int) int { return int((d.pcg.Uint64() >> 32) * uint64(n) >> 32) }

// percent is true p times in a hundred.
func (d *draw) percent(p int) bool { return d.below(100) < p }

// pick draws a position of the weights, each as often as its weight says; -1 when all are 0.
func (d *draw) pick(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	if total == 0 {
		return -1
	}
	x := d.below(total)
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return -1
}

// id draws 128 bits, hex.
func (d *draw) id() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], d.pcg.Uint64())
	binary.BigEndian.PutUint64(b[8:], d.pcg.Uint64())
	return hex.EncodeToString(b[:])
}
