package world

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"

	"haneul/engine/admin"
)

const (
	// aside is how long to wait on the wall clock before an instance is asked again.
	aside = 50 * time.Millisecond
	// maxAnswer is how much of an answer, or of a command's output, a check reads, in bytes.
	maxAnswer = 1 << 20
	// noCode is the exit status of a command that did not run to its end.
	noCode = -1
)

// instancesModule is t.instances: what the outside world does to machines. They boot and answer on the wall clock.
func (w *World) instancesModule() starlark.Value {
	return starlarkstruct.FromStringDict(starlarkstruct.Default, starlark.StringDict{
		"http":      builtin("http", w.httpInstance),
		"reach":     builtin("reach", w.reachInstance),
		"exec":      builtin("exec", w.execInstance),
		"kill":      w.strike("kill", func(s *admin.Strike, what string) { s.Kill = what }),
		"interrupt": w.strike("interrupt", func(s *admin.Strike, what string) { s.Interrupt = what }),
		"outage":    w.strike("outage", func(s *admin.Strike, what string) { s.Zone = what }),
		"console":   builtin("console", w.consoleOfInstance),
		"wait":      builtin("wait", w.waitForInstance),
		"list":      builtin("list", w.listInstances),
		"pause":     builtin("pause", pause),
	})
}

// theirs reports an error that says something about the learner's instances, and nothing about the grader. What the
// engine itself cannot do is the grader's trouble.
func theirs(err error) (code, message string, ok bool) {
	var refused *admin.Error
	if !errors.As(err, &refused) {
		return "", "", false
	}
	switch refused.Code {
	case admin.DialTimeout, admin.DialRefused, "InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed", "IncorrectInstanceState", "InvalidParameterValue":
		return refused.Code, refused.Message, true
	}
	return "", "", false
}

// lost is the error of a command whose machine went away under it.
const lost = "ConnectionLost"

// vanished reports that a machine could not be reached though it should run: it goes away at this moment.
func vanished(err error) (message string, ok bool) {
	var refused *admin.Error
	if !errors.As(err, &refused) || refused.Code != "InternalFailure" {
		return "", false
	}
	return refused.Message, true
}

// until calls f again, until it reports that it is done or within is used up. f's error ends it.
func until(ctx context.Context, within time.Duration, f func() (done bool, err error)) error {
	for end := time.Now().Add(within); ; {
		done, err := f()
		if done || err != nil || !time.Now().Add(aside).Before(end) {
			return err
		}
		if err := wait(ctx, aside); err != nil {
			return err
		}
	}
}

// wait lets d pass on the wall clock.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// span reads a length of time; "" is 0.
func span(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	return admin.ParseDuration(text)
}

// spans are a call's own limit and for how long it is repeated.
func spans(timeout, within string) (limit, again time.Duration, err error) {
	limit, err1 := span(timeout)
	again, err2 := span(within)
	return limit, again, errors.Join(err1, err2)
}

// execInstance is t.instances.exec(id, cmd, stdin="", timeout="20s", within=""): a command in an instance, past its firewall,
// as root. cmd is a line for sh or a list of words. It returns .ok, .code, .output and .error; code is -1 and error says why if
// the command did not run to its end. With within it is run again until it ends with 0.
func (w *World) execInstance(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var id, stdin, within string
	var cmd starlark.Value
	timeout := "20s"
	if err := starlark.UnpackArgs("exec", args, kwargs, "id", &id, "cmd", &cmd, "stdin?", &stdin, "timeout?", &timeout, "within?", &within); err != nil {
		return nil, err
	}
	words, err := commandOf(cmd)
	if err != nil {
		return nil, err
	}
	limit, again, err := spans(timeout, within)
	if err != nil {
		return nil, err
	}
	var out starlark.StringDict
	err = until(contextOf(th), again, func() (bool, error) {
		code, output, trouble, err := w.run1(contextOf(th), id, words, stdin, limit)
		out = starlark.StringDict{"ok": starlark.Bool(code == 0), "code": starlark.MakeInt(code),
			"output": starlark.String(output), "error": starlark.String(trouble)}
		return code == 0, err
	})
	return starlarkstruct.FromStringDict(starlarkstruct.Default, out), err
}

func commandOf(v starlark.Value) ([]string, error) {
	if line, ok := starlark.AsString(v); ok {
		return []string{"sh", "-c", line}, nil
	}
	list, ok := v.(starlark.Iterable)
	if !ok {
		return nil, fmt.Errorf("exec: the command is %s, not a line or a list of words", v.Type())
	}
	var words []string
	for x := range starlark.Elements(list) {
		word, ok := starlark.AsString(x)
		if !ok {
			return nil, fmt.Errorf("exec: the word %s is not a string", x)
		}
		words = append(words, word)
	}
	if len(words) == 0 {
		return nil, errors.New("exec: the command is empty")
	}
	return words, nil
}

// run1 runs a command once. trouble is why it did not run to its end, "" if it did.
func (w *World) run1(ctx context.Context, id string, words []string, stdin string, limit time.Duration) (code int, output, trouble string, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	s, err := w.Admin.Exec(ctx, w.Cloud.Name, id, admin.ExecSpec{Cmd: words, Stdin: stdin != ""})
	if code, message, ok := theirs(err); ok {
		return noCode, message, code, nil
	}
	if message, ok := vanished(err); ok {
		return noCode, message, lost, nil
	}
	if err != nil {
		return w.cutShort(ctx, "", err)
	}
	defer context.AfterFunc(ctx, func() { s.Close() })() // the connection outlives the request it came from
	var in io.Reader
	if stdin != "" {
		in = strings.NewReader(stdin)
	}
	said := &tail{}
	code, err = s.Run(in, said, said)
	if err == nil {
		return code, said.String(), "", nil
	}
	if ctx.Err() == nil { // the machine went away under it
		return noCode, said.String(), lost, nil
	}
	return w.cutShort(ctx, said.String(), err)
}

// cutShort tells a command's own limit from the end of the grading.
func (w *World) cutShort(ctx context.Context, output string, err error) (int, string, string, error) {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return noCode, output, admin.DialTimeout, nil
	}
	return noCode, output, "", err
}

// strike is bad luck for an instance or a zone: .ok, .instances that were hit, .error.
func (w *World) strike(name string, set func(s *admin.Strike, what string)) *starlark.Builtin {
	return builtin(name, func(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var what string
		if err := starlark.UnpackPositionalArgs(name, args, kwargs, 1, &what); err != nil {
			return nil, err
		}
		var s admin.Strike
		set(&s, what)
		hit, err := w.Admin.Strike(contextOf(th), w.Cloud.Name, s)
		code, _, ok := theirs(err)
		if err != nil && !ok {
			return nil, err
		}
		return starlarkstruct.FromStringDict(starlarkstruct.Default, starlark.StringDict{
			"ok": starlark.Bool(err == nil), "instances": toStarlark(hit), "error": starlark.String(code),
		}), nil
	})
}

// consoleOfInstance is t.instances.console(id): what it has printed, "" if it has no machine.
func (w *World) consoleOfInstance(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var id string
	if err := starlark.UnpackPositionalArgs("console", args, kwargs, 1, &id); err != nil {
		return nil, err
	}
	text, err := w.Admin.Console(contextOf(th), w.Cloud.Name, id)
	if _, _, ok := theirs(err); ok {
		err = nil
	}
	return starlark.String(text), err
}

// waitForInstance is t.instances.wait(id, state, within="30s"): .ok if it came to that state, and .state and .reason as
// they are. An instance that nobody knows is "missing"; one that is terminated waits for nothing more.
func (w *World) waitForInstance(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var id, state string
	within := "30s"
	if err := starlark.UnpackArgs("wait", args, kwargs, "id", &id, "state", &state, "within?", &within); err != nil {
		return nil, err
	}
	limit, err := span(within)
	if err != nil {
		return nil, err
	}
	var now admin.Instance
	err = until(contextOf(th), limit, func() (bool, error) {
		var err error
		now, err = w.Admin.Instance(contextOf(th), w.Cloud.Name, id)
		if _, message, ok := theirs(err); ok {
			now, err = admin.Instance{State: missing, Reason: message}, nil
		}
		return now.State == state || now.State == "terminated" || now.State == missing, err
	})
	return starlarkstruct.FromStringDict(starlarkstruct.Default, starlark.StringDict{
		"ok": starlark.Bool(now.State == state), "state": starlark.String(now.State), "reason": starlark.String(now.Reason),
	}), err
}

// missing is the state of an instance that nobody knows.
const missing = "missing"

// listInstances is t.instances.list(): every instance, the terminated ones of the last hour included.
func (w *World) listInstances(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackPositionalArgs("list", args, kwargs, 0); err != nil {
		return nil, err
	}
	all, err := w.Admin.Instances(contextOf(th), w.Cloud.Name)
	var list []starlark.Value
	for _, i := range all {
		var groups []string
		for _, g := range i.Groups {
			groups = append(groups, g.Key)
		}
		d := starlark.StringDict{"spot": starlark.Bool(i.Spot), "groups": toStarlark(groups)}
		for name, v := range map[string]string{"id": i.ID, "name": i.Name, "region": i.Region, "zone": i.Zone, "type": i.Type, "state": i.State,
			"reason": i.Reason, "note": i.Note, "vpc": i.VPC, "private_ip": i.PrivateIP, "public_ip": i.PublicIP, "key_name": i.KeyName} {
			d[name] = starlark.String(v)
		}
		list = append(list, starlarkstruct.FromStringDict(starlarkstruct.Default, d))
	}
	return starlark.NewList(list), err
}

// pause is t.instances.pause("1s"), on the wall clock: machines know no other.
func pause(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var text string
	if err := starlark.UnpackPositionalArgs("pause", args, kwargs, 1, &text); err != nil {
		return nil, err
	}
	d, err := admin.ParseDuration(text)
	if err != nil {
		return nil, err
	}
	return starlark.None, wait(contextOf(th), d)
}
