package ec2

import (
	"slices"
	"strings"

	"haneul/engine/emu"
)

// Filter selects rows by a property: any of the values, where * is any text and ? any character. Without values it selects
// none.
type Filter struct {
	Name   string
	Values []string `query:"Value"`
}

// tagged is what the filters tag:KEY, tag-key and tag-value look at.
func tagged(name string, tags []Tag) (values []string, known bool) {
	key, one := strings.CutPrefix(name, "tag:")
	if !one && name != "tag-key" && name != "tag-value" {
		return nil, false
	}
	for _, t := range tags {
		switch {
		case one && t.Key == key, name == "tag-value":
			values = append(values, *t.Value)
		case name == "tag-key":
			values = append(values, t.Key)
		}
	}
	return values, true
}

// filtered keeps the rows that pass every filter. values gives a row's values under a filter's name, and whether there
// is such a filter at all.
func filtered[V any](fs []Filter, all []V, values func(*V, string) ([]string, bool)) ([]V, error) {
	for _, f := range fs {
		if _, known := values(new(V), f.Name); !known {
			return nil, invalidValue("The filter '%s' is invalid", f.Name)
		}
	}
	kept := []V{}
	for i := range all {
		if passes(fs, func(name string) []string { v, _ := values(&all[i], name); return v }) {
			kept = append(kept, all[i])
		}
	}
	return kept, nil
}

func passes(fs []Filter, values func(name string) []string) bool {
	for _, f := range fs {
		if !slices.ContainsFunc(values(f.Name), func(v string) bool {
			return slices.ContainsFunc(f.Values, func(pattern string) bool { return like(pattern, v) })
		}) {
			return false
		}
	}
	return true
}

// like matches a value with a pattern of * and ?; a backslash takes the meaning from the character after it.
func like(pattern, s string) bool {
	for pattern != "" {
		switch pattern[0] {
		case '*':
			for i := 0; i <= len(s); i++ {
				if like(pattern[1:], s[i:]) {
					return true
				}
			}
			return false
		case '?':
			if s == "" {
				return false
			}
			pattern, s = pattern[1:], s[1:]
			continue
		case '\\':
			if len(pattern) > 1 {
				pattern = pattern[1:]
			}
		}
		if s == "" || s[0] != pattern[0] {
			return false
		}
		pattern, s = pattern[1:], s[1:]
	}
	return s == ""
}

// chosen picks rows by id, all of them if no ids are given. An id that names no row is an error.
func chosen[V any](k kind, ids []string, all []row[V]) ([]row[V], error) {
	if len(ids) == 0 {
		return all, nil
	}
	var kept []row[V]
	for _, id := range ids {
		if !slices.ContainsFunc(all, func(r row[V]) bool { return r.ID == id }) {
			return nil, k.missing(id)
		}
	}
	for _, r := range all {
		if slices.Contains(ids, r.ID) {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// described is the common part of what describes: choose by id, filter, cut a page.
func described[V any](k kind, ids []string, fs []Filter, p paging, all []row[V], values func(*row[V], string) ([]string, bool)) ([]row[V], string, error) {
	all, err := chosen(k, ids, all)
	if err == nil {
		all, err = filtered(fs, all, values)
	}
	if err != nil {
		return nil, "", err
	}
	return page(p, k, ids, all, func(r row[V]) string { return r.ID })
}

// shown turns rows into their shapes on the wire.
func shown[V, O any](all []row[V], show func(row[V]) O) []O {
	out := make([]O, len(all))
	for i, r := range all {
		out[i] = show(r)
	}
	return out
}

// oneOf is a filter's single value.
func oneOf(s string) ([]string, bool) {
	if s == "" {
		return nil, true
	}
	return []string{s}, true
}

func oneTime(t emu.Time) ([]string, bool) {
	if t == 0 {
		return nil, true
	}
	return []string{t.Std().Format("2006-01-02T15:04:05.000Z")}, true
}
