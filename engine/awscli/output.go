package awscli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"haneul/engine/awscli/ordered"
)

// invoke calls the operation, all its pages if it has any, and prints the result.
func (r *runner) invoke(ctx context.Context, c *command, in *ordered.Object, want *paging) error {
	if want == nil {
		out, err := r.call(ctx, c, in)
		if err != nil {
			return err
		}
		return r.print(out)
	}
	p := &pager{pagination: c.pages, paging: *want}
	fetch := func(in *ordered.Object) (*ordered.Object, error) { return r.call(ctx, c, in) }
	if r.g.output == "text" {
		return r.printPages(ctx, p, in, fetch)
	}
	all := &ordered.Object{}
	err := p.walk(ctx, in, fetch, func(page *ordered.Object) {
		for _, k := range p.results {
			if v := page.Get(k); v != nil {
				have, _ := all.Get(k).([]any)
				items, _ := v.([]any)
				all.Set(k, append(have[:len(have):len(have)], items...))
			}
		}
	})
	if err != nil {
		return err
	}
	for _, k := range p.constant.Keys() {
		all.Set(k, p.constant.Get(k))
	}
	for _, k := range all.Keys() {
		if list, ok := all.Get(k).([]any); ok && list == nil {
			all.Set(k, []any{})
		}
	}
	if p.resume != "" {
		all.Set("NextToken", p.resume)
	}
	return r.print(all)
}

// printPages prints text page by page, as the real CLI does: --query sees one page at a time.
func (r *runner) printPages(ctx context.Context, p *pager, in *ordered.Object, fetch func(*ordered.Object) (*ordered.Object, error)) error {
	var failed error
	first := true
	err := p.walk(ctx, in, fetch, func(page *ordered.Object) {
		current := &ordered.Object{}
		if first {
			current, first = p.constant, false
		}
		for _, k := range p.results {
			current.Set(k, page.Get(k))
		}
		if err := r.print(current); err != nil && failed == nil {
			failed = err
		}
	})
	if err != nil {
		return err
	}
	if p.resume != "" && failed == nil {
		failed = r.print(ordered.Obj("NextToken", ordered.Obj("NextToken", p.resume)))
	}
	return failed
}

func (r *runner) print(out *ordered.Object) error {
	v := any(out)
	if r.g.query != nil {
		var err error
		if v, err = r.g.query.Search(out); err != nil {
			return failf(exitGeneral, "%s", err)
		}
	}
	if r.g.output == "text" {
		printText(r.Stdout, v)
		return nil
	}
	if o, ok := v.(*ordered.Object); ok && o.Len() == 0 {
		return nil
	}
	fmt.Fprintln(r.Stdout, ordered.JSON(v))
	return nil
}

// printText writes --output text: tab-separated values, a line an object, members sorted by name, lists and objects below
// the line of the object they are in, each line led by the member's name in capitals.
func printText(w io.Writer, v any) { textValue(w, v, "", nil) }

func textValue(w io.Writer, v any, label string, columns []string) {
	switch x := v.(type) {
	case *ordered.Object:
		textObject(w, x, label, columns)
	case []any:
		textList(w, x, label)
	default:
		fmt.Fprintln(w, ordered.Str(v))
	}
}

func scalar(v any) bool {
	switch v.(type) {
	case *ordered.Object, []any:
		return false
	}
	return true
}

func isObject(v any) bool { _, ok := v.(*ordered.Object); return ok }
func isList(v any) bool   { _, ok := v.([]any); return ok }

func textList(w io.Writer, list []any, label string) {
	switch {
	case len(list) == 0:
	case slices.ContainsFunc(list, isObject):
		columns := scalarColumns(list)
		for _, e := range list {
			textValue(w, e, label, columns)
		}
	case slices.ContainsFunc(list, isList):
		var scalars []any
		for _, e := range list {
			if scalar(e) {
				scalars = append(scalars, e)
			}
		}
		if scalars != nil {
			textScalars(w, scalars, label)
		}
		for _, e := range list {
			if !scalar(e) {
				textValue(w, e, label, nil)
			}
		}
	default:
		textScalars(w, list, label)
	}
}

func textScalars(w io.Writer, list []any, label string) {
	words := make([]string, len(list))
	for i, e := range list {
		words[i] = ordered.Str(e)
		if label != "" {
			fmt.Fprintf(w, "%s\t%s\n", strings.ToUpper(label), words[i])
		}
	}
	if label == "" {
		fmt.Fprintln(w, strings.Join(words, "\t"))
	}
}

// scalarColumns are the names of all members that are scalar in some object of the list: every line has them all.
func scalarColumns(list []any) []string {
	columns := []string{}
	for _, e := range list {
		o, ok := e.(*ordered.Object)
		if !ok {
			continue
		}
		for _, k := range o.Keys() {
			if scalar(o.Get(k)) && !slices.Contains(columns, k) {
				columns = append(columns, k)
			}
		}
	}
	slices.Sort(columns)
	return columns
}

func textObject(w io.Writer, o *ordered.Object, label string, columns []string) {
	keys := slices.Sorted(slices.Values(o.Keys()))
	var words, below []string
	if columns == nil {
		for _, k := range keys {
			if v := o.Get(k); scalar(v) {
				words = append(words, ordered.Str(v))
			} else {
				below = append(below, k)
			}
		}
	} else {
		for _, k := range columns {
			word := ""
			if o.Has(k) {
				word = ordered.Str(o.Get(k))
			}
			words = append(words, word)
		}
		for _, k := range keys {
			if !slices.Contains(columns, k) {
				below = append(below, k)
			}
		}
	}
	if len(words) > 0 {
		if label != "" {
			words = slices.Insert(words, 0, strings.ToUpper(label))
		}
		fmt.Fprintln(w, strings.Join(words, "\t"))
	}
	for _, k := range below {
		textValue(w, o.Get(k), k, nil)
	}
}
