package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// checkTLS says what is wrong with the settings of TLS, and takes the address of people from the domain where none is
// set.
func (c *Config) checkTLS() error {
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("set SAYSO_TLS_CERT and SAYSO_TLS_KEY together: a certificate is of no use without its key")
	case c.TLSCert != "" && c.TLSDomain != "":
		return errors.New("set SAYSO_TLS_CERT and SAYSO_TLS_KEY, or SAYSO_TLS_DOMAIN, not both: certificates come from files or from an authority")
	case strings.ContainsAny(c.TLSDomain, "/:* ") || c.TLSDomain != "" && !strings.Contains(c.TLSDomain, "."):
		return fmt.Errorf("SAYSO_TLS_DOMAIN is %q; write one name, such as say.example.org", c.TLSDomain)
	}
	if _, _, err := net.SplitHostPort(c.TLSRedirect); c.TLSRedirect != "" && err != nil {
		return fmt.Errorf("SAYSO_TLS_REDIRECT_ADDR is %q; write an address with a port, such as :80", c.TLSRedirect)
	}
	if c.TLSDomain != "" && c.URL == "" {
		c.URL = "https://" + c.TLSDomain
	}
	if u, err := url.Parse(c.URL); c.TLSDomain != "" && (err != nil || u.Hostname() != c.TLSDomain) {
		return fmt.Errorf("SAYSO_URL is %q, but the certificate will be for SAYSO_TLS_DOMAIN, %q; set both to the same name", c.URL, c.TLSDomain)
	}
	if c.tls() && !c.secure() {
		return fmt.Errorf("with TLS, SAYSO_URL must begin with https://, so that cookies are for https alone; it is %q", c.URL)
	}
	return nil
}

// tls says whether we end TLS ourselves.
func (c *Config) tls() bool { return c.TLSCert != "" || c.TLSDomain != "" }

// scheme is what our own address begins with, which is not what people see where a proxy ends TLS.
func (c *Config) scheme() string {
	if c.tls() {
		return "https"
	}
	return "http"
}

// encryption is how we end TLS ourselves: the settings of the listener, and what port 80 answers.
type encryption struct {
	config *tls.Config
	plain  http.Handler
}

// encryption prepares TLS by the settings. It fails at the start, not at the first visitor, where files cannot be used.
func (h *house) encryption() (encryption, error) {
	e := encryption{plain: http.HandlerFunc(h.toHTTPS)}
	if h.config.TLSDomain != "" {
		m := h.authority()
		e.plain, e.config = m.HTTPHandler(e.plain), m.TLSConfig()
	} else {
		files := &certificateFiles{cert: h.config.TLSCert, key: h.config.TLSKey, log: h.log}
		if err := files.load(); err != nil {
			return encryption{}, fmt.Errorf("SAYSO_TLS_CERT and SAYSO_TLS_KEY cannot be used: %w", err)
		}
		e.config = &tls.Config{GetCertificate: files.certificate}
	}
	e.config.MinVersion = tls.VersionTLS12
	e.config.NextProtos = []string{"http/1.1", acme.ALPNProto} // fasthttp speaks no HTTP/2
	return e, nil
}

// authority asks a certificate authority for certificates of the one domain, keeps them beside the store and renews
// them.
func (h *house) authority() *autocert.Manager {
	m := &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		HostPolicy: autocert.HostWhitelist(h.config.TLSDomain),
		Cache:      autocert.DirCache(filepath.Join(h.config.Data, "certificates")),
		Email:      h.config.TLSEmail,
	}
	if h.config.TLSAuthority != "" {
		m.Client = &acme.Client{DirectoryURL: h.config.TLSAuthority}
	}
	return m
}

// toHTTPS sends visitors on who came without TLS. Forms are refused: what was typed has crossed the network already.
func (h *house) toHTTPS(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "Use HTTPS", http.StatusBadRequest)
		return
	}
	// Never to the host that was asked for: who asks may have made it up.
	http.Redirect(w, r, strings.TrimSuffix(h.config.URL, "/")+r.URL.RequestURI(), http.StatusMovedPermanently)
}

// encrypt returns the listener behind TLS where the settings say so, and serves those who come without it until stop
// is called.
func (h *house) encrypt(plain net.Listener, say func(format string, args ...any)) (_ net.Listener, stop func() error, err error) {
	stop = func() error { return nil }
	if !h.config.tls() {
		return plain, stop, nil
	}
	e, err := h.encryption()
	if err == nil && h.config.TLSRedirect != "" {
		stop, err = h.redirect(e.plain, say)
	}
	if err != nil {
		return plain, nil, err
	}
	return tls.NewListener(plain, e.config), stop, nil
}

func (h *house) redirect(handler http.Handler, say func(format string, args ...any)) (stop func() error, err error) {
	listener, err := net.Listen("tcp", h.config.TLSRedirect)
	if err != nil {
		return nil, fmt.Errorf("nothing can listen on %s (%w); set SAYSO_TLS_REDIRECT_ADDR to another address, or to nothing", h.config.TLSRedirect, err)
	}
	server := &http.Server{Handler: handler, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(h.log.Handler(), slog.LevelDebug)}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			h.log.Error("visitors without TLS are not sent on any more", "cause", err)
		}
	}()
	say("Visitors without TLS are sent on from http://%s", listener.Addr())
	return server.Close, nil
}

// certificateFiles is a certificate in two files, read again when they change: whoever renews it need not restart us.
type certificateFiles struct {
	cert, key string
	log       *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	seen    [2]time.Time // when the files were written that were last read
}

// load reads the files for the first time.
func (f *certificateFiles) load() (err error) {
	if f.seen, err = f.written(); err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	f.current = &pair
	return err
}

func (f *certificateFiles) written() (at [2]time.Time, err error) {
	for i, path := range []string{f.cert, f.key} {
		info, err := os.Stat(path)
		if err != nil {
			return at, err
		}
		at[i] = info.ModTime()
	}
	return at, nil
}

// certificate is asked for at each handshake, beside which looking at two files is nothing. What cannot be used, because
// only one of them was written yet, leaves the old one in force.
func (f *certificateFiles) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at, err := f.written()
	if err != nil || at == f.seen {
		return f.current, nil
	}
	f.seen = at
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		f.log.Error("the certificate cannot be read anew: the old one stays in force", "cause", err)
		return f.current, nil
	}
	f.current = &pair
	f.log.Info("the certificate was read anew")
	return f.current, nil
}
