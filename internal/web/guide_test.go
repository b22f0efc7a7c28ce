package web

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Whatever stands in a guide, nothing in the page of it runs, loads, or leads to what is no page.
func FuzzGuide(f *testing.F) {
	for _, text := range []string{
		"# Title\n\nWords and [a link](/about/privacy), *more*.\n\n1. one\n2. two\n\n```\ncode\n```\n",
		"# <script>x</script>\n<script>alert(1)</script><p onclick=x style=y>z</p>\n", "\n[x](javascript:alert(1)) ![y](data:text/html,z) <https://a.example>\n",
		"# a\n<svg><a xlink:href=\"javascript:x\"/></svg><iframe src=x></iframe><form action=x><input></form>", "# b\n> > > > *a **b _c\n\n| d |\n&#x6a;avascript:\x00",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := readGuide(data)
		if err != nil {
			return
		}
		page, err := goquery.NewDocumentFromReader(strings.NewReader(g.HTML))
		if err != nil {
			t.Fatal(err)
		}
		if bad := page.Find("script, style, iframe, object, embed, form, input, svg, math, link, meta, base, [style]"); bad.Length() > 0 {
			t.Errorf("%q becomes %q", data, g.HTML)
		}
		for _, s := range page.Find("*").EachIter() {
			for _, a := range s.Nodes[0].Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("%q becomes %q", data, g.HTML)
				}
			}
		}
		for _, link := range page.Find("[href], [src]").EachIter() {
			to := strings.ToLower(strings.TrimSpace(link.AttrOr("href", "") + link.AttrOr("src", "")))
			scheme, _, has := strings.Cut(to, ":")
			if has && !strings.ContainsAny(scheme, "/?#") && scheme != "http" && scheme != "https" && scheme != "mailto" {
				t.Errorf("%q leads to %q", data, to)
			}
		}
	})
}
