package main

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"haneul/engine/admin"
)

func instanceCommands() []command {
	return []command{
		{name: "instances", flags: jsonFlag, run: listInstances},
		{name: "connect", args: "INSTANCE [COMMAND…]", flags: connectFlags, run: runConnect, many: true},
	}
}

// listInstances prints the instances of the session's cloud, those that ended in the last hour included.
func listInstances(ctx context.Context, s *session) error {
	e, c, err := s.cloud(ctx)
	if err != nil {
		return err
	}
	is, err := e.Client().Instances(ctx, c.Name)
	if err != nil {
		return err
	}
	if is == nil {
		is = []admin.Instance{}
	}
	return s.report(is, func() {
		if len(is) == 0 {
			s.tell("cli.instances.none", "cloud", c.Name)
		}
		var rows [][]string
		for _, i := range is {
			why := strings.Trim(i.Reason+"; "+i.Note, "; ")
			rows = append(rows, []string{i.ID, orDash(i.Name), i.State, i.Type, i.Zone, orDash(i.PrivateIP), orDash(i.PublicIP), why})
		}
		s.table(rows)
	})
}

// table prints rows with their columns aligned.
func (s *session) table(rows [][]string) {
	var widths []int
	for _, r := range rows {
		for n, cell := range r {
			if n == len(widths) {
				widths = append(widths, 0)
			}
			widths[n] = max(widths[n], ansi.StringWidth(cell))
		}
	}
	for _, r := range rows {
		line := ""
		for n, cell := range r {
			line += cell + strings.Repeat(" ", widths[n]-ansi.StringWidth(cell)+2)
		}
		fmt.Fprintln(s.Stdout, strings.TrimRight(line, " "))
	}
}

// pick finds the instance that a word means: its id, the beginning of its id, its Name tag, or its address. An instance
// that has ended counts only where no other is meant.
func pick(all []admin.Instance, word, cloud string) (admin.Instance, error) {
	if word == "" { // an empty variable
		return admin.Instance{}, unreachable("connect-no-name")
	}
	var alive, ended []admin.Instance
	for _, i := range all {
		if i.ID == word {
			return i, nil
		}
		if !means(i, word) {
			continue
		}
		if i.State == "terminated" || i.State == "shutting-down" {
			ended = append(ended, i)
		} else {
			alive = append(alive, i)
		}
	}
	meant := alive
	if len(meant) == 0 {
		meant = ended
	}
	switch {
	case len(alive) == 0 && len(ended) > 1:
		return admin.Instance{}, unreachable("connect-all-ended", "name", word, "n", len(ended))
	case len(meant) == 0:
		return admin.Instance{}, unreachable("connect-none", "name", word, "cloud", cloud)
	case len(meant) == 1:
		return meant[0], nil
	}
	var ids []string
	for _, i := range meant {
		ids = append(ids, titled(i))
	}
	slices.Sort(ids)
	return admin.Instance{}, unreachable("connect-several", "name", word, "instances", strings.Join(ids, ", "))
}

// shortestID is how much of an id names an instance at least: "i-" and a digit.
const shortestID = 3

func means(i admin.Instance, word string) bool {
	if _, err := netip.ParseAddr(word); err == nil {
		return word == i.PrivateIP || word == i.PublicIP
	}
	return i.Name == word || len(word) >= shortestID && strings.HasPrefix(word, "i-") && strings.HasPrefix(i.ID, word)
}

// titled is an instance's id, with its name if it has one.
func titled(i admin.Instance) string {
	if i.Name == "" {
		return i.ID
	}
	return i.ID + " (" + i.Name + ")"
}
