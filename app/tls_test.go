package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// certified writes a certificate for the name into two files, and returns what trusts it.
func certified(t *testing.T, folder, name string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, filepath.Join(folder, "cert.pem"), "CERTIFICATE", der)
	writePEM(t, filepath.Join(folder, "key.pem"), "PRIVATE KEY", secret)
	trusted, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(trusted)
	return pool
}

// writePEM puts the file in its place at once, with a time of its own.
func writePEM(t *testing.T, path, kind string, data []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := pem.Encode(&b, &pem.Block{Type: kind, Bytes: data}); err != nil {
		t.Fatal(err)
	}
	was := time.Time{}
	if info, err := os.Stat(path); err == nil {
		was = info.ModTime()
	}
	if err := os.WriteFile(path+".new", b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if !was.IsZero() { // where the clock of files is coarse
		if err := os.Chtimes(path+".new", was.Add(time.Second), was.Add(time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

const domain = "say.example.org"

// trusting is a browser for which the domain is at the address, and which trusts the pool.
func trusting(t *testing.T, address string, pool *x509.CertPool) *http.Client {
	t.Helper()
	c := withoutRedirects(visitor(t))
	c.Transport = &http.Transport{DisableKeepAlives: true, DialTLSContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		d := tls.Dialer{Config: &tls.Config{RootCAs: pool, ServerName: domain}}
		return d.DialContext(ctx, network, strings.TrimPrefix(address, "https://"))
	}}
	return c
}

// serveTLS starts the program on TLS, and returns the address that sends on as well.
func serveTLS(t *testing.T, args ...string) (s *server, address, plain string) {
	t.Helper()
	s = started(t, append([]string{"serve", "--addr=127.0.0.1:0", "--drain=0s", "--log=error", "--surveys=testdata/meals", "--data=" + t.TempDir(),
		"--tls-redirect-addr=127.0.0.1:0"}, args...)...)
	_, plain, _ = strings.Cut(s.line("Visitors without TLS are sent on from "), " from ")
	return s, s.listens(), plain
}

func TestTLSByFiles(t *testing.T) {
	folder := t.TempDir()
	pool := certified(t, folder, domain)
	files := []string{"--tls-cert=" + filepath.Join(folder, "cert.pem"), "--tls-key=" + filepath.Join(folder, "key.pem")}
	s, address, plain := serveTLS(t, append(files, "--url=https://"+domain)...)
	if !strings.HasPrefix(address, "https://") {
		t.Errorf("it listens on %s", address)
	}
	c := trusting(t, address, pool)
	r, err := c.Get("https://" + domain + "/help?lang=pl")
	if err != nil {
		t.Fatal(err)
	}
	page := body(t, r)
	if sts := r.Header.Get("Strict-Transport-Security"); r.StatusCode != http.StatusOK || !strings.HasPrefix(sts, "max-age=63072000; includeSubDomains") || !strings.Contains(page, "</html>") {
		t.Errorf("the page: %s, %v", r.Status, r.Header)
	}
	if cookies := r.Cookies(); len(cookies) != 1 || !cookies[0].Secure {
		t.Errorf("the cookies: %v", cookies)
	}
	sendsOn(t, plain)
	fine(t, append([]string{"health", "--addr=" + strings.TrimPrefix(address, "https://"), "--url=https://" + domain}, files...)...)

	renewed := certified(t, folder, domain)
	if _, err := trusting(t, address, pool).Get("https://" + domain + "/help"); err == nil {
		t.Error("the old certificate is still in force")
	}
	if r, err := trusting(t, address, renewed).Get("https://" + domain + "/help"); err != nil || body(t, r) == "" {
		t.Errorf("the new certificate is not in force: %v", err)
	}
	writePEM(t, filepath.Join(folder, "key.pem"), "PRIVATE KEY", []byte("half written"))
	if r, err := trusting(t, address, renewed).Get("https://" + domain + "/help"); err != nil || body(t, r) == "" {
		t.Errorf("half written files shut the door: %v", err)
	}
	s.ends()
}

// sendsOn wants visitors without TLS to be sent to our own name, whatever they ask for, and their forms to be refused.
func sendsOn(t *testing.T, plain string) {
	t.Helper()
	c := withoutRedirects(visitor(t))
	for path, want := range map[string]string{"/s/meals?lang=pl": "/s/meals?lang=pl", "//evil.example/x": "/x", "/%0d%0aX:1": "/%0d%0aX:1"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, plain, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "evil.example"
		r.URL.Opaque = path
		answer, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if to := answer.Header.Get("Location"); answer.StatusCode != http.StatusMovedPermanently || to != "https://"+domain+want || body(t, answer) == "" || answer.Header.Get("X") != "" {
			t.Errorf("%s is sent to %q with %s", path, to, answer.Status)
		}
	}
	if r, err := c.PostForm(plain+"/s/meals/who", url.Values{"voice": {"self"}}); err != nil || r.StatusCode != http.StatusBadRequest || body(t, r) == "" {
		t.Errorf("a form without TLS: %v, %v", r, err)
	}
}

func TestTLSNothingOld(t *testing.T) {
	folder := t.TempDir()
	pool := certified(t, folder, domain)
	s, address, _ := serveTLS(t, "--tls-cert="+filepath.Join(folder, "cert.pem"), "--tls-key="+filepath.Join(folder, "key.pem"), "--url=https://"+domain)
	host := strings.TrimPrefix(address, "https://")
	for version, fine := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		conn, err := tls.Dial("tcp", host, &tls.Config{RootCAs: pool, ServerName: domain, MinVersion: version, MaxVersion: version})
		if (err == nil) != fine {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
	for _, suite := range tls.InsecureCipherSuites() {
		conn, err := tls.Dial("tcp", host, &tls.Config{RootCAs: pool, ServerName: domain, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{suite.ID}})
		if err == nil {
			_ = conn.Close()
			t.Errorf("%s is taken", suite.Name)
		}
	}
	conn := dialed(t, host)
	if _, err := io.WriteString(conn, "GET /help HTTP/1.1\r\nHost: "+domain+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if r, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil && r.StatusCode < 400 {
		t.Errorf("a page without TLS on the address of TLS: %s", r.Status)
	}
	s.ends()
}

func TestTLSRefuses(t *testing.T) {
	folder := t.TempDir()
	certified(t, folder, domain)
	cert, key := "--tls-cert="+filepath.Join(folder, "cert.pem"), "--tls-key="+filepath.Join(folder, "key.pem")
	for want, args := range map[string][]string{
		"set SAYSO_TLS_CERT and SAYSO_TLS_KEY together":                                {cert},
		"or SAYSO_TLS_DOMAIN, not both":                                                {cert, key, "--tls-domain=" + domain},
		`SAYSO_TLS_DOMAIN is "https://x"; write one name, such as say.example.org`:     {"--tls-domain=https://x"},
		`SAYSO_TLS_DOMAIN is "*.example.org"; write one name`:                          {"--tls-domain=*.example.org"},
		"with TLS, SAYSO_URL must begin with https://":                                 {cert, key, "--url=http://" + domain},
		`SAYSO_URL is "https://other.example", but the certificate will be for`:        {"--tls-domain=" + domain, "--url=https://other.example"},
		`SAYSO_TLS_REDIRECT_ADDR is "80"; write an address with a port, such as :80`:   {"--tls-redirect-addr=80"},
		"SAYSO_TLS_CERT and SAYSO_TLS_KEY cannot be used: stat ":                       {"--tls-cert=" + folder + "/none", key, "--url=https://" + domain},
		"SAYSO_TLS_CERT and SAYSO_TLS_KEY cannot be used: tls: failed to find any PEM": {"--tls-cert=tls.go", key, "--url=https://" + domain},
	} {
		refused(t, want, append([]string{"serve", "--addr=127.0.0.1:0", "--data=" + t.TempDir()}, args...)...)
	}
	out := fine(t, "config", "--tls-domain="+domain)
	if !strings.Contains(out, "SAYSO_URL=https://"+domain+"\n") {
		t.Errorf("the address follows from the domain:\n%s", out)
	}
}

// asking is what a browser says first to the name.
func asking(name string) *tls.ClientHelloInfo {
	return &tls.ClientHelloInfo{ServerName: name, SupportedProtos: []string{"http/1.1"}, SupportedVersions: []uint16{tls.VersionTLS13},
		SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}, CipherSuites: []uint16{tls.TLS_AES_128_GCM_SHA256}}
}

// TestTLSDomain gets a certificate from an authority for the one name of the settings, keeps it, and asks for no other.
func TestTLSDomain(t *testing.T) {
	data := t.TempDir()
	h := &house{config: &Config{Data: data, TLSDomain: domain, URL: "https://" + domain}, log: slog.New(slog.DiscardHandler)}
	ca := newAuthority(t)
	h.config.TLSAuthority = ca.url
	e, err := h.encryption()
	if err != nil {
		t.Fatal(err)
	}
	ca.plain = e.plain
	for _, name := range []string{"", "evil.example", "x." + domain, domain + ".evil.example", "127.0.0.1"} {
		if _, err := e.config.GetCertificate(asking(name)); err == nil {
			t.Errorf("there is a certificate for %q", name)
		}
	}
	if n := ca.orders.Load(); n != 0 {
		t.Errorf("the authority was asked %d times for other names", n)
	}
	got, err := e.config.GetCertificate(asking(domain))
	if err != nil {
		t.Fatal(err)
	}
	if leaf, err := x509.ParseCertificate(got.Certificate[0]); err != nil || leaf.VerifyHostname(domain) != nil {
		t.Errorf("the certificate is for %v, %v", leaf.DNSNames, err)
	}
	again, err := h.encryption() // as after a restart
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.config.GetCertificate(asking(domain)); err != nil || ca.orders.Load() != 1 {
		t.Errorf("after a restart: %v, %d orders", err, ca.orders.Load())
	}
	if info, err := os.Stat(filepath.Join(data, "certificates")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of the certificates: %v, %v", info, err)
	}
}
