package awscli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// help prints what "aws help" does: the services there are and the options every command knows.
func (r *runner) help(services []*emu.Service) {
	w := r.Stdout
	fmt.Fprintf(w, "aws (built in, after AWS CLI %s)\n\n  aws [options] <service> <operation> [parameters]\n\nServices\n\n", Version)
	for _, s := range services {
		fmt.Fprintf(w, "  %-16s %s, %d operations\n", s.Name, s.Title, len(s.Ops))
	}
	fmt.Fprintf(w, "\nOptions of every operation\n\n")
	for _, line := range [][2]string{
		{"--output json|text", "form of the result"},
		{"--query EXPRESSION", "JMESPath applied to the result"},
		{"--region REGION", "region of the call, " + r.Region + " unless given"},
		{"--endpoint-url URL", "another address of this cloud"},
		{"--no-sign-request", "send the request without credentials"},
		{"--no-paginate", "one page only"},
		{"--cli-input-json JSON", "the input as JSON, or file://PATH"},
		{"--generate-cli-skeleton", "print a sample of that JSON"},
		{"--cli-binary-format", "base64 (unless given) or raw-in-base64-out"},
	} {
		fmt.Fprintf(w, "  %-26s %s\n", line[0], line[1])
	}
	fmt.Fprintf(w, "\nSee also: aws <service> help, aws <service> <operation> help\n")
}

func (r *runner) serviceHelp(s *emu.Service) {
	fmt.Fprintf(r.Stdout, "%s\n\n  aws %s <operation> [parameters]\n\nOperations\n\n", s.Title, s.Name)
	var names []string
	for _, op := range s.Ops {
		names = append(names, KebabCase(op.Name))
	}
	slices.Sort(names)
	for _, n := range names {
		fmt.Fprintf(r.Stdout, "  %s\n", n)
	}
	if len(s.Missing) > 0 {
		fmt.Fprintf(r.Stdout, "\nNot emulated by this cloud: %s\n", strings.Join(s.Missing, ", "))
	}
}

func (r *runner) operationHelp(c *command) {
	w := r.Stdout
	fmt.Fprintf(w, "%s, %s\n\n  aws %s %s\n", c.op.Name, c.service.Title, c.service.Name, KebabCase(c.op.Name))
	for _, p := range c.params {
		line := "--" + p.name + valueWord(p)
		if p.Kind == codec.Bool {
			line = "--" + p.name + " | --no-" + p.name
		}
		if !p.Required {
			line = "[" + line + "]"
		}
		fmt.Fprintf(w, "      %s\n", line)
	}
	if c.pages != nil {
		fmt.Fprint(w, "      [--starting-token <value>]\n      [--page-size <value>]\n      [--max-items <value>]\n")
	}
	fmt.Fprint(w, "      [--cli-input-json <value>]\n      [--generate-cli-skeleton <value>]\n")
	if len(c.params) > 0 {
		fmt.Fprint(w, "\nParameters\n")
	}
	for _, p := range c.params {
		describe(w.Write, p)
	}
	if c.pages != nil {
		fmt.Fprintf(w, "\nThe result is read page by page and shown as one; --max-items ends it earlier and gives a NextToken to go on with.\n")
	}
}

func valueWord(p param) string {
	if p.Kind == codec.List {
		return " <value> [<value> …]"
	}
	return " <value>"
}

// describe prints a parameter's type, limits and, where there is one, its shorthand syntax.
func describe(write func([]byte) (int, error), p param) {
	sh := memberShape(p.Field)
	facts := []string{sh.typeName()}
	if p.Required {
		facts = append(facts, "required")
	}
	if p.Min != nil || p.Max != nil {
		facts = append(facts, "from "+bound(p.Min)+" to "+bound(p.Max))
	}
	if len(p.Enum) > 0 {
		facts = append(facts, strings.Join(p.Enum, " | "))
	}
	text := fmt.Sprintf("\n  --%s (%s)\n", p.name, strings.Join(facts, ", "))
	if sh.complex() {
		syntax := shorthandSyntax(sh, 0)
		if sh.kind == codec.List {
			syntax = shorthandSyntax(sh.elem(), 0) + " ..."
		}
		text += "      " + syntax + "\n"
	}
	_, _ = write([]byte(text))
}

func bound(n *int64) string {
	if n == nil {
		return "any"
	}
	return strconv.FormatInt(*n, 10)
}

// shorthandSyntax shows how a value of the shape is written.
func shorthandSyntax(s shape, depth int) string {
	if depth > 3 {
		return "…"
	}
	switch s.kind {
	case codec.Struct:
		var parts []string
		for _, f := range s.members() {
			parts = append(parts, f.JSON+"="+shorthandSyntax(memberShape(f), depth+1))
		}
		return braced(strings.Join(parts, ","), depth)
	case codec.Map:
		v := shorthandSyntax(s.elem(), depth+1)
		return braced("KeyName1="+v+",KeyName2="+v, depth)
	case codec.List:
		v := shorthandSyntax(s.elem(), depth+1)
		if depth > 1 || s.complex() {
			return "[" + v + "," + v + "]"
		}
		return v + "," + v
	}
	return s.typeName()
}

func braced(text string, depth int) string {
	if depth > 0 {
		return "{" + text + "}"
	}
	return text
}
