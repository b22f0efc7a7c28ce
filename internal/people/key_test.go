package people

import (
	"bytes"
	"context"
	"crypto/rand"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"sayso/internal/fault"
)

func TestNewKeyDrawsAllPicturesAlike(t *testing.T) {
	p, err := ParsePictures(pictureFile(t, fill(nil)))
	if err != nil {
		t.Fatal(err)
	}
	const keys = 20_000
	var at [keyPictures][]int
	for i := range at {
		at[i] = make([]int, p.Len())
	}
	for range keys {
		k, err := p.NewKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for i, n := range k {
			at[i][n]++
		}
		if !different(k) {
			t.Fatalf("%v has a picture twice", k)
		}
	}
	// Chi-squared over all pictures at each place; the mean is n-1, and 6 deviations happen once in 10^8.
	free := float64(p.Len() - 1)
	for i, counts := range at {
		want, chi := float64(keys)/float64(p.Len()), 0.0
		for _, c := range counts {
			chi += (float64(c) - want) * (float64(c) - want) / want
		}
		if math.Abs(chi-free) > 6*math.Sqrt(2*free) {
			t.Errorf("place %d: chi² %.0f, want %.0f", i, chi, free)
		}
	}
}

func TestNewKeyDrawsNoneThatReadsAsAnother(t *testing.T) {
	p := testPictures(t)
	pick := func(ids ...string) Key {
		k, err := p.Pick(ids)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	// "haul" is the sun in Welsh; the other five have the same name in Welsh and in English.
	both := pick("sun", "family", "t-rex", "two-oclock", "made-1", "made-2")
	if p.plain(both) {
		t.Error("the sun and five pictures without a Welsh name can be read as the haul and those five")
	}
	if !p.plain(pick("sun", "fox", "t-rex", "two-oclock", "made-1", "made-2")) {
		t.Error("with a fox among them they can be read in one way only")
	}
	var random bytes.Buffer
	one := pick("fox", "sun", "ice", "house", "horse", "boot")
	for _, n := range append(both[:], one[:]...) {
		random.Write([]byte{byte(n >> 8), byte(n)})
	}
	if k, err := p.NewKey(&random); err != nil || k != one {
		t.Errorf("drew %v, %v; want the second key, %v", k, err, one)
	}
}

func TestDrawThrowsTheIncompleteRoundAway(t *testing.T) {
	// 65,536 = 163·400 + 336, so 65,200 and above are not used.
	got, err := draw(strings.NewReader("\xfe\xb0\xff\xff\xfe\xaf"), 400)
	if err != nil || got != 399 {
		t.Errorf("drew %d, %v; want 399", got, err)
	}
	if _, err := testPictures(t).NewKey(strings.NewReader("12345")); err == nil {
		t.Error("made a key out of too little randomness")
	}
}

func different(k Key) bool {
	seen := map[uint16]bool{}
	for _, n := range k {
		seen[n] = true
	}
	return len(seen) == len(k)
}

func TestPickRefuses(t *testing.T) {
	p := testPictures(t)
	for want, ids := range map[string]string{
		"people.key_count": "fox sun ice house horse",
		"people.key_twice": "fox sun ice house horse fox",
	} {
		_, err := p.Pick(strings.Fields(ids))
		checkKey(t, err, fault.Invalid, want)
	}
	_, err := p.Pick([]string{"fox", "sun", "ice", "house", "horse", "nothing"})
	checkKey(t, err, fault.Invalid, "people.key_count")
}

func TestGuessing(t *testing.T) {
	for _, c := range []struct {
		pictures, live int
		perSecond      float64
		keys           float64
		chance, years  float64
	}{
		{400, 557_077, 10.0 / 60, 400 * 399 * 398 * 397 * 396 * 395, 1.412e-10, 1346},
		{400, 557_077, 1000 * 10.0 / 60, 400 * 399 * 398 * 397 * 396 * 395, 1.412e-10, 1.346},
		{400, 557_077, 2, 400 * 399 * 398 * 397 * 396 * 395, 1.412e-10, 112.2},
		{400, 557_077, 200, 400 * 399 * 398 * 397 * 396 * 395, 1.412e-10, 1.122},
		{600, 557_077, 10.0 / 60, 600 * 599 * 598 * 597 * 596 * 595, 1.224e-11, 15520},
		{6, 720, 1, 720, 1, 1 / 31_557_600.0},
	} {
		g := Guessing(c.pictures, c.live, c.perSecond)
		if !about(g.Keys, c.keys) || !about(g.Chance, c.chance) || !about(g.Years, c.years) {
			t.Errorf("%d pictures, %d live, %g a second: %+v", c.pictures, c.live, c.perSecond, g)
		}
	}
	if g := Guessing(400, 0, 1); g.Chance != 0 || !math.IsInf(g.Years, 1) {
		t.Errorf("with no key live: %+v", g)
	}
}

func about(got, want float64) bool { return math.Abs(got-want) <= want*1e-3 }

func testHasher(tb testing.TB, s Secrets) (*Hasher, Key) {
	tb.Helper()
	p := testPictures(tb)
	h, err := NewHasher(s, p)
	if err != nil {
		tb.Fatal(err)
	}
	k, err := p.Pick([]string{"fox", "sun", "ice", "house", "horse", "boot"})
	if err != nil {
		tb.Fatal(err)
	}
	return h, k
}

func TestHashesAreOnePerSecretNewestFirst(t *testing.T) {
	old := NewSecrets()
	before, k := testHasher(t, old)
	kept, err := before.Hash(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	after, _ := testHasher(t, NewSecrets().Before(old))
	hashes, err := after.Hashes(t.Context(), k)
	if err != nil || len(hashes) != 2 || hashes[1] != kept || hashes[0] == kept {
		t.Fatalf("%v, %v; want the second to be %s", hashes, err, kept)
	}
	if newest, err := after.Hash(t.Context(), k); err != nil || newest != hashes[0] {
		t.Errorf("the newest is %s, %v", newest, err)
	}
	k[0], k[1] = k[1], k[0]
	if other, err := before.Hash(t.Context(), k); err != nil || other == kept {
		t.Errorf("another order gives %s, %v", other, err)
	}
	if _, err := NewHasher(Secrets{}, nil); err == nil {
		t.Error("made a hasher without a secret")
	}
}

func TestHashDoesNotDependOnTheOrderOfTheList(t *testing.T) {
	s := NewSecrets()
	h, k := testHasher(t, s)
	all := h.pictures.All()
	all = append([]Picture{{ID: "new", File: "new.svg", Names: map[string]string{"en": "brand new"}}}, all...)
	p, err := ParsePictures(pictureFile(t, all))
	if err != nil {
		t.Fatal(err)
	}
	later, err := NewHasher(s, p)
	if err != nil {
		t.Fatal(err)
	}
	var moved Key
	for i := range k {
		moved[i] = k[i] + 1
	}
	a, errA := h.Hash(t.Context(), k)
	b, errB := later.Hash(t.Context(), moved)
	if a != b || errA != nil || errB != nil {
		t.Errorf("%s, %v before; %s, %v after a picture was put in front", a, errA, b, errB)
	}
}

func TestGateLetsFewIn(t *testing.T) {
	g, release := make(gate, 2), make(chan struct{})
	var inside, most atomic.Int32
	entered := make(chan struct{}, 10)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			err := g.run(context.Background(), func() {
				most.Store(max(most.Load(), inside.Add(1)))
				entered <- struct{}{}
				<-release
				inside.Add(-1)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	<-entered
	<-entered
	gone, leave := context.WithCancel(t.Context())
	leave()
	err := g.run(gone, func() { t.Error("ran for one who had gone") })
	checkKey(t, err, fault.Unavailable, "people.busy")
	close(release)
	wg.Wait()
	if most.Load() > 2 {
		t.Errorf("%d at once", most.Load())
	}
}

func BenchmarkHash(b *testing.B) {
	h, k := testHasher(b, NewSecrets())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.Hash(b.Context(), k); err != nil {
			b.Fatal(err)
		}
	}
}
