package web

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sayso/internal/people"
)

var tickets = []ticket{
	{},
	{Draft: "0123456789abcdef0123456789abcdef", Key: people.Key{0, 1, 399, 65535, 256, 7}, Receipt: "k1:00ff", Version: 3, Answered: []byte{1, 128, 0}},
	{Draft: "d", Receipt: "r", Version: 1 << 40, Answered: bytes.Repeat([]byte{255}, 200), Sent: true},
}

func TestTicketsAreReadAsWritten(t *testing.T) {
	for _, want := range tickets {
		got, err := readTicket(want.write())
		if err != nil {
			t.Fatal(err)
		}
		if len(want.Answered) == 0 {
			got.Answered = nil
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
}

func TestNothingElseIsATicket(t *testing.T) {
	for _, whole := range tickets {
		b := whole.write()
		for n := range b {
			if _, err := readTicket(b[:n]); err == nil {
				t.Errorf("%d bytes of %d are a ticket", n, len(b))
			}
		}
		if _, err := readTicket(append(b, 0)); err == nil {
			t.Error("a byte too many")
		}
	}
	if _, err := readTicket([]byte(`{"d":"0123456789abcdef","k":[1,2,3,4,5,6],"r":"k1:00ff","v":1,"a":"AA=="}`)); err == nil {
		t.Error("a ticket of the old format is read")
	}
}

func FuzzReadTicket(f *testing.F) {
	for _, t := range tickets {
		f.Add(t.write())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := readTicket(b)
		if err != nil {
			return
		}
		again, err := readTicket(got.write())
		if err != nil || cmp.Diff(got, again) != "" {
			t.Errorf("%x: %+v became %+v, %v", b, got, again, err)
		}
	})
}
