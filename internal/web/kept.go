package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"
)

// kept holds pages that are the same for everyone, rendered and compressed once per key. Keys are made of ids that
// exist and languages that ship, so their number is bounded by the content.
type kept struct{ pages sync.Map }

type keptPage struct{ plain, gzip, brotli []byte }

func newKept() *kept { return &kept{} }

// same sends the page of the key, rendering it only the first time.
func (d *desk) same(c *fiber.Ctx, key string, page func() templ.Component) error {
	if visitOf(c).shared != nil { // its pages say so
		return d.send(c, fiber.StatusOK, page())
	}
	k, ok := d.kept.pages.Load(key)
	if !ok {
		var b bytes.Buffer
		if err := page().Render(context.Background(), &b); err != nil {
			return err
		}
		fresh, err := compress(b.Bytes())
		if err != nil {
			return err
		}
		k, _ = d.kept.pages.LoadOrStore(key, fresh)
	}
	p := k.(*keptPage)
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderVary, "Accept-Encoding, Accept-Language, Cookie")
	return sendCompressed(c, p)
}

func sendCompressed(c *fiber.Ctx, p *keptPage) error {
	accepts := c.Get(fiber.HeaderAcceptEncoding)
	switch {
	case strings.Contains(accepts, "br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		c.Response().SetBodyRaw(p.brotli)
	case strings.Contains(accepts, "gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		c.Response().SetBodyRaw(p.gzip)
	default:
		c.Response().SetBodyRaw(p.plain)
	}
	return nil
}

func compress(plain []byte) (*keptPage, error) {
	var g, b bytes.Buffer
	gz := gzip.NewWriter(&g)
	br := brotli.NewWriterLevel(&b, 9)
	if _, err := gz.Write(plain); err != nil {
		return nil, err
	}
	if err := gz.Close(); err != nil {
		return nil, err
	}
	if _, err := br.Write(plain); err != nil {
		return nil, err
	}
	if err := br.Close(); err != nil {
		return nil, err
	}
	return &keptPage{plain: plain, gzip: g.Bytes(), brotli: b.Bytes()}, nil
}
