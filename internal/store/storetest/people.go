package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"sayso/internal/fault"
	"sayso/internal/people"
)

// moment is a time in no store's zone, finer than milliseconds; kept is what stores keep of it.
var (
	moment = time.Date(2126, 5, 3, 23, 59, 58, 123_999_888, time.FixedZone("far", 5*3600))
	kept   = time.Date(2126, 5, 3, 18, 59, 58, 123_000_000, time.UTC)
)

func member(id string) people.Staff {
	return people.Staff{
		ID: id, Name: id + "@example.org", Role: people.Analyst, Area: "riverside", Passphrase: "$argon2id$x", TOTP: "sealed",
		TOTPUsed: 59_000_001, Disabled: true, Failures: 3, LockedTo: moment,
	}
}

var staff = []promise{
	{"Staff/create and read", func(t *testing.T, s Stores) {
		want := member("one")
		must(t, s.CreateStaff(t.Context(), want))
		must(t, s.CreateStaff(t.Context(), people.Staff{ID: "bare", Name: "bare"}))
		want.Revision, want.LockedTo = 1, kept
		byID, err := s.Staff(t.Context(), "one")
		must(t, err)
		same(t, byID, want)
		byName, err := s.StaffNamed(t.Context(), want.Name)
		must(t, err)
		same(t, byName, want)
		bare, err := s.Staff(t.Context(), "bare")
		must(t, err)
		if !bare.LockedTo.IsZero() {
			t.Errorf("no time became %v", bare.LockedTo)
		}
	}},
	{"Staff/not found", func(t *testing.T, s Stores) {
		_, err := s.Staff(t.Context(), "none")
		wantFault(t, err, fault.NotFound)
		_, err = s.StaffNamed(t.Context(), "none")
		wantFault(t, err, fault.NotFound)
		_, err = s.UpdateStaff(t.Context(), "none", func(*people.Staff) error { return nil })
		wantFault(t, err, fault.NotFound)
	}},
	{"Staff/ids and names are taken once", func(t *testing.T, s Stores) {
		must(t, s.CreateStaff(t.Context(), member("one")))
		again := member("one")
		again.Name = "other"
		wantFault(t, s.CreateStaff(t.Context(), again), fault.Conflict)
		named := member("two")
		named.Name = member("one").Name
		wantFault(t, s.CreateStaff(t.Context(), named), fault.Conflict)
	}},
	{"Staff/renaming to a name that is taken", func(t *testing.T, s Stores) {
		must(t, s.CreateStaff(t.Context(), member("one")))
		must(t, s.CreateStaff(t.Context(), member("two")))
		_, err := s.UpdateStaff(t.Context(), "two", func(m *people.Staff) error { m.Name = member("one").Name; return nil })
		wantFault(t, err, fault.Conflict)
	}},
	{"Staff/one of many of a name wins", func(t *testing.T, s Stores) {
		oneWins(t, together(64, func(i int) error {
			m := member(fmt.Sprint(i))
			m.Name = "the.same"
			return s.CreateStaff(t.Context(), m)
		}), fault.Conflict)
	}},
	{"Staff/update", func(t *testing.T, s Stores) {
		must(t, s.CreateStaff(t.Context(), member("one")))
		m, err := s.UpdateStaff(t.Context(), "one", func(m *people.Staff) error {
			m.Failures, m.LockedTo, m.Name = 0, moment.Add(time.Hour), "renamed"
			return nil
		})
		must(t, err)
		if m.Revision != 2 || !m.LockedTo.Equal(kept.Add(time.Hour)) {
			t.Errorf("got %+v", m)
		}
		named, err := s.StaffNamed(t.Context(), "renamed")
		must(t, err)
		same(t, named, m)
		mine := errors.New("mine")
		if _, err := s.UpdateStaff(t.Context(), "one", func(*people.Staff) error { return mine }); err != mine {
			t.Errorf("got %v", err)
		}
	}},
	{"Staff/editors never overwrite each other", func(t *testing.T, s Stores) {
		must(t, s.CreateStaff(t.Context(), member("one")))
		for _, err := range together(16, func(int) error {
			_, err := s.UpdateStaff(t.Context(), "one", func(m *people.Staff) error { m.TOTPUsed++; return nil })
			return err
		}) {
			must(t, err)
		}
		m, err := s.Staff(t.Context(), "one")
		must(t, err)
		if m.TOTPUsed != member("one").TOTPUsed+16 {
			t.Errorf("counted %d", m.TOTPUsed-member("one").TOTPUsed)
		}
	}},
	{"Staff/paging", func(t *testing.T, s Stores) {
		for i := range 10 {
			must(t, s.CreateStaff(t.Context(), member(fmt.Sprint(i*3%10))))
		}
		var names []string
		after := ""
		for {
			page, err := s.StaffAfter(t.Context(), after, 4)
			must(t, err)
			if len(page) == 0 {
				break
			}
			for _, m := range page {
				names = append(names, m.ID)
			}
			after = page[len(page)-1].Name
		}
		same(t, names, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"})
	}},
}

var invitations = []promise{
	{"Invitations/life", func(t *testing.T, s Stores) {
		i := invited
		must(t, s.CreateInvitation(t.Context(), i))
		wantFault(t, s.CreateInvitation(t.Context(), i), fault.Conflict)
		i.Expires = kept
		read, err := s.Invitation(t.Context(), "h")
		must(t, err)
		same(t, read, i)
		first := people.Invitation{Hash: "z", Name: "a@example.org", Role: people.Board, Expires: kept}
		must(t, s.CreateInvitation(t.Context(), first))
		all, err := s.Invitations(t.Context())
		must(t, err)
		same(t, all, []people.Invitation{first, i})
		taken, err := s.TakeInvitation(t.Context(), "h")
		must(t, err)
		same(t, taken, i)
		_, err = s.TakeInvitation(t.Context(), "h")
		wantFault(t, err, fault.NotFound)
		_, err = s.Invitation(t.Context(), "h")
		wantFault(t, err, fault.NotFound)
	}},
	{"Invitations/one of many takers wins", func(t *testing.T, s Stores) {
		must(t, s.CreateInvitation(t.Context(), invited))
		oneWins(t, together(64, func(int) error {
			_, err := s.TakeInvitation(t.Context(), "h")
			return err
		}), fault.NotFound)
	}},
}

var invited = people.Invitation{Hash: "h", Name: "n", Role: people.Board, Area: "riverside", Expires: moment}

var sessions = []promise{
	{"Sessions/life", func(t *testing.T, s Stores) {
		v := people.Session{Hash: "h", Staff: "one", CSRF: "c", Begun: moment, Seen: moment.Add(time.Minute), Entered: true}
		must(t, s.CreateSession(t.Context(), v))
		wantFault(t, s.CreateSession(t.Context(), v), fault.Conflict)
		v.Begun, v.Seen = kept, kept.Add(time.Minute)
		read, err := s.Session(t.Context(), "h")
		must(t, err)
		same(t, read, v)
		updated, err := s.UpdateSession(t.Context(), "h", func(v *people.Session) error { v.Seen = moment.Add(time.Hour); return nil })
		must(t, err)
		v.Seen = kept.Add(time.Hour)
		same(t, updated, v)
		must(t, s.DeleteSession(t.Context(), "h"))
		must(t, s.DeleteSession(t.Context(), "h"))
		_, err = s.Session(t.Context(), "h")
		wantFault(t, err, fault.NotFound)
		_, err = s.UpdateSession(t.Context(), "h", func(*people.Session) error { return nil })
		wantFault(t, err, fault.NotFound)
	}},
	{"Sessions/users never overwrite each other", func(t *testing.T, s Stores) {
		must(t, s.CreateSession(t.Context(), people.Session{Hash: "h", Begun: moment, Seen: moment}))
		for _, err := range together(16, func(int) error {
			_, err := s.UpdateSession(t.Context(), "h", func(v *people.Session) error { v.CSRF += "x"; return nil })
			return err
		}) {
			must(t, err)
		}
		v, err := s.Session(t.Context(), "h")
		must(t, err)
		if len(v.CSRF) != 16 {
			t.Errorf("%d of 16 changes are there", len(v.CSRF))
		}
	}},
	{"Sessions/end", func(t *testing.T, s Stores) {
		hour := func(n int) time.Time { return kept.Add(time.Duration(n) * time.Hour) }
		for i := range 10 {
			must(t, s.CreateSession(t.Context(), people.Session{
				Hash: fmt.Sprint(i), Staff: fmt.Sprint(i % 2), Begun: hour(i), Seen: hour(20 - i),
			}))
		}
		if n, err := s.ExpireSessions(t.Context(), hour(3), hour(14)); err != nil || n != 6 {
			t.Errorf("ended %d, %v, want those begun before 3 and seen before 14", n, err)
		}
		must(t, s.DeleteSessionsOf(t.Context(), "1", ""))
		must(t, s.DeleteSessionsOf(t.Context(), "nobody", ""))
		for i := range 10 {
			_, err := s.Session(t.Context(), fmt.Sprint(i))
			if i == 4 || i == 6 {
				must(t, err)
			} else {
				wantFault(t, err, fault.NotFound)
			}
		}
	}},
	{"Sessions/of a member", func(t *testing.T, s Stores) {
		hour := func(n int) time.Time { return kept.Add(time.Duration(n) * time.Hour) }
		var full []people.Session
		for i := range 8 {
			v := people.Session{Hash: fmt.Sprint(i), Staff: fmt.Sprint(i % 2), CSRF: "c", Begun: hour(i / 4), Seen: hour(9), Entered: i < 6}
			must(t, s.CreateSession(t.Context(), v))
			full = append(full, v)
		}
		list := func(staff string, limit int, want ...people.Session) {
			t.Helper()
			all, err := s.SessionsOf(t.Context(), staff, limit)
			must(t, err)
			same(t, all, want)
		}
		list("0", 10, full[4], full[0], full[2])
		list("0", 2, full[4], full[0])
		list("nobody", 10)
		must(t, s.DeleteSessionsOf(t.Context(), "0", "2"))
		must(t, s.DeleteSessionsOf(t.Context(), "1", "2"))
		list("0", 10, full[2])
		list("1", 10)
		_, err := s.Session(t.Context(), "6")
		wantFault(t, err, fault.NotFound)
	}},
}

var receipts = []promise{
	{"Receipts/life", func(t *testing.T, s Stores) {
		r := people.Receipt{Hash: "h", Draft: "d", Survey: "worries", Area: "riverside"}
		must(t, s.CreateReceipt(t.Context(), r))
		wantFault(t, s.CreateReceipt(t.Context(), r), fault.Conflict)
		read, err := s.Receipt(t.Context(), "h")
		must(t, err)
		same(t, read, r)
		must(t, s.SubmitReceipt(t.Context(), "h", "2126-05-03"))
		must(t, s.SubmitReceipt(t.Context(), "h", "2126-05-03"))
		r.Day = "2126-05-03"
		read, err = s.Receipt(t.Context(), "h")
		must(t, err)
		same(t, read, r)
		_, err = s.Receipt(t.Context(), "none")
		wantFault(t, err, fault.NotFound)
		wantFault(t, s.SubmitReceipt(t.Context(), "none", "2126-05-03"), fault.NotFound)
	}},
	{"Receipts/forget those of drafts", func(t *testing.T, s Stores) {
		for i := range 6 {
			must(t, s.CreateReceipt(t.Context(), people.Receipt{Hash: fmt.Sprint(i), Draft: fmt.Sprint(i / 2)}))
		}
		must(t, s.DeleteReceipts(t.Context()))
		must(t, s.DeleteReceipts(t.Context(), "0", "2", "none"))
		for i := range 6 {
			_, err := s.Receipt(t.Context(), fmt.Sprint(i))
			if i/2 == 1 {
				must(t, err)
			} else {
				wantFault(t, err, fault.NotFound)
			}
		}
	}},
	{"Receipts/one of many creators wins", func(t *testing.T, s Stores) {
		oneWins(t, together(64, func(i int) error {
			return s.CreateReceipt(t.Context(), people.Receipt{Hash: "h", Draft: fmt.Sprint(i)})
		}), fault.Conflict)
	}},
}
