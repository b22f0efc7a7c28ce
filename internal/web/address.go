package web

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// networks reads addresses and networks. What is neither names no proxy and is trusted in nothing.
func networks(list []string) []netip.Prefix {
	var out []netip.Prefix
	for _, text := range list {
		if p, err := netip.ParsePrefix(text); err == nil {
			out = append(out, p.Masked())
		} else if a, err := netip.ParseAddr(text); err == nil {
			out = append(out, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
		}
	}
	return out
}

// from is the address a request comes from. Each proxy of ours adds to the end of X-Forwarded-For whom it heard: so it
// is the last that is no proxy of ours. What stands before that the visitor may have made up.
func (d *desk) from(c *fiber.Ctx) string {
	heard, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return ""
	}
	heard = heard.Unmap()
	var list []string
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		list = append(list, strings.Split(string(line), ",")...)
	}
	for _, text := range slices.Backward(list) {
		before, err := netip.ParseAddr(strings.TrimSpace(text))
		if err != nil || !slices.ContainsFunc(d.proxies, func(p netip.Prefix) bool { return p.Contains(heard) }) {
			break
		}
		heard = before.Unmap()
	}
	return heard.String()
}
