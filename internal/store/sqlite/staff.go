package sqlite

import (
	"context"

	"zombiezen.com/go/sqlite"

	"sayso/internal/people"
)

// CreateStaff implements people.StaffStore.
func (s *Store) CreateStaff(ctx context.Context, m people.Staff) error {
	m.Revision, m.LockedTo = 1, millis(m.LockedTo)
	body, err := encode(m)
	if err != nil {
		return err
	}
	return s.write(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "INSERT INTO staff (id, revision, name, body) VALUES (?, 1, ?, ?)", m.ID, m.Name, body)
		return err
	})
}

const selectStaff = "SELECT body FROM staff WHERE id = ?"

// Staff implements people.StaffStore.
func (s *Store) Staff(ctx context.Context, id string) (people.Staff, error) {
	return find[people.Staff](ctx, s, selectStaff, id)
}

// StaffNamed implements people.StaffStore.
func (s *Store) StaffNamed(ctx context.Context, name string) (people.Staff, error) {
	return find[people.Staff](ctx, s, "SELECT body FROM staff WHERE name = ?", name)
}

// UpdateStaff implements people.StaffStore.
func (s *Store) UpdateStaff(ctx context.Context, id string, change func(*people.Staff) error) (people.Staff, error) {
	return update(ctx, s, func(conn *sqlite.Conn) (people.Staff, int, error) {
		m, err := one[people.Staff](conn, selectStaff, id)
		return m, m.Revision, err
	}, change, func(m *people.Staff, revision int) (row, error) {
		m.ID, m.Revision, m.LockedTo = id, revision+1, millis(m.LockedTo)
		body, err := encode(m)
		return row{query: "UPDATE staff SET revision = ?, name = ?, body = ? WHERE id = ? AND revision = ?",
			args: []any{m.Revision, m.Name, body, id, revision}}, err
	})
}

// StaffAfter implements people.StaffStore.
func (s *Store) StaffAfter(ctx context.Context, name string, limit int) (members []people.Staff, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) (err error) {
		members, err = list[people.Staff](conn, "SELECT body FROM staff WHERE name > ? ORDER BY name LIMIT ?", name, limit)
		return err
	})
	return members, err
}

// CreateInvitation implements people.StaffStore.
func (s *Store) CreateInvitation(ctx context.Context, i people.Invitation) error {
	i.Expires = millis(i.Expires)
	body, err := encode(i)
	if err != nil {
		return err
	}
	return s.write(ctx, func(conn *sqlite.Conn) error {
		_, err := execute(conn, "INSERT INTO invitations (hash, body) VALUES (?, ?)", i.Hash, body)
		return err
	})
}

// Invitation implements people.StaffStore.
func (s *Store) Invitation(ctx context.Context, hash string) (people.Invitation, error) {
	return find[people.Invitation](ctx, s, "SELECT body FROM invitations WHERE hash = ?", hash)
}

// Invitations implements people.InvitationList.
func (s *Store) Invitations(ctx context.Context) (all []people.Invitation, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) (err error) {
		all, err = list[people.Invitation](conn, "SELECT body FROM invitations ORDER BY body ->> '$.name', hash")
		return err
	})
	return all, err
}

// TakeInvitation implements people.StaffStore.
func (s *Store) TakeInvitation(ctx context.Context, hash string) (i people.Invitation, err error) {
	err = s.write(ctx, func(conn *sqlite.Conn) (err error) {
		i, err = one[people.Invitation](conn, "DELETE FROM invitations WHERE hash = ? RETURNING body", hash)
		return err
	})
	if err != nil {
		return people.Invitation{}, err
	}
	return i, nil
}
