package disclosure

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// snapshot is what a large exercise publishes at once: questions of many options by groups, all linked by the
// sizes of the groups.
func snapshot(tables, options int, sizes []int64) []Raw {
	random := rand.New(rand.NewPCG(1, 2))
	groups := dim("place", Group, len(sizes))
	out := make([]Raw, tables)
	for n := range out {
		out[n] = NewRaw(Shape{Name: fmt.Sprint("t", n), Dims: []Dim{dim(fmt.Sprint("q", n), Answer, options), groups}})
		for g, size := range sizes {
			for range size {
				// A few options are liked by many, most by few, as in real surveys.
				o := int(float64(options) * random.Float64() * random.Float64())
				out[n].Counts[o*len(sizes)+g]++
			}
		}
	}
	return out
}

func TestLargeSnapshotIsPublishedInSeconds(t *testing.T) {
	for name, sizes := range map[string][]int64{
		"two groups under the floor": {6, 9, 14, 60, 150, 400, 900, 2000},
		"large groups only":          {300, 300, 200, 400, 500, 600, 300, 200},
		"groups of nobody":           {0, 0, 0, 0, 0, 0, 3, 2000},
		"small groups only":          {0, 0, 0, 0, 12, 13, 14, 15},
	} {
		t.Run(name, func(t *testing.T) {
			tables := snapshot(60, 40, sizes)
			start := time.Now()
			release := publish(t, nil, tables...)
			took := time.Since(start)
			shown, all := 0, 0
			for _, table := range release.Tables {
				for _, f := range table.Figures {
					all++
					if f.shown {
						shown++
					}
				}
			}
			t.Logf("%d of %d figures shown, %v", shown, all, took)
			if shown == 0 || took > time.Minute {
				t.Errorf("%d shown after %v", shown, took)
			}
		})
	}
}

func BenchmarkPublish(b *testing.B) {
	tables := snapshot(60, 40, []int64{6, 9, 14, 60, 150, 400, 900, 2000})
	for b.Loop() {
		if _, err := Publish(Standard(), nil, tables); err != nil {
			b.Fatal(err)
		}
	}
}
