package people

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sayso/internal/fault"
)

func recorded(t *testing.T, n int) (*Log, *memory) {
	t.Helper()
	store, c := newMemory(), newClock()
	log := NewLog(store, c.now)
	for i := range n {
		c.pass(time.Duration(i) * 1234567 * time.Nanosecond)
		details := map[string]string{"way": "page", "rows": strings.Repeat("1", i+1)}
		if err := log.Record(t.Context(), Staff{ID: "s1"}, ActAnswersExported, "survey/worries", "north", details); err != nil {
			t.Fatal(err)
		}
	}
	return log, store
}

func TestLogIsAChain(t *testing.T) {
	_, store := recorded(t, 5)
	chain, err := Verify(store.Entries(t.Context(), 1))
	if err != nil || chain.Break != Whole || chain.Entries != 5 || chain.Head != store.entries[4].Hash {
		t.Errorf("a whole log gives %+v, %v", chain, err)
	}
	if empty, err := Verify(entriesOf(nil)); err != nil || empty != (Chain{}) {
		t.Errorf("an empty log gives %+v, %v", empty, err)
	}
}

func TestVerifySaysWhereItBreaks(t *testing.T) {
	for name, c := range map[string]struct {
		tamper func([]Entry) []Entry
		at     int64
		broken Break
	}{
		"details changed":     {func(e []Entry) []Entry { e[2].Details = map[string]string{"way": "x"}; return e }, 3, ContentBreak},
		"area changed":        {func(e []Entry) []Entry { e[2].Area = "south"; return e }, 3, ContentBreak},
		"time changed":        {func(e []Entry) []Entry { e[2].At = e[2].At.Add(time.Millisecond); return e }, 3, ContentBreak},
		"text moved over":     {func(e []Entry) []Entry { e[2].Area, e[2].Staff = "1north", "s"; return e }, 3, ContentBreak},
		"one removed":         {func(e []Entry) []Entry { return slices.Delete(e, 1, 2) }, 2, NumberBreak},
		"the first removed":   {func(e []Entry) []Entry { return e[1:] }, 1, NumberBreak},
		"two exchanged":       {func(e []Entry) []Entry { e[1], e[2] = e[2], e[1]; return e }, 2, NumberBreak},
		"changed and hashed":  {func(e []Entry) []Entry { e[2].Act = ActImported; e[2].Hash = e[2].sum(); return e }, 4, BeforeBreak},
		"made to follow none": {func(e []Entry) []Entry { e[0].Before = "00"; e[0].Hash = e[0].sum(); return e }, 1, BeforeBreak},
	} {
		_, store := recorded(t, 5)
		chain, err := Verify(entriesOf(c.tamper(store.entries)))
		if err != nil || chain.At != c.at || chain.Break != c.broken || chain.Entries != c.at-1 {
			t.Errorf("%s: %+v, %v; want a break of %s at %d", name, chain, err, c.broken, c.at)
		}
	}
}

func TestVerifyPassesOnAnErrorOfReading(t *testing.T) {
	_, store := recorded(t, 2)
	away := errors.New("away")
	chain, err := Verify(func(yield func(Entry, error) bool) {
		if yield(store.entries[0], nil) {
			yield(Entry{}, away)
		}
	})
	if !errors.Is(err, away) || chain.Entries != 1 {
		t.Errorf("%+v, %v", chain, err)
	}
}

func TestRecordTriesAgainWhenTheNumberIsTaken(t *testing.T) {
	log, store := recorded(t, 1)
	store.taken = 3
	if err := log.Record(t.Context(), Staff{ID: "s1"}, ActImported, "survey/worries", "", nil); err != nil || len(store.entries) != 2 {
		t.Errorf("%d entries, %v", len(store.entries), err)
	}
	store.taken = appendTries
	if err := log.Record(t.Context(), Staff{ID: "s1"}, ActImported, "survey/worries", "", nil); !fault.Is(err, fault.Conflict) {
		t.Errorf("gave %v for ever being second", err)
	}
}

func TestRecordOutlivesTheOneWhoActed(t *testing.T) {
	log, store := recorded(t, 0)
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := log.Record(gone, Staff{ID: "s1"}, ActImported, "survey/worries", "", nil); err != nil || len(store.entries) != 1 {
		t.Errorf("%d entries, %v", len(store.entries), err)
	}
}

func TestManyRecordAtOnce(t *testing.T) {
	store := newMemory()
	logs := []*Log{NewLog(store, newClock().now), NewLog(store, newClock().now)}
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			if err := logs[i%2].Record(context.Background(), Staff{ID: "s1"}, ActQuoteKept, "quote", "", nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if chain, err := Verify(store.Entries(t.Context(), 1)); err != nil || chain.Entries != 40 || chain.Break != Whole {
		t.Errorf("%+v, %v", chain, err)
	}
}

func TestActsAreMessageKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, act := range Acts {
		if !strings.HasPrefix(act, "audit.") || seen[act] {
			t.Errorf("%q is not a key of its own", act)
		}
		seen[act] = true
	}
}
