package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"sayso/internal/web"
)

type routesCommand struct {
	JSON bool `help:"As JSON, for tests."`
}

// Run lists every route of the app and who may use it.
func (k routesCommand) Run(out io.Writer) error {
	routes := web.Routes()
	if k.JSON {
		return json.NewEncoder(out).Encode(routes)
	}
	for _, r := range routes {
		who := "everybody"
		if !r.Guard.Public {
			var roles []string
			for _, role := range r.Guard.Roles {
				roles = append(roles, string(role))
			}
			who = strings.Join(append(roles, "administrator"), ", ")
			if r.Guard.InArea {
				who += " (own area)"
			}
		}
		fmt.Fprintf(out, "%-5s %-55s %s\n", r.Method, r.Pattern, who)
	}
	return nil
}
