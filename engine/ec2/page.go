package ec2

import (
	"encoding/base64"
	"slices"
	"strings"
)

// paging is the part of an input that asks for a page.
type paging struct {
	MaxResults *int64
	NextToken  string
}

// page cuts one page out of all, in order of id. The token names the last item of the page before, so
// that a page neither skips nor repeats anything when items come and go in between.
func page[T any](in paging, byID bool, all []T, id func(T) string) ([]T, string, error) {
	if byID && in.MaxResults != nil {
		return nil, "", invalidCombination("The parameter MaxResults cannot be used with the parameter that lists ids")
	}
	slices.SortStableFunc(all, func(a, b T) int { return strings.Compare(id(a), id(b)) })
	if in.NextToken != "" {
		last, err := base64.RawURLEncoding.DecodeString(in.NextToken)
		if err != nil {
			return nil, "", fail("InvalidNextToken", "The token '%s' is invalid", in.NextToken)
		}
		i := 0
		for i < len(all) && id(all[i]) <= string(last) {
			i++
		}
		all = all[i:]
	}
	limit := int64(defaultPage)
	if in.MaxResults != nil {
		if limit = *in.MaxResults; limit < 5 || limit > 1000 {
			bound := "greater than 5"
			if limit > 1000 {
				bound = "less than 1000"
			}
			return nil, "", invalidValue("Value ( %d ) for parameter maxResults is invalid. Expecting a value %s.", limit, bound)
		}
	}
	if int64(len(all)) <= limit {
		return list(all), "", nil
	}
	return all[:limit], base64.RawURLEncoding.EncodeToString([]byte(id(all[limit-1]))), nil
}
