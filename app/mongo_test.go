package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"sayso/internal/people"
)

// Where a server of MongoDB's protocol may be.
const (
	mongoEnv  = "TEST_MONGODB_URI"
	ferretEnv = "TEST_FERRETDB_URI"
)

// onMongo returns the settings of a database of its own on the server of the environment, which is dropped at the
// end.
func onMongo(t *testing.T) (uri, database, secret string) {
	t.Helper()
	if uri = cmp.Or(tested[mongoEnv], tested[ferretEnv]); uri == "" {
		t.Skipf("NOTHING WAS TESTED ON MONGODB: set SAYSO_%s to the URI of a server", mongoEnv)
	}
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	database = fmt.Sprintf("sayso_test_%x", rand.Uint64())
	db := client.Database(database)
	t.Cleanup(func() {
		if err := errors.Join(db.Drop(context.Background()), client.Disconnect(context.Background())); err != nil {
			t.Error(err)
		}
	})
	if tested[mongoEnv] == "" { // FerretDB refuses indexes that forget: it gets none, as if they were there
		if _, err := db.Collection("meta").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "schema"}, {Key: "version", Value: 6}}); err != nil {
			t.Fatal(err)
		}
	}
	return uri, database, people.NewSecrets().Encode()
}

// TestMongoTwoServers lets two processes serve one database.
func TestMongoTwoServers(t *testing.T) {
	uri, database, secret := onMongo(t)
	args := []string{"--mongodb-uri=" + uri, "--mongodb-database=" + database, "--secret=" + secret}
	p := newPair(t, args...)
	p.staffMeetBoth()
	p.peopleMeetBoth()
	p.guessesMeetBoth()
	p.a.kill(t)
	p.journey(p.b, p.b, p.b)
	p.b.leaves(t)
	if out := fine(t, append([]string{"audit", "verify"}, args...)...); !strings.Contains(out, "is whole") {
		t.Error(out)
	}
}

// TestMongoIsAway cuts a running server off from its database, and lets it reach it again.
func TestMongoIsAway(t *testing.T) {
	uri, database, secret := onMongo(t)
	way, through := between(t, uri)
	p := serves(t, "--mongodb-uri="+through, "--mongodb-database="+database, "--secret="+secret)
	goesAway(t, p, func() func() {
		way.shut()
		return func() { way.open(t) }
	})
	p.leaves(t)
	said := saidOn(t, &Config{MongoDB: uri, Database: database, Secret: secret})
	if len(said) != 1 || said["She said that it is loud."] != 1 {
		t.Errorf("what was said: %v", said)
	}
}

// way passes on what comes to its address, unless it is shut.
type way struct {
	address, to string

	mu       sync.Mutex
	listener net.Listener
	conns    map[net.Conn]bool
}

// between opens a way to the server of the URI, and returns the URI that leads through it.
func between(t *testing.T, uri string) (*way, string) {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	w := &way{address: "127.0.0.1:0", to: u.Host, conns: map[net.Conn]bool{}}
	w.open(t)
	t.Cleanup(w.shut)
	w.address = w.listener.Addr().String()
	u.Host = w.address
	query := u.Query()
	query.Set("directConnection", "true")
	u.RawQuery = query.Encode()
	return w, u.String()
}

func (w *way) open(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	w.listener = listener
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			go w.pass(from)
		}
	}()
}

// pass copies both ways until either end hangs up.
func (w *way) pass(from net.Conn) {
	to, err := net.Dial("tcp", w.to)
	if err != nil {
		_ = from.Close()
		return
	}
	w.mu.Lock()
	w.conns[from], w.conns[to] = true, true
	w.mu.Unlock()
	go func() { _, _ = io.Copy(to, from); _ = to.Close() }()
	_, _ = io.Copy(from, to)
	_ = from.Close()
}

// shut lets nobody in, and breaks what was open.
func (w *way) shut() {
	_ = w.listener.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.conns {
		_ = c.Close()
	}
	clear(w.conns)
}

// TestMongoPrimaryStepsDown lets the primary of a replica set step down again and again while people answer, and finds
// every acknowledged response once.
func TestMongoPrimaryStepsDown(t *testing.T) {
	uri := tested[mongoEnv]
	if uri == "" {
		t.Skipf("NOTHING WAS TESTED: set SAYSO_%s to the URI of a replica set of three", mongoEnv)
	}
	_, database, secret := onMongo(t)
	w := newTown(t, "--mongodb-uri="+uri, "--mongodb-database="+database, "--secret="+secret)
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	go func() {
		defer close(w.over)
		for range 5 {
			w.until(underLoad)
			down := bson.D{{Key: "replSetStepDown", Value: 10}, {Key: "force", Value: true}}
			if err := client.Database("admin").RunCommand(context.Background(), down).Err(); err != nil && !mongo.IsNetworkError(err) {
				t.Error(err)
				return
			}
		}
		w.until(talkers)
	}()
	voices := w.people(talkers)
	w.at.leaves(t)
	said := saidOn(t, &Config{MongoDB: uri, Database: database, Secret: secret})
	for _, v := range voices {
		if n := said[v.words]; n > 1 || v.sent && n == 0 {
			t.Errorf("%q is there %d times, acknowledged: %t", v.words, n, v.sent)
		}
	}
}

// tested are the settings of tests, which TestMain takes out of the environment with all others.
var tested = map[string]string{mongoEnv: os.Getenv("SAYSO_" + mongoEnv), ferretEnv: os.Getenv("SAYSO_" + ferretEnv)}
