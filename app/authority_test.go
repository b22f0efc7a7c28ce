package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// authority is a certificate authority that speaks as much of ACME (RFC 8555) as one order needs: one account, one
// name, proved over HTTP. It believes every signature.
type authority struct {
	t      *testing.T
	url    string       // of its directory
	plain  http.Handler // where the proof is to be found
	orders atomic.Int32

	key    *ecdsa.PrivateKey
	proved atomic.Bool
	leaf   atomic.Pointer[[]byte]
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{t: t, key: key}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

const challenge = "a-token-of-the-authority"

func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Replay-Nonce", fmt.Sprint(time.Now().UnixNano()))
	var request struct{ Payload string }
	if r.Method == http.MethodPost {
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			a.t.Error(err)
		}
	}
	order := map[string]any{"status": "ready", "identifiers": []any{map[string]string{"type": "dns", "value": domain}},
		"authorizations": []string{a.url + "/authz"}, "finalize": a.url + "/finalize", "certificate": a.url + "/certificate"}
	if !a.proved.Load() {
		order["status"] = "pending"
	}
	if a.leaf.Load() != nil {
		order["status"] = "valid"
	}
	w.Header().Set("Location", a.url+r.URL.Path)
	switch r.URL.Path {
	case "/":
		a.say(w, http.StatusOK, map[string]any{"newNonce": a.url + "/nonce", "newAccount": a.url + "/account", "newOrder": a.url + "/order"})
	case "/nonce":
	case "/account":
		a.say(w, http.StatusCreated, map[string]any{"status": "valid"})
	case "/order":
		if request.Payload != "" {
			a.orders.Add(1)
			a.say(w, http.StatusCreated, order)
			return
		}
		a.say(w, http.StatusOK, order)
	case "/authz", "/challenge":
		a.prove(w, r.URL.Path == "/challenge")
	case "/finalize":
		a.issue(request.Payload)
		order["status"] = "valid"
		w.Header().Set("Location", a.url+"/order")
		a.say(w, http.StatusOK, order)
	case "/certificate":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		_ = pem.Encode(w, &pem.Block{Type: "CERTIFICATE", Bytes: *a.leaf.Load()})
	default:
		a.t.Errorf("the authority knows no %s", r.URL.Path)
	}
}

func (a *authority) say(w http.ResponseWriter, status int, what any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(what); err != nil {
		a.t.Error(err)
	}
}

// prove looks for the proof where port 80 is, when it is told to.
func (a *authority) prove(w http.ResponseWriter, look bool) {
	if look {
		found := httptest.NewRecorder()
		a.plain.ServeHTTP(found, httptest.NewRequest(http.MethodGet, "http://"+domain+"/.well-known/acme-challenge/"+challenge, nil))
		if found.Code != http.StatusOK || found.Body.Len() <= len(challenge) {
			a.t.Errorf("there is no proof: %d %s", found.Code, found.Body)
		}
		a.proved.Store(true)
	}
	status := "pending"
	if a.proved.Load() {
		status = "valid"
	}
	one := map[string]any{"type": "http-01", "url": a.url + "/challenge", "token": challenge, "status": status}
	if look {
		a.say(w, http.StatusOK, one)
		return
	}
	a.say(w, http.StatusOK, map[string]any{"status": status, "identifier": map[string]string{"type": "dns", "value": domain}, "challenges": []any{one}})
}

// issue signs what was asked for.
func (a *authority) issue(payload string) {
	var asked struct{ CSR string }
	data, err := base64.RawURLEncoding.DecodeString(payload)
	if err == nil {
		err = json.Unmarshal(data, &asked)
	}
	if err == nil {
		data, err = base64.RawURLEncoding.DecodeString(asked.CSR)
	}
	var csr *x509.CertificateRequest
	if err == nil {
		csr, err = x509.ParseCertificateRequest(data)
	}
	if err != nil {
		a.t.Error(err)
		return
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: domain}, DNSNames: csr.DNSNames,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour)}
	leaf, err := x509.CreateCertificate(rand.Reader, about, about, csr.PublicKey, a.key)
	if err != nil {
		a.t.Error(err)
	}
	a.leaf.Store(&leaf)
}
