package admission_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sayso/internal/admission"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/store/sqlite"
)

const worries = admission.Exercise("s/worries")

// office is a service over a store of its own.
type office struct {
	*admission.Service
	t       *testing.T
	store   *sqlite.Store
	secrets people.Secrets
	now     time.Time
}

func newOffice(t *testing.T) *office {
	t.Helper()
	store, err := sqlite.OpenTemporary(t.Context())
	must(t, err)
	o := &office{t: t, store: store, secrets: people.NewSecrets(), now: time.Date(2126, 5, 3, 12, 0, 0, 0, time.UTC)}
	o.opens(store)
	t.Cleanup(func() { o.Close(); must(t, store.Close()) })
	return o
}

// opens begins anew with the secrets as they are, as a server does after a restart.
func (o *office) opens(store admission.Store) {
	clock := func() time.Time { return o.now }
	if o.Service != nil {
		o.Close()
	}
	o.Service = admission.NewService(store, o.secrets, people.NewLog(o.store, clock), clock)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.Kind != kind || f.Key != key {
		t.Errorf("got %v, want %s %s", err, kind, key)
	}
}

var boss = people.CommandLine()

func (o *office) orders(name string, count int) admission.Batch {
	o.t.Helper()
	b, err := o.Order(o.t.Context(), boss, worries, "riverside", name, count)
	must(o.t, err)
	return b
}

func (o *office) makes(name string, count int) admission.Batch {
	o.t.Helper()
	b := o.orders(name, count)
	must(o.t, o.Fill(o.t.Context(), b.ID, nil))
	return b
}

func (o *office) gives(b admission.Batch) []people.Code {
	o.t.Helper()
	g, err := o.Give(o.t.Context(), boss, worries, b.ID, admission.CSV)
	must(o.t, err)
	all := reads(o.t, g)
	must(o.t, g.Done(o.t.Context()))
	return all
}

func reads(t *testing.T, g *admission.Giving) (all []people.Code) {
	t.Helper()
	for code, err := range g.Codes(t.Context()) {
		must(t, err)
		all = append(all, code)
	}
	return all
}

func (o *office) batch(id string) admission.Batch {
	o.t.Helper()
	b, err := o.store.Batch(o.t.Context(), id)
	must(o.t, err)
	return b
}

func TestCodesAreMadeGivenAndSpentOnce(t *testing.T) {
	o := newOffice(t)
	b := o.makes("Year 6", 9000)
	if b = o.batch(b.ID); b.State != admission.Ready || b.Made != 9000 || b.Holder != "" || b.Seed == "" {
		t.Fatalf("made %+v", b)
	}
	g, err := o.Give(t.Context(), boss, worries, b.ID, admission.CSV)
	must(t, err)
	first := reads(t, g)
	_, err = o.Give(t.Context(), boss, worries, b.ID, admission.CSV)
	refused(t, err, fault.Conflict, "admission.busy")
	must(t, g.BreakOff(t.Context()))
	codes := o.gives(b)
	if !slices.Equal(first, codes) || len(codes) != 9000 {
		t.Errorf("after a download that broke off there are %d other codes", len(codes))
	}
	if slices.Sort(first); len(slices.Compact(first)) != 9000 {
		t.Error("a code is there twice")
	}
	_, err = o.Give(t.Context(), boss, worries, b.ID, admission.CSV)
	refused(t, err, fault.Conflict, "admission.given_already")
	if b = o.batch(b.ID); b.State != admission.Given || b.Seed != "" {
		t.Errorf("given %+v", b)
	}
	e, err := o.Find(t.Context(), codes[8999])
	if err != nil || e != worries {
		t.Errorf("a code opens %s, %v", e, err)
	}
	must(t, o.Check(t.Context(), worries, codes[0]))
	refused(t, o.Spend(t.Context(), "b/worries", codes[0]), fault.Invalid, "admission.elsewhere")
	must(t, o.Spend(t.Context(), worries, codes[0]))
	refused(t, o.Spend(t.Context(), worries, codes[0]), fault.Invalid, "admission.spent")
	refused(t, o.Check(t.Context(), worries, "0000000000"), fault.Invalid, "admission.unknown")
	must(t, o.Cancel(t.Context(), boss, worries, b.ID))
	must(t, o.Cancel(t.Context(), boss, worries, b.ID))
	refused(t, o.Check(t.Context(), worries, codes[0]), fault.Invalid, "admission.spent")
	refused(t, o.Check(t.Context(), worries, codes[1]), fault.Invalid, "admission.cancelled")
}

func TestOrdersThatCannotBe(t *testing.T) {
	o := newOffice(t)
	board := people.Staff{ID: "one", Role: people.Board}
	_, err := o.Order(t.Context(), board, worries, "riverside", "x", 5)
	refused(t, err, fault.Forbidden, "error.forbidden")
	for _, count := range []int{-1, 0, admission.MostCodes + 1} {
		_, err := o.Order(t.Context(), boss, worries, "riverside", "x", count)
		refused(t, err, fault.Invalid, "admission.count")
	}
	for _, name := range []string{"", " \t ", strings.Repeat("é", 61)} {
		_, err := o.Order(t.Context(), boss, worries, "riverside", name, 5)
		refused(t, err, fault.Invalid, "admission.name")
	}
	b := o.orders(strings.Repeat("é", 60), 1001)
	_, err = o.Order(t.Context(), boss, worries, "riverside", "other", 5)
	refused(t, err, fault.Conflict, "admission.busy")
	_, err = o.Give(t.Context(), boss, worries, b.ID, admission.CSV)
	refused(t, err, fault.Conflict, "admission.not_ready")
	must(t, o.Fill(t.Context(), b.ID, nil))
	refused(t, o.Fill(t.Context(), b.ID, nil), fault.Conflict, "admission.busy")
	_, err = o.Order(t.Context(), boss, worries, "riverside", " "+b.Name+" ", 5)
	refused(t, err, fault.Invalid, "admission.name_taken")
	_, err = o.Give(t.Context(), boss, worries, b.ID, admission.Sheets)
	refused(t, err, fault.Invalid, "admission.too_many_to_print")
	_, err = o.Give(t.Context(), boss, "b/worries", b.ID, admission.CSV)
	refused(t, err, fault.NotFound, "admission.no_batch")
	_, err = o.Give(t.Context(), board, worries, b.ID, admission.CSV)
	refused(t, err, fault.Forbidden, "error.forbidden")
	_, err = o.Resume(t.Context(), board, worries, b.ID)
	refused(t, err, fault.Forbidden, "error.forbidden")
	refused(t, o.Cancel(t.Context(), board, worries, b.ID), fault.Forbidden, "error.forbidden")
}

// falls is a store that goes away after some portions.
type falls struct {
	admission.Store
	portions int
}

var errFell = errors.New("it went away")

func (f *falls) AddSlips(ctx context.Context, batch string, hashes []string) ([]string, error) {
	if f.portions--; f.portions < 0 {
		return nil, errFell
	}
	return f.Store.AddSlips(ctx, batch, hashes)
}

func TestInterruptedMakingGoesOn(t *testing.T) {
	for name, other := range map[string]people.Secrets{"the same secret": {}, "a newer secret": people.NewSecrets()} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.opens(&falls{o.store, 2})
			b := o.orders("Year 6", 10_000)
			if err := o.Fill(t.Context(), b.ID, nil); !errors.Is(err, errFell) {
				t.Fatalf("got %v", err)
			}
			if b = o.batch(b.ID); b.State != admission.Making || b.Made != 8000 || b.Held(o.now) {
				t.Fatalf("interrupted, it is %+v", b)
			}
			if !other.Empty() {
				o.secrets = other.Before(o.secrets)
			}
			o.opens(o.store)
			_, err := o.Resume(t.Context(), boss, worries, b.ID)
			must(t, err)
			told := 0
			must(t, o.Fill(t.Context(), b.ID, func(made, total int) { told = made }))
			made, _, err := o.store.CountSlips(t.Context(), b.ID)
			if err != nil || made != 10_000 || told != 10_000 {
				t.Errorf("%d were made, %d told, %v", made, told, err)
			}
			for _, code := range o.gives(b)[:500] {
				must(t, o.Spend(t.Context(), worries, code))
				refused(t, o.Spend(t.Context(), worries, code), fault.Invalid, "admission.spent")
			}
			_, err = o.Resume(t.Context(), boss, worries, b.ID)
			refused(t, err, fault.Conflict, "admission.busy")
		})
	}
}

func TestAKilledServerLetsGoAfterAWhile(t *testing.T) {
	o := newOffice(t)
	b := o.orders("Year 6", 30)
	_, err := o.store.UpdateBatch(t.Context(), b.ID, func(b *admission.Batch) error {
		b.Holder, b.HeldTo = "killed", o.now.Add(30*time.Second)
		return nil
	})
	must(t, err)
	_, err = o.Resume(t.Context(), boss, worries, b.ID)
	refused(t, err, fault.Conflict, "admission.busy")
	refused(t, o.Fill(t.Context(), b.ID, nil), fault.Conflict, "admission.busy")
	o.now = o.now.Add(31 * time.Second)
	must(t, o.Fill(t.Context(), b.ID, nil))
}

// cancels is a store in which somebody cancels the batch while it is made.
type cancels struct {
	admission.Store
	cancel func()
}

func (c *cancels) AddSlips(ctx context.Context, batch string, hashes []string) ([]string, error) {
	c.cancel()
	return c.Store.AddSlips(ctx, batch, hashes)
}

func TestCancelledWhileItIsMade(t *testing.T) {
	o := newOffice(t)
	b := o.orders("Year 6", 9000)
	other := admission.NewService(o.store, o.secrets, people.NewLog(o.store, time.Now), time.Now)
	defer other.Close()
	o.opens(&cancels{o.store, func() { must(t, other.Cancel(t.Context(), boss, worries, b.ID)); other.Wait() }})
	if err := o.Fill(t.Context(), b.ID, nil); err == nil {
		t.Error("a cancelled batch was made")
	}
	made, _, err := o.store.CountSlips(t.Context(), b.ID)
	if b = o.batch(b.ID); err != nil || made != 0 || b.State != admission.Cancelled || b.Seed != "" {
		t.Errorf("%d codes are left of %+v, %v", made, b, err)
	}
}

// taken is a store in which some of the first codes are another batch's already.
type taken struct {
	admission.Store
	first bool
}

func (s *taken) AddSlips(ctx context.Context, batch string, hashes []string) ([]string, error) {
	if !s.first {
		s.first = true
		if _, err := s.Store.AddSlips(ctx, "another", hashes[:3]); err != nil {
			return nil, err
		}
	}
	return s.Store.AddSlips(ctx, batch, hashes)
}

func TestCodesOfOtherBatchesAreLeftOut(t *testing.T) {
	o := newOffice(t)
	o.opens(&taken{Store: o.store})
	b := o.makes("Year 6", 5000)
	codes := o.gives(b)
	if b = o.batch(b.ID); len(b.Dropped) != 3 || len(codes) != 5000 {
		t.Errorf("%d codes, dropped %v", len(codes), b.Dropped)
	}
	for _, code := range codes {
		slip, err := o.store.Slip(t.Context(), o.secrets.HashCode("admission", code))
		if err != nil || slip.Batch != b.ID {
			t.Fatalf("a code is of the batch %q, %v", slip.Batch, err)
		}
	}
}

func TestCodesOfOlderSecretsStayGood(t *testing.T) {
	o := newOffice(t)
	older := o.gives(o.makes("Year 6", 40))
	o.secrets = people.NewSecrets().Before(o.secrets)
	o.opens(o.store)
	newer := o.gives(o.makes("Year 7", 40))
	for _, code := range append(older, newer...) {
		must(t, o.Spend(t.Context(), worries, code))
	}
}

// TestWhatIsToldOfUsedCodes looks at every number of codes spent: what is told is true, counted once a day, and never
// nearer to none or all than ten.
func TestWhatIsToldOfUsedCodes(t *testing.T) {
	o := newOffice(t)
	const count = 43
	b := o.makes("Year 6", count)
	small := o.makes("few", 19)
	codes := o.gives(b)
	o.gives(small)
	told := map[admission.AtLeast]bool{}
	for spent := range count + 1 {
		o.now = o.now.Add(24 * time.Hour)
		if spent > 0 {
			must(t, o.Spend(t.Context(), worries, codes[spent-1]))
		}
		for range 2 {
			for _, one := range o.lists() {
				switch {
				case one.ID == small.ID && (one.Tells() || one.Used != 0):
					t.Errorf("of a small batch %d are told", one.Used)
				case one.ID == b.ID && (int(one.Used) > spent || int(one.Used) > count-10 || one.Used%10 != 0 || one.Used == 0 && spent >= 10):
					t.Errorf("of %d spent %d are told", spent, one.Used)
				case one.ID == b.ID:
					told[one.Used] = true
				}
			}
		}
	}
	if len(told) != 4 { // 0, 10, 20, 30
		t.Errorf("told %v", told)
	}
}

func (o *office) lists() []admission.Batch {
	o.t.Helper()
	all, err := o.List(o.t.Context(), worries)
	must(o.t, err)
	return all
}

func TestAFigureStaysForTheDay(t *testing.T) {
	o := newOffice(t)
	b := o.makes("Year 6", 60)
	codes := o.gives(b)
	if got := o.lists()[0].Used; got != 0 {
		t.Errorf("told %d of none", got)
	}
	for _, code := range codes[:35] {
		must(t, o.Spend(t.Context(), worries, code))
	}
	if got := o.lists()[0].Used; got != 0 {
		t.Errorf("told %d on the same day", got)
	}
	o.now = o.now.Add(24 * time.Hour)
	if got := o.lists()[0].Used; got != 30 {
		t.Errorf("told %d on the next day", got)
	}
}

func TestMakingBehindEndsWithTheServer(t *testing.T) {
	o := newOffice(t)
	b := o.orders("Year 6", 400_000)
	told := make(chan error, 1)
	o.FillBehind(b.ID, func(err error) { told <- err })
	o.Close()
	err := <-told
	b = o.batch(b.ID)
	if err == nil || b.State != admission.Making || b.Held(o.now) {
		t.Errorf("%v: %+v", err, b)
	}
	o.opens(o.store)
	must(t, o.Cancel(t.Context(), boss, worries, b.ID))
	o.Wait()
}

func TestTheAuditLogHoldsNoCode(t *testing.T) {
	o := newOffice(t)
	b := o.makes("Year 6", 30)
	codes := o.gives(b)
	must(t, o.Cancel(t.Context(), boss, worries, b.ID))
	var acts []string
	for e, err := range o.store.Entries(t.Context(), 1) {
		must(t, err)
		acts = append(acts, e.Act)
		for _, code := range codes {
			for _, value := range e.Details {
				if strings.Contains(value, string(code)) || e.Subject != "survey/worries" || e.Area != "riverside" {
					t.Fatalf("the log holds %+v", e)
				}
			}
		}
	}
	if !slices.Equal(acts, []string{people.ActCodesMade, people.ActCodesDownloaded, people.ActCodesCancelled}) {
		t.Errorf("the log holds %v", acts)
	}
}
