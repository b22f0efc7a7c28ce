package disclosure

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// snapshot is what a large exercise publishes at once: 60 questions of 40 options for 8 groups, all linked by
// the sizes of the groups, two of which are under the floor.
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
	tables := snapshot(60, 40, []int64{6, 9, 14, 60, 150, 400, 900, 2000})
	start := time.Now()
	release := publish(t, nil, tables...)
	shown, all := 0, 0
	for _, table := range release.Tables {
		for _, f := range table.Figures {
			all++
			if f.shown {
				shown++
			}
		}
	}
	t.Logf("%d of %d figures shown, %v", shown, all, time.Since(start))
	if shown == 0 {
		t.Error("nothing is shown")
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("took %v", took)
	}
}
