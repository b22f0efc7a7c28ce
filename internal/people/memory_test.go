package people

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"sayso/internal/fault"
)

// memory keeps staff, sessions and the log in maps, as plainly as their contracts are written.
type memory struct {
	mu          sync.Mutex
	staff       map[string]Staff
	invitations map[string]Invitation
	sessions    map[string]Session
	entries     []Entry
	taken       int // how many appends still lose their number to another process
	updates     int // of sessions
}

func newMemory() *memory {
	return &memory{staff: map[string]Staff{}, invitations: map[string]Invitation{}, sessions: map[string]Session{}}
}

var (
	errAbsent = fault.New(fault.NotFound, "store.absent")
	errTaken  = fault.New(fault.Conflict, "store.taken")
)

func (m *memory) CreateStaff(_ context.Context, s Staff) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, other := range m.staff {
		if other.ID == s.ID || other.Name == s.Name {
			return errTaken
		}
	}
	s.Revision = 1
	m.staff[s.ID] = s
	return nil
}

func (m *memory) Staff(_ context.Context, id string) (Staff, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return find(m.staff, id)
}

func (m *memory) StaffNamed(_ context.Context, name string) (Staff, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.staff {
		if s.Name == name {
			return s, nil
		}
	}
	return Staff{}, errAbsent
}

func (m *memory) UpdateStaff(_ context.Context, id string, change func(*Staff) error) (Staff, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, err := find(m.staff, id)
	if err != nil {
		return Staff{}, err
	}
	lost := s // the contract lets a store call change again on a fresh copy
	if err := change(&lost); err != nil {
		return Staff{}, err
	}
	if err := change(&s); err != nil {
		return Staff{}, err
	}
	s.Revision++
	m.staff[id] = s
	return s, nil
}

func (m *memory) StaffAfter(_ context.Context, name string, limit int) ([]Staff, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.SortedFunc(maps.Values(m.staff), func(a, b Staff) int { return cmp.Compare(a.Name, b.Name) })
	all = slices.DeleteFunc(all, func(s Staff) bool { return s.Name <= name })
	return all[:min(limit, len(all))], nil
}

func (m *memory) CreateInvitation(_ context.Context, i Invitation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.invitations[i.Hash] = i
	return nil
}

func (m *memory) Invitation(_ context.Context, hash string) (Invitation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return find(m.invitations, hash)
}

func (m *memory) TakeInvitation(_ context.Context, hash string) (Invitation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, err := find(m.invitations, hash)
	delete(m.invitations, hash)
	return i, err
}

func (m *memory) CreateSession(_ context.Context, s Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions[s.Hash] = s
	return nil
}

func (m *memory) Session(_ context.Context, hash string) (Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return find(m.sessions, hash)
}

func (m *memory) UpdateSession(_ context.Context, hash string, change func(*Session) error) (Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, err := find(m.sessions, hash)
	if err != nil {
		return Session{}, err
	}
	if err := change(&s); err != nil {
		return Session{}, err
	}
	m.updates++
	m.sessions[hash] = s
	return s, nil
}

func (m *memory) DeleteSession(_ context.Context, hash string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sessions, hash)
	return nil
}

func (m *memory) SessionsOf(_ context.Context, staff string, limit int) ([]Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.SortedFunc(maps.Values(m.sessions), func(a, b Session) int {
		return cmp.Or(b.Begun.Compare(a.Begun), cmp.Compare(a.Hash, b.Hash))
	})
	all = slices.DeleteFunc(all, func(s Session) bool { return s.Staff != staff || !s.Entered })
	return all[:min(limit, len(all))], nil
}

func (m *memory) DeleteSessionsOf(_ context.Context, staff, but string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.sessions, func(hash string, s Session) bool { return s.Staff == staff && hash != but })
	return nil
}

func (m *memory) ExpireSessions(_ context.Context, begun, seen time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := len(m.sessions)
	maps.DeleteFunc(m.sessions, func(_ string, s Session) bool { return s.Begun.Before(begun) || s.Seen.Before(seen) })
	return before - len(m.sessions), nil
}

func (m *memory) AppendEntry(_ context.Context, e Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.taken > 0 {
		m.taken--
		return errTaken
	}
	if e.Number != int64(len(m.entries))+1 {
		return errTaken
	}
	m.entries = append(m.entries, e)
	return nil
}

func (m *memory) LastEntry(context.Context) (Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.entries) == 0 {
		return Entry{}, errAbsent
	}
	return m.entries[len(m.entries)-1], nil
}

func (m *memory) Entries(_ context.Context, from int64) iter.Seq2[Entry, error] {
	m.mu.Lock()
	all := slices.Clone(m.entries[from-1:])
	m.mu.Unlock()
	return entriesOf(all)
}

func (m *memory) EntriesBefore(context.Context, []string, int64, int) ([]Entry, error) {
	return nil, errAbsent
}

func entriesOf(all []Entry) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for _, e := range all {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func find[T any](in map[string]T, key string) (T, error) {
	found, ok := in[key]
	if !ok {
		return found, errAbsent
	}
	return found, nil
}

// clock is a clock that moves only when told.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
