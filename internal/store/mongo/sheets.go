package mongo

import (
	"context"
	"iter"

	"sayso/internal/ballot"
)

type sheetDoc struct {
	Key          string `bson:"_id"`
	ballot.Sheet `bson:",inline"`
}

// CreateSheets implements ballot.Sheets.
func (s *Store) CreateSheets(ctx context.Context, all []ballot.Sheet) (fresh int, err error) {
	docs := make([]any, len(all))
	for i, sh := range all {
		sh.Revision = 1
		docs[i] = sheetDoc{sh.Hash, sh}
	}
	return s.insertNew(ctx, sheets, docs)
}

// Sheet implements ballot.Sheets.
func (s *Store) Sheet(ctx context.Context, hash string) (ballot.Sheet, error) {
	return find[ballot.Sheet](ctx, s.db.Collection(sheets), byID(hash))
}

// UpdateSheet implements ballot.Sheets.
func (s *Store) UpdateSheet(ctx context.Context, hash string, change func(*ballot.Sheet) error) (ballot.Sheet, error) {
	return update(ctx, s.db.Collection(sheets), hash, change, func(sh *ballot.Sheet) (any, int) {
		was := sh.Revision
		sh.Hash, sh.Revision = hash, was+1
		return sheetDoc{hash, *sh}, was
	})
}

// ScanSheets implements ballot.Sheets.
func (s *Store) ScanSheets(ctx context.Context, exercise string) iter.Seq2[ballot.Sheet, error] {
	return each[ballot.Sheet](ctx, s, sheets, exercise)
}
