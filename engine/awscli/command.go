package awscli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"haneul/engine/awscli/ordered"
	"haneul/engine/codec"
	"haneul/engine/emu"
)

// service runs "aws SERVICE …".
func (r *runner) service(ctx context.Context, s *emu.Service, args []string) error {
	choices := make([]string, 0, len(s.Ops)+1)
	for _, op := range s.Ops {
		choices = append(choices, KebabCase(op.Name))
	}
	slices.Sort(choices)
	if waiters[s.Name] != nil {
		choices = append(choices, "wait")
	}
	choices = append(choices, "help")
	for _, name := range s.Missing {
		if len(args) > 0 && args[0] == KebabCase(name) {
			return r.notEmulated(ctx, s, name)
		}
	}
	p := parser{positional: &option{name: "operation", dest: "operation", required: true, choices: choices}}
	got, err := p.parse(args)
	if err != nil {
		return err
	}
	name := got.str("operation")
	switch name {
	case "help":
		r.serviceHelp(s)
		return nil
	case "wait":
		return r.wait(ctx, s, got.rest)
	}
	for _, op := range s.Ops {
		if KebabCase(op.Name) == name {
			return r.operation(ctx, newCommand(s, op), got.rest)
		}
	}
	return nil
}

// notEmulated lets the cloud itself say that it lacks an operation which AWS has.
func (r *runner) notEmulated(ctx context.Context, s *emu.Service, name string) error {
	_, err := r.try(ctx, s, name, []byte("{}"))
	return err
}

// command is one operation as the command line sees it.
type command struct {
	service *emu.Service
	op      *emu.Operation
	input   shape
	params  []param
	pages   *pagination // nil for an operation without pages
}

// param is one parameter of the operation.
type param struct {
	codec.Field
	name string // without dashes
}

func newCommand(s *emu.Service, op *emu.Operation) *command {
	c := &command{service: s, op: op, input: shapeOf(op.Input()), pages: pagesOf(s.Name, op.Name)}
	for _, f := range c.input.members() {
		c.params = append(c.params, param{f, KebabCase(f.JSON)})
	}
	return c
}

// dest is where the parser leaves a parameter's value.
func (p param) dest() string { return "param " + p.name }

func (c *command) parser(args []string) *parser {
	free := slices.Contains(args, "--cli-input-json") || slices.Contains(args, "--cli-input-yaml") || wantsSkeleton(args)
	special, replaced := c.special()
	p := &parser{positional: &option{name: "help", dest: "help"}, options: special}
	for _, m := range c.params {
		if slices.Contains(replaced, m.name) {
			continue
		}
		o := &option{name: "--" + m.name, dest: m.dest(), required: m.Required && !free}
		switch m.Kind {
		case codec.Bool:
			o.arity, o.value = flag, true
			p.options = append(p.options, &option{name: "--no-" + m.name, dest: m.dest(), arity: flag, value: false})
		case codec.List:
			o.arity = many
		case codec.Struct:
			if onOff(m.Field) {
				o.arity, o.absent = optional, "Value=true"
				p.options = append(p.options, &option{name: "--no-" + m.name, dest: m.dest(), arity: optional, absent: "Value=false"})
			}
		}
		if c.pages.hides(m.name) {
			continue
		}
		p.options = append(p.options, o)
	}
	if c.pages != nil {
		p.options = append(p.options, &option{name: "--starting-token", dest: "starting_token"})
		if c.pages.limit != "" {
			p.options = append(p.options, &option{name: "--page-size", dest: "page_size", number: true})
		}
		p.options = append(p.options, &option{name: "--max-items", dest: "max_items", number: true})
	}
	p.options = append(p.options,
		&option{name: "--cli-input-json", dest: "cli_input_json"},
		&option{name: "--cli-input-yaml", dest: "cli_input_yaml"},
		&option{name: "--generate-cli-skeleton", dest: "skeleton", arity: optional, absent: "input", choices: []string{"input", "output", "yaml-input"}},
	)
	return p
}

// wantsSkeleton tells whether --generate-cli-skeleton lifts the requirement of parameters.
func wantsSkeleton(args []string) bool {
	i := slices.Index(args, "--generate-cli-skeleton")
	return i >= 0 && (i+1 == len(args) || args[i+1] != "output")
}

// operation runs "aws SERVICE OPERATION …".
func (r *runner) operation(ctx context.Context, c *command, args []string) error {
	in, paging, err := r.input(c, args)
	if err != nil || in == nil {
		return err
	}
	return r.invoke(ctx, c, in, paging)
}

// input reads an operation's command line. It is nil if the command was answered: help, or a skeleton.
func (r *runner) input(c *command, args []string) (*ordered.Object, *paging, error) {
	if len(args) == 1 && args[0] == "help" {
		r.operationHelp(c)
		return nil, nil, nil
	}
	got, err := c.parser(args).parse(args)
	if err != nil {
		return nil, nil, err
	}
	if got.str("help") == "help" {
		r.operationHelp(c)
		return nil, nil, nil
	}
	rest := got.rest
	if h, ok := got.values["help"].(string); ok {
		rest = append(rest, h)
	}
	if len(rest) > 0 {
		return nil, nil, failf(exitUsage, "%s\nUnknown options: %s\n", usage, strings.Join(rest, ", "))
	}
	if _, ok := got.values["cli_input_yaml"]; ok {
		return nil, nil, failf(exitUsage, "--cli-input-yaml is not part of the built-in CLI: use --cli-input-json.")
	}
	paging, err := c.paging(r.g.paginate, got)
	if err != nil {
		return nil, nil, err
	}
	in, err := r.parameters(c, got, paging)
	if err != nil {
		return nil, nil, err
	}
	if err := c.customise(in, got); err != nil {
		return nil, nil, err
	}
	if err := r.addInputJSON(in, got); err != nil {
		return nil, nil, err
	}
	if kind := got.str("skeleton"); kind != "" {
		return nil, nil, r.skeleton(c, kind, in)
	}
	c.defaults(in)
	if paging != nil && c.pages.setBy(in) {
		paging = nil
	}
	return in, paging, nil
}

// parameters turns the texts of the command line into the operation's input.
func (r *runner) parameters(c *command, got parsed, paging *paging) (*ordered.Object, error) {
	in := &ordered.Object{}
	for _, m := range c.params {
		v, given := got.values[m.dest()]
		if limit := c.pages.limitName(); limit == m.name && paging == nil && limit == "max-items" {
			v, given = got.values["max_items"] // --max-items is the operation's own when pages are turned off
		}
		if !given {
			continue
		}
		out, err := r.unpack(memberShape(m.Field), "--"+m.name, v)
		if err != nil {
			return nil, err
		}
		in.Set(m.JSON, out)
	}
	return in, nil
}

// addInputJSON adds what --cli-input-json says and the command line does not.
func (r *runner) addInputJSON(in *ordered.Object, got parsed) error {
	text, ok := got.values["cli_input_json"].(string)
	if !ok {
		return nil
	}
	if b, is, err := r.paramFile("--cli-input-json", text); err != nil {
		return err
	} else if is {
		text = string(b)
	}
	v, err := ordered.Parse(text)
	if err != nil {
		return paramError("cli-input-json", "Invalid JSON received.")
	}
	loaded, ok := v.(*ordered.Object)
	if !ok {
		return paramError("--cli-input-json", "Invalid type: expecting map, received %s", pythonType(v))
	}
	for _, k := range loaded.Keys() {
		if !in.Has(k) {
			in.Set(k, loaded.Get(k))
		}
	}
	return nil
}

func paramError(name, format string, args ...any) error {
	return failf(exitUsage, "Error parsing parameter '%s': %s", name, fmt.Sprintf(format, args...))
}
