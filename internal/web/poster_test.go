package web_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestPostersAndCards(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).opens("/s/worries/poster").gets(http.StatusOK)
	p.sees(".s-poster h1", "When I feel worried or sad").sees(".s-poster__link", host+"/s/worries").sees(".s-poster__days", "31 January 2027")
	if strings.Contains(p.page.Find(".s-poster__link").Text(), "http") {
		t.Error("the short link is not short")
	}
	p.clicks(".s-leaflet-tools a[lang=ur]").gets(http.StatusOK).sees("html[dir=rtl] .s-poster__link strong[dir=ltr]", host+"/s/worries")
	p.opens("/b/early-help/cards?lang=en").gets(http.StatusOK)
	if n := p.page.Find(".s-slip .s-qr").Length(); n != 8 {
		t.Errorf("there are %d cards", n)
	}
	p.sees(".s-slip", host+"/b/early-help").clicks(".s-leaflet-tools > p > a").sees(".s-poster__for", "For everyone from 8 to 25")
	w.clock.passes(-100 * day)
	p.opens("/b/early-help/poster").gets(http.StatusOK).sees(".s-poster__days", "Open from 1 November 2026 to 20 February 2027")
	w.clock.passes(400 * day)
	p.opens("/s/worries/cards").gets(http.StatusOK).sees(".s-slip", "Open from")
	p.opens("/s/unknown/poster").gets(http.StatusNotFound)
}
