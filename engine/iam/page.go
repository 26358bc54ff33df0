package iam

import (
	"encoding/base64"
	"strings"
)

// paging is the part of an input that asks for a page.
type paging struct {
	Marker   string `is:"len=1..320,pattern=[\\u0020-\\u00FF]+"`
	MaxItems *int64 `is:"range=1..1000"`
}

// paged is the part of an output that says whether there is more.
type paged struct {
	IsTruncated bool
	Marker      string
}

// page cuts one page out of all, whose items are told apart and ordered by name. The marker names the last item of the
// page before, so that a page neither skips nor repeats anything when items come and go in between.
func page[T any](in paging, all []T, name func(T) string) ([]T, paged, error) {
	if in.Marker != "" {
		raw, err := base64.RawURLEncoding.DecodeString(in.Marker)
		if err != nil {
			return nil, paged{}, validation("Invalid Marker.")
		}
		all = after(all, string(raw), name)
	}
	limit := defaultPage
	if in.MaxItems != nil {
		limit = int(*in.MaxItems)
	}
	if all == nil {
		all = []T{} // an empty list is in the answer, as AWS has it
	}
	if len(all) <= limit {
		return all, paged{}, nil
	}
	marker := base64.RawURLEncoding.EncodeToString([]byte(name(all[limit-1])))
	return all[:limit], paged{IsTruncated: true, Marker: marker}, nil
}

// after is what follows the item called last, or if it is gone the items that would follow it.
func after[T any](all []T, last string, name func(T) string) []T {
	for i := range all {
		if name(all[i]) == last {
			return all[i+1:]
		}
	}
	for i := range all {
		if strings.ToLower(name(all[i])) > strings.ToLower(last) {
			return all[i:]
		}
	}
	return nil
}
