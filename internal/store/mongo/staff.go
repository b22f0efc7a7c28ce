package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/people"
)

type staffDoc struct {
	Key          string `bson:"_id"`
	people.Staff `bson:",inline"`
}

// CreateStaff implements people.StaffStore.
func (s *Store) CreateStaff(ctx context.Context, m people.Staff) error {
	m.Revision, m.LockedTo = 1, millis(m.LockedTo)
	return s.insert(ctx, staff, staffDoc{m.ID, m})
}

// Staff implements people.StaffStore.
func (s *Store) Staff(ctx context.Context, id string) (people.Staff, error) {
	return find[people.Staff](ctx, s.db.Collection(staff), byID(id))
}

// StaffNamed implements people.StaffStore.
func (s *Store) StaffNamed(ctx context.Context, name string) (people.Staff, error) {
	return find[people.Staff](ctx, s.db.Collection(staff), bson.D{{Key: "name", Value: name}})
}

// UpdateStaff implements people.StaffStore.
func (s *Store) UpdateStaff(ctx context.Context, id string, change func(*people.Staff) error) (people.Staff, error) {
	return update(ctx, s.db.Collection(staff), id, change, func(m *people.Staff) (any, int) {
		was := m.Revision
		m.ID, m.Revision, m.LockedTo = id, was+1, millis(m.LockedTo)
		return staffDoc{id, *m}, was
	})
}

// StaffAfter implements people.StaffStore.
func (s *Store) StaffAfter(ctx context.Context, name string, limit int) ([]people.Staff, error) {
	if limit <= 0 {
		return nil, nil
	}
	return list[people.Staff](ctx, s.db.Collection(staff), bson.D{{Key: "name", Value: bson.D{{Key: "$gt", Value: name}}}},
		options.Find().SetSort(ascending("name")).SetLimit(int64(limit)))
}

type invitationDoc struct {
	Key               string `bson:"_id"`
	people.Invitation `bson:",inline"`
}

// CreateInvitation implements people.StaffStore.
func (s *Store) CreateInvitation(ctx context.Context, i people.Invitation) error {
	i.Expires = millis(i.Expires)
	return s.insert(ctx, invitations, invitationDoc{i.Hash, i})
}

// Invitation implements people.StaffStore.
func (s *Store) Invitation(ctx context.Context, hash string) (people.Invitation, error) {
	return find[people.Invitation](ctx, s.db.Collection(invitations), byID(hash))
}

// Invitations implements people.InvitationList. They are few: each goes when it is taken, or in time.
func (s *Store) Invitations(ctx context.Context) ([]people.Invitation, error) {
	return list[people.Invitation](ctx, s.db.Collection(invitations), bson.D{}, options.Find().SetSort(ascending("name", "_id")))
}

// TakeInvitation implements people.StaffStore.
func (s *Store) TakeInvitation(ctx context.Context, hash string) (people.Invitation, error) {
	var i people.Invitation
	err := s.db.Collection(invitations).FindOneAndDelete(ctx, byID(hash)).Decode(&i)
	return i, describe(ctx, err)
}
