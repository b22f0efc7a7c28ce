package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"sayso/internal/people"
)

type staffCommand struct {
	Add  staffAddCommand  `cmd:"" help:"Print a one-time link by which a person becomes staff."`
	List staffListCommand `cmd:"" help:"List staff."`
}

type staffAddCommand struct {
	Name string `arg:"" help:"Name to sign in with, such as a work e-mail address."`
	Role string `required:"" enum:"administrator,author,analyst,board" help:"What the person does: ${enum}."`
	Area string `help:"Area the person is limited to. Left out: everywhere."`
}

// Run prints the link; only its hash is kept.
func (k staffAddCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	if _, ok := h.areas.Area(k.Area); !ok && k.Area != "" {
		return fmt.Errorf("there is no area %q; the areas are %s", k.Area, areaList(h.areas))
	}
	token, err := h.staff.Invite(ctx, people.CommandLine(), k.Name, people.Role(k.Role), k.Area)
	if err != nil {
		return h.sentence(err)
	}
	base := c.URL
	if base == "" {
		base = "http://" + c.Addr
	}
	fmt.Fprintf(out, "Give this link to %s by a way you trust. It works once, for seven days:\n%s/staff/invite/%s\n", k.Name, base, token)
	return nil
}

type staffListCommand struct{}

// Run lists staff, one a line.
func (staffListCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	h, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	const page = 100
	for after := ""; ; {
		list, err := h.staff.Members(ctx, people.CommandLine(), after, page)
		if err != nil {
			return h.sentence(err)
		}
		for _, m := range list {
			state := ""
			if m.Disabled {
				state = "shut out"
			}
			fmt.Fprintf(out, "%-40s %-14s %-20s %s\n", m.Name, m.Role, m.Area, state)
		}
		if len(list) < page {
			return h.listInvited(ctx, out, after == "" && len(list) == 0)
		}
		after = list[len(list)-1].Name
	}
}

// listInvited lists those who have not taken up their invitation yet.
func (h *house) listInvited(ctx context.Context, out io.Writer, nobody bool) error {
	all, err := h.store.Invitations(ctx)
	if err != nil {
		return h.sentence(err)
	}
	open := slices.DeleteFunc(all, func(i people.Invitation) bool {
		return i.SignsIn || i.Staff != "" || !h.now().Before(i.Expires)
	})
	for _, i := range open {
		fmt.Fprintf(out, "%-40s %-14s %-20s invited, until %s\n", i.Name, i.Role, i.Area, i.Expires.In(h.now().Location()).Format("2 January 15:04"))
	}
	if nobody && len(open) == 0 {
		fmt.Fprintln(out, "There is no staff yet. Invite the first with: sayso staff add NAME --role administrator")
	}
	return nil
}
