package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"haneul/engine/admin"
)

func journalCommands() []command {
	return []command{
		{name: "journal", flags: journalFlags, run: journalShow},
		{name: "journal tail", flags: journalFlags, run: journalTail},
		{name: "journal why", args: "REQUEST-ID", flags: jsonFlag, run: journalWhy},
	}
}

func journalFlags(f *pflag.FlagSet) {
	f.IntP("lines", "n", 20, "N")
	jsonFlag(f)
}

// journalShow prints the last entries.
func journalShow(ctx context.Context, s *session) error {
	e, c, err := s.cloud(ctx)
	if err != nil {
		return err
	}
	n, _ := s.flags.GetInt("lines")
	es, err := latest(ctx, e.Client(), c.Name, max(0, n))
	if err != nil {
		return err
	}
	return s.report(es, func() {
		for i := range es {
			fmt.Fprintln(s.Stdout, entryLine(&es[i]))
		}
		if len(es) == 0 {
			s.tell("cli.journal.empty", "cloud", c.Name)
		}
	})
}

// latest is the last n entries of a journal. A journal may be long, so its end is felt for: sequence numbers grow by one.
func latest(ctx context.Context, c *admin.Client, cloud string, n int) ([]admin.Entry, error) {
	beyond := func(seq uint64) (bool, error) {
		es, err := c.Journal(ctx, cloud, seq, 1)
		return len(es) == 0, err
	}
	low, high := uint64(0), uint64(1) // there is an entry from low on, and none from high on
	for {
		end, err := beyond(high)
		if err != nil {
			return nil, err
		}
		if end {
			break
		}
		low, high = high, high*2
	}
	for low+1 < high {
		end, err := beyond((low + high) / 2)
		if err != nil {
			return nil, err
		}
		if end {
			high = (low + high) / 2
		} else {
			low = (low + high) / 2
		}
	}
	es, err := c.Journal(ctx, cloud, low-min(low, uint64(n)), 0)
	return es[max(0, len(es)-n):], err
}

// journalTail prints the last entries and goes on as the journal grows, until Ctrl-C. With --format json it prints JSON
// lines.
func journalTail(ctx context.Context, s *session) error {
	format, err := s.format("text", "json")
	if err != nil {
		return err
	}
	e, c, err := s.cloud(ctx)
	if err != nil {
		return err
	}
	n, _ := s.flags.GetInt("lines")
	es, err := latest(ctx, e.Client(), c.Name, max(1, n))
	if err != nil {
		return err
	}
	from := uint64(1)
	if len(es) > 0 {
		from = es[0].Seq
	}
	err = e.Client().Follow(ctx, c.Name, from, func(entry admin.Entry) bool {
		if format == "json" {
			err = json.NewEncoder(s.Stdout).Encode(entry)
		} else {
			_, err = fmt.Fprintln(s.Stdout, entryLine(&entry))
		}
		return err == nil
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// entryLine is an entry in one line: time, who, what, on what, and how it ended.
func entryLine(e *admin.Entry) string {
	who := e.Principal[strings.LastIndexAny(e.Principal, ":/")+1:]
	what := e.Service + ":" + e.Operation
	if e.Kind != "call" {
		what += " (" + e.Kind + ")"
	}
	result := "ok"
	if e.Code != "" {
		result = e.Code
	}
	words := []string{e.At.Local().Format("15:04:05.000"), fmt.Sprintf("%-12s", who), what}
	if e.ARN != "" && e.ARN != "*" {
		words = append(words, e.ARN)
	}
	return strings.Join(append(words, result, e.RequestID), "  ")
}

// journalWhy shows everything the journal knows of one request: what was asked, which statement decided, what became of it.
func journalWhy(ctx context.Context, s *session) error {
	e, c, err := s.cloud(ctx)
	if err != nil {
		return err
	}
	entry, err := e.Client().Find(ctx, c.Name, s.args[0])
	var refused *admin.Error
	if errors.As(err, &refused) && refused.Status == 404 {
		return fail("no-such-request", "request", s.args[0], "cloud", c.Name)
	}
	if err != nil {
		return err
	}
	return s.report(entry, func() { s.rows(entryRows(s, &entry)) })
}

// decider names the statement that decided. A denial without one means that none allows the call.
func decider(s *session, e *admin.Entry) string {
	switch {
	case e.Decision != "":
		return e.Decision
	case strings.HasPrefix(e.Code, "AccessDenied"):
		return s.say("cli.journal.nothing-allows")
	}
	return s.say("cli.journal.no-statement")
}

func entryRows(s *session, e *admin.Entry) [][2]string {
	rows := [][2]string{
		{s.label("time"), e.At.Local().Format("2006-01-02 15:04:05.000")},
		{s.label("request-id"), e.RequestID},
		{s.label("caller"), e.Principal},
		{s.label("access-key"), e.AccessKey},
		{s.label("action"), e.Service + ":" + e.Operation},
		{s.label("resource"), e.ARN},
		{s.label("result"), strings.TrimSpace(orWord(e.Code, "ok") + " " + e.Message)},
		{s.label("decided-by"), decider(s, e)},
	}
	if e.Cause != 0 {
		rows = append(rows, [2]string{s.label("caused-by"), "#" + strconv.FormatUint(e.Cause, 10)})
	}
	for _, n := range e.Notes {
		rows = append(rows, [2]string{n.Key, n.Value})
	}
	for _, u := range e.Units {
		rows = append(rows, [2]string{u.Metric, strconv.FormatInt(u.N, 10)})
	}
	if len(e.Input) > 0 {
		var b bytes.Buffer
		if json.Compact(&b, e.Input) == nil {
			rows = append(rows, [2]string{s.label("input"), b.String()})
		}
	}
	kept := rows[:0]
	for _, r := range rows {
		if r[1] != "" {
			kept = append(kept, r)
		}
	}
	return kept
}

func orWord(v, otherwise string) string {
	if v == "" {
		return otherwise
	}
	return v
}
