package mongo

import (
	"context"
	"encoding/json"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"sayso/internal/store/storetest"
)

// Tables implements storetest.Raw: each collection as the server yields it unasked.
func (s *Store) Tables(ctx context.Context) (all []storetest.Table, err error) {
	names, err := s.db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return nil, describe(ctx, err)
	}
	for _, name := range names {
		cursor, err := s.db.Collection(name).Find(ctx, bson.D{})
		if err != nil {
			return nil, describe(ctx, err)
		}
		t := storetest.Table{Name: name}
		for cursor.Next(ctx) {
			var doc any
			text, err := bson.MarshalExtJSON(cursor.Current, false, false)
			if err == nil {
				err = json.Unmarshal(text, &doc)
			}
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", name, err)
			}
			row := map[string]string{}
			storetest.Flatten(row, "", doc)
			t.Rows = append(t.Rows, row)
		}
		if err := cursor.Err(); err != nil {
			return nil, describe(ctx, err)
		}
		all = append(all, t)
	}
	return all, nil
}
