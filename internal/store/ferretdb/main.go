// Command ferretdb serves MongoDB's wire protocol on a free port of this machine, so that the code of
// internal/store/mongo can be exercised where there is no MongoDB. It prints its URI, and ends when standard input
// is closed or when it is told to. It is a module of its own: Sayso does not depend on it.
//
// FerretDB is not a stand-in for MongoDB: what it cannot do is listed in the tests, one by one.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "ferretdb:", err)
		os.Exit(1)
	}
}

func serve() error {
	folder, err := os.MkdirTemp("", "sayso-ferretdb-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:   "sqlite",
		SQLiteURL: "file:" + folder + "/",
	})
	if err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	// The server does not know retryable writes; the product's own options stay as they are.
	fmt.Println(server.MongoDBURI() + "?retryWrites=false")
	return <-ended
}
