package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"haneul/engine/admin"
)

func faultCommands() []command {
	return []command{
		{name: "fault"},
		{name: "fault add", args: "KIND", flags: faultFlags, run: faultAdd},
		{name: "fault list", flags: jsonFlag, run: faultList},
		{name: "fault clear", args: "[ID]", run: faultClear},
	}
}

func faultFlags(f *pflag.FlagSet) {
	f.String("service", "", "sqs")
	f.String("operation", "", "SendMessage")
	f.String("arn", "", "PATTERN")
	f.String("zone", "", "ap-northeast-2a")
	f.String("code", "", "CODE")
	f.String("message", "", "TEXT")
	f.String("latency", "", "2s")
	f.Int64("count", 0, "N")
	f.Float64("rate", 0, "0..1")
	jsonFlag(f)
}

var faultKinds = []string{"error", "latency", "throttle", "duplicate", "reorder", "kill", "interrupt", "outage"}

func faultAdd(ctx context.Context, s *session) error {
	number := func(name string) int64 { n, _ := s.flags.GetInt64(name); return n }
	rate, _ := s.flags.GetFloat64("rate")
	f := admin.Fault{
		Kind: s.args[0], Service: s.str("service"), Operation: s.str("operation"), ARN: s.str("arn"), Zone: s.str("zone"), Code: s.str("code"),
		Message: s.str("message"), Count: number("count"), Rate: rate,
	}
	if !strings.Contains(" "+strings.Join(faultKinds, " ")+" ", " "+f.Kind+" ") {
		return misuse("bad-fault", "kind", f.Kind, "kinds", strings.Join(faultKinds, ", "))
	}
	if v := s.str("latency"); v != "" {
		d, err := admin.ParseDuration(v)
		if err != nil {
			return misuse("bad-duration", "value", v)
		}
		f.LatencyMS = d.Milliseconds()
	}
	e, c, err := s.cloud(ctx)
	if err != nil {
		return err
	}
	f, err = e.Client().AddFault(ctx, c.Name, f)
	if err != nil {
		return err
	}
	return s.report(f, func() {
		if f.ID != "" {
			s.tell("cli.fault.added", "id", f.ID, "cloud", c.Name)
		}
		if f.Kind == "kill" || len(f.Struck) > 0 {
			s.tell("cli.fault.struck", "n", len(f.Struck), "ids", strings.Join(f.Struck, " "))
		}
	})
}

func faultList(ctx context.Context, s *session) error {
	e, c, err := s.cloud(ctx)
	if err != nil {
		return err
	}
	fs, err := e.Client().Faults(ctx, c.Name)
	if err != nil {
		return err
	}
	return s.report(fs, func() {
		if len(fs) == 0 {
			s.tell("cli.fault.none", "cloud", c.Name)
		}
		for _, f := range fs {
			fmt.Fprintln(s.Stdout, strings.Join(faultWords(f), "  "))
		}
	})
}

// faultWords is a fault on one line: what is not set is left out.
func faultWords(f admin.Fault) []string {
	words := []string{f.ID, f.Kind}
	if f.Service != "" {
		words = append(words, strings.TrimSuffix(f.Service+":"+f.Operation, ":"))
	}
	if f.ARN != "" {
		words = append(words, f.ARN)
	}
	if f.Zone != "" {
		words = append(words, f.Zone)
	}
	if f.Code != "" {
		words = append(words, f.Code)
	}
	if f.LatencyMS > 0 {
		words = append(words, fmt.Sprintf("%d ms", f.LatencyMS))
	}
	if f.Count > 0 {
		words = append(words, fmt.Sprintf("×%d", f.Count))
	}
	if f.Rate > 0 {
		words = append(words, fmt.Sprintf("%g %%", f.Rate*100))
	}
	return words
}

func faultClear(ctx context.Context, s *session) error {
	e, c, err := s.cloud(ctx)
	if err != nil {
		return err
	}
	id := ""
	if len(s.args) > 0 {
		id = s.args[0]
	}
	if err := e.Client().ClearFaults(ctx, c.Name, id); err != nil {
		return err
	}
	s.tell("cli.fault.cleared", "cloud", c.Name)
	return nil
}
