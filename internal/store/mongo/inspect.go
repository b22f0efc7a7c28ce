package mongo

import (
	"context"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"sayso/internal/fault"
	"sayso/internal/survey"
)

// Inspect says in English what is wrong with the database: a server that can lose what it acknowledged, writes that a
// majority does not take, indexes that are not there or not as they should be. The error is one of looking.
func (s *Store) Inspect(ctx context.Context) (faults []string, err error) {
	return s.inspect(ctx, indexes)
}

func (s *Store) inspect(ctx context.Context, declared []index) (faults []string, err error) {
	g, err := s.greet(ctx)
	if err != nil {
		return nil, err
	}
	if !g.replicated() {
		faults = append(faults, "the server is a single one: make it a replica set, even of one member, so that backups show one moment, and of three, so that nothing acknowledged is lost with a machine")
	}
	if err := s.writeAround(ctx); err != nil {
		faults = append(faults, fmt.Sprintf("a majority of the servers did not take a write: %v", err))
	}
	has := map[string][]kept{}
	for _, i := range declared {
		if _, read := has[i.collection]; !read {
			if has[i.collection], err = s.indexesOf(ctx, i.collection); err != nil {
				return nil, err
			}
		}
		if why := i.fault(has[i.collection]); why != "" {
			faults = append(faults, fmt.Sprintf("an index of %s %s; in mongosh say %s", i.collection, why, i.command()))
		}
	}
	return faults, nil
}

// writeAround writes a document that means nothing, as everything is written, and deletes it.
func (s *Store) writeAround(ctx context.Context) error {
	const id = "doctor"
	if err := s.insert(ctx, meta, byID(id)); err != nil && !fault.Is(err, fault.Conflict) { // left by one that was cut short
		return err
	}
	return s.forget(ctx, meta, id)
}

// kept is an index as the server describes it.
type kept struct {
	Key    bson.D `bson:"key"`
	Unique bool   `bson:"unique"`
	Expire *int64 `bson:"expireAfterSeconds"`
	Only   bson.D `bson:"partialFilterExpression"`
}

func (s *Store) indexesOf(ctx context.Context, collection string) (found []kept, err error) {
	cursor, err := s.db.Collection(collection).Indexes().List(ctx)
	if err != nil {
		return nil, describe(ctx, err)
	}
	return found, describe(ctx, cursor.All(ctx, &found))
}

// fault says what is wrong with the index, nothing if it is as declared.
func (i index) fault(has []kept) string {
	for _, k := range has {
		if spelt(k.Key) != spelt(i.keys) {
			continue
		}
		switch {
		case k.Unique != i.unique:
			return "is unique or not, other than it should be: drop it, and"
		case (k.Expire == nil) != (i.expire == never), k.Expire != nil && *k.Expire != int64(i.expire):
			return "forgets at another time than it should: drop it, and"
		case spelt(k.Only) != spelt(i.only):
			return "holds other documents than it should: drop it, and"
		}
		return ""
	}
	return "is not there"
}

// command makes the index in MongoDB's own shell.
func (i index) command() string {
	o := fmt.Sprintf("unique: %v", i.unique)
	if i.expire != never {
		o += fmt.Sprintf(", expireAfterSeconds: %d", i.expire)
	}
	if i.only != nil {
		o += fmt.Sprintf(", partialFilterExpression: {%s}", spelt(i.only))
	}
	return fmt.Sprintf("db.%s.createIndex({%s}, {%s})", i.collection, spelt(i.keys), o)
}

// spelt writes the keys of an index, whatever type of number the server gives.
func spelt(keys bson.D) string {
	var parts []string
	for _, k := range keys {
		parts = append(parts, fmt.Sprintf("%s: %v", k.Key, k.Value))
	}
	return strings.Join(parts, ", ")
}

// DropBackground forgets who spoke, where nothing was said; a background with its response stays. A response that is
// just being written has its background first: look whether there is none for longer than a write may take.
func (s *Store) DropBackground(ctx context.Context, ref survey.Ref) error {
	if _, err := s.Response(ctx, ref); !fault.Is(err, fault.NotFound) {
		return err
	}
	_, err := s.delete(ctx, backgrounds, place(ref))
	return err
}
