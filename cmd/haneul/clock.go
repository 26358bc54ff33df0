package main

import (
	"context"
	"time"

	"haneul/engine/admin"
)

func timeCommands() []command {
	return append([]command{
		{name: "clock", flags: jsonFlag, run: clockShow},
		{name: "clock advance", args: "DURATION", flags: jsonFlag, run: clockAdvance},
		{name: "clock freeze", flags: jsonFlag, run: clockFreeze},
		{name: "clock resume", flags: jsonFlag, run: clockResume},
		{name: "clock times", flags: jsonFlag, run: clockTimes},
		{name: "clock set", args: "TIME DURATION", flags: jsonFlag, run: clockSet},
	}, faultCommands()...)
}

// clockReport is a cloud's clock, with the cloud's name.
type clockReport struct {
	Cloud string `json:"cloud"`
	admin.Clock
}

// turn does something to the clock of the session's cloud and says what it shows then.
func (s *session) turn(ctx context.Context, do func(*admin.Client, string) (admin.Clock, error)) error {
	e, c, err := s.cloud(ctx)
	if err != nil {
		return err
	}
	k, err := do(e.Client(), c.Name)
	if err != nil {
		return err
	}
	return s.report(clockReport{c.Name, k}, func() {
		key := "cli.clock.now"
		if k.Frozen {
			key = "cli.clock.now-frozen"
		}
		s.tell(key, "cloud", c.Name, "time", k.Now.Local().Format(time.DateTime))
		if k.Steps > 0 {
			s.tell("cli.clock.steps", "steps", k.Steps)
		}
	})
}

func clockShow(ctx context.Context, s *session) error {
	return s.turn(ctx, func(c *admin.Client, name string) (admin.Clock, error) { return c.Clock(ctx, name) })
}

func clockAdvance(ctx context.Context, s *session) error {
	d, err := admin.ParseDuration(s.args[0])
	if err != nil {
		return misuse("bad-duration", "value", s.args[0])
	}
	return s.turn(ctx, func(c *admin.Client, name string) (admin.Clock, error) { return c.Advance(ctx, name, d) })
}

func clockFreeze(ctx context.Context, s *session) error {
	return s.turn(ctx, func(c *admin.Client, name string) (admin.Clock, error) { return c.Freeze(ctx, name) })
}

func clockResume(ctx context.Context, s *session) error {
	return s.turn(ctx, func(c *admin.Client, name string) (admin.Clock, error) { return c.Resume(ctx, name) })
}

// clockTimes lists what is modelled: the name, how long it takes here, and in words what it is and takes on AWS.
func clockTimes(ctx context.Context, s *session) error {
	e, c, err := s.cloud(ctx)
	if err != nil {
		return err
	}
	all, err := e.Client().Times(ctx, c.Name)
	if err != nil {
		return err
	}
	return s.report(all, func() {
		var rows [][]string
		for _, m := range all {
			rows = append(rows, []string{m.Name, (time.Duration(m.TimeMS) * time.Millisecond).String(), s.say("time." + m.Name)})
		}
		s.table(rows)
	})
}

// defaultTime is the word for a time that nobody has changed.
const defaultTime = "default"

func clockSet(ctx context.Context, s *session) error {
	name, word := s.args[0], s.args[1]
	d, err := admin.ParseDuration(word)
	if err != nil && word != defaultTime {
		return misuse("bad-duration", "value", word)
	}
	e, c, err := s.cloud(ctx)
	if err != nil {
		return err
	}
	if word == defaultTime {
		err = e.Client().ResetTime(ctx, c.Name, name)
	} else {
		err = e.Client().SetTime(ctx, c.Name, name, d)
	}
	if err != nil {
		return err
	}
	return clockTimes(ctx, s)
}
