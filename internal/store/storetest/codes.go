package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"sayso/internal/admission"
	"sayso/internal/fault"
	"sayso/internal/people"
)

func batch(id string) admission.Batch {
	return admission.Batch{ID: id, Revision: 1, Exercise: "b/early", Area: "riverside", Name: "Year 6, é", Day: "2126-05-01", Count: 30,
		Made: 12, State: admission.Making, Seed: "k1.sealed", Secret: "k1", Dropped: []uint32{7, 4_000_000_000}, Holder: "one", HeldTo: kept,
		Used: 10, UsedOn: "2126-05-02"}
}

// hashes are n hashes of codes, the first of the number from.
func hashes(from, n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("k1:%06d", from+i))
	}
	return out
}

// fillCodes keeps some batches and slips.
func fillCodes(t testing.TB, s Stores) {
	t.Helper()
	for i := range 3 {
		must(t, s.CreateBatch(t.Context(), batch(fmt.Sprint("batch", i))))
		taken, err := s.AddSlips(t.Context(), fmt.Sprint("batch", i), hashes(1000*i, 40))
		must(t, err)
		same(t, len(taken), 0)
		must(t, s.SpendSlip(t.Context(), hashes(1000*i, 40)[7]))
	}
}

// loadCodes loads a document of each collection and wants it to be there as it was.
func loadCodes(t *testing.T, s Stores) {
	t.Helper()
	b, slip := batch("b"), admission.Slip{Hash: "k1:x", Batch: "b", Spent: true}
	b.Revision, b.State = 6, admission.Given
	must(t, load(t, s, "code_batches", b))
	must(t, load(t, s, "codes", slip, admission.Slip{Hash: "k1:y", Batch: "b"}))
	gotBatch, err := s.Batch(t.Context(), "b")
	must(t, err)
	same(t, gotBatch, b)
	got, err := s.Slip(t.Context(), "k1:x")
	must(t, err)
	same(t, got, slip)
	same(t, documents[admission.Slip](t, s, "codes"), []admission.Slip{slip, {Hash: "k1:y", Batch: "b"}})
	wantFault(t, load(t, s, "codes", slip), fault.Conflict)
}

var codes = []promise{
	{"Codes/batches", func(t *testing.T, s Stores) {
		_, err := s.Batch(t.Context(), "two")
		wantFault(t, err, fault.NotFound)
		_, err = s.UpdateBatch(t.Context(), "two", func(*admission.Batch) error { t.Error("called"); return nil })
		wantFault(t, err, fault.NotFound)
		other := batch("other")
		other.Exercise = "s/early"
		held := batch("one")
		held.HeldTo = moment // finer than a store keeps
		for _, b := range []admission.Batch{batch("two"), other, held} {
			must(t, s.CreateBatch(t.Context(), b))
		}
		wantFault(t, s.CreateBatch(t.Context(), batch("two")), fault.Conflict)
		all, err := s.BatchesOf(t.Context(), "b/early")
		must(t, err)
		same(t, all, []admission.Batch{batch("one"), batch("two")})
		none, err := s.BatchesOf(t.Context(), "b/other")
		must(t, err)
		same(t, len(none), 0)
		changed, err := s.UpdateBatch(t.Context(), "two", func(b *admission.Batch) error {
			b.State, b.Seed, b.Dropped, b.HeldTo = admission.Given, "", nil, time.Time{}
			return nil
		})
		must(t, err)
		want := batch("two")
		want.Revision, want.State, want.Seed, want.Dropped, want.HeldTo = 2, admission.Given, "", nil, time.Time{}
		same(t, changed, want)
		got, err := s.Batch(t.Context(), "two")
		must(t, err)
		same(t, got, want)
		mine := errors.New("mine")
		if _, err := s.UpdateBatch(t.Context(), "two", func(b *admission.Batch) error { b.Name = "x"; return mine }); err != mine {
			t.Errorf("got %v, want the error as it was", err)
		}
	}},
	{"Codes/slips are added once", func(t *testing.T, s Stores) {
		taken, err := s.AddSlips(t.Context(), "one", hashes(0, 600))
		must(t, err)
		same(t, len(taken), 0)
		taken, err = s.AddSlips(t.Context(), "two", nil)
		must(t, err)
		same(t, len(taken), 0)
		must(t, s.SpendSlip(t.Context(), "k1:000599"))
		taken, err = s.AddSlips(t.Context(), "one", hashes(500, 200)) // it goes on after a crash
		must(t, err)
		same(t, len(taken), 0)
		taken, err = s.AddSlips(t.Context(), "two", hashes(698, 4))
		must(t, err)
		slices.Sort(taken)
		same(t, taken, []string{"k1:000698", "k1:000699"})
		for id, want := range map[string][2]int{"one": {700, 1}, "two": {2, 0}, "three": {0, 0}} {
			made, spent, err := s.CountSlips(t.Context(), id)
			must(t, err)
			same(t, [2]int{made, spent}, want)
		}
		there, err := s.SlipsThere(t.Context(), []string{"k1:none", "k1:000701", "k1:000003"})
		must(t, err)
		slices.Sort(there)
		same(t, there, []string{"k1:000003", "k1:000701"})
		there, err = s.SlipsThere(t.Context(), nil)
		must(t, err)
		same(t, len(there), 0)
	}},
	{"Codes/spent once", func(t *testing.T, s Stores) {
		_, err := s.Slip(t.Context(), "k1:000001")
		wantFault(t, err, fault.NotFound)
		wantFault(t, s.SpendSlip(t.Context(), "k1:000001"), fault.NotFound)
		_, err = s.AddSlips(t.Context(), "one", hashes(0, 3))
		must(t, err)
		must(t, s.SpendSlip(t.Context(), "k1:000001"))
		wantFault(t, s.SpendSlip(t.Context(), "k1:000001"), fault.Conflict)
		for hash, spent := range map[string]bool{"k1:000000": false, "k1:000001": true} {
			slip, err := s.Slip(t.Context(), "k2:other", hash)
			must(t, err)
			same(t, slip, admission.Slip{Hash: hash, Batch: "one", Spent: spent})
		}
	}},
	{"Codes/one of many with the same code gets in", func(t *testing.T, s Stores) {
		_, err := s.AddSlips(t.Context(), "one", hashes(0, 3))
		must(t, err)
		oneWins(t, together(64, func(int) error { return s.SpendSlip(t.Context(), "k1:000001") }), fault.Conflict)
	}},
	{"Codes/dropped in portions", func(t *testing.T, s Stores) {
		for i, id := range []string{"one", "two"} {
			_, err := s.AddSlips(t.Context(), id, hashes(1000*i, 25))
			must(t, err)
		}
		for _, want := range []int{10, 10, 5, 0} {
			n, err := s.DropSlips(t.Context(), "one", 10)
			must(t, err)
			same(t, n, want)
		}
		made, _, err := s.CountSlips(t.Context(), "two")
		must(t, err)
		same(t, made, 25)
	}},
	{"Codes/one server makes a batch", func(t *testing.T, s Stores) {
		secrets := people.NewSecrets()
		var servers []*admission.Service
		for range 4 {
			one := admission.NewService(s, secrets, people.NewLog(s, time.Now), time.Now)
			t.Cleanup(one.Close)
			servers = append(servers, one)
		}
		b, err := servers[0].Order(t.Context(), people.CommandLine(), "s/worries", "riverside", "all", 300)
		must(t, err)
		for _, err := range together(len(servers), func(i int) error { return servers[i].Fill(t.Context(), b.ID, nil) }) {
			if err != nil {
				wantFault(t, err, fault.Conflict)
			}
		}
		made, _, err := s.CountSlips(t.Context(), b.ID)
		must(t, err)
		b, err = s.Batch(t.Context(), b.ID)
		must(t, err)
		same(t, []any{made, b.State, b.Made}, []any{300, admission.Ready, 300})
	}},
}
