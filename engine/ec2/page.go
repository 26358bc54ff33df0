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

// listed is what EC2 calls the parameters with the ids of a kind and the length of a page in the error for both.
func (k kind) listed() (ids, length string) {
	switch k.prefix {
	case "i":
		return "instancesSet", "maxResults"
	case "ami":
		return "imageIdsSet", "maxResults"
	case "vol":
		return "volumeIdsSet", "maxResults"
	case "sg":
		return "GroupIds", "MaxResults"
	case "sgr":
		return "SecurityGroupRuleIds", "MaxResults"
	case "sir":
		return "SpotInstanceRequestIds", "MaxResults"
	}
	return strings.ToUpper(k.noun[:1]) + k.noun[1:] + "Ids", "MaxResults" // seen for VPCs
}

// page cuts one page out of all, in order of id. The token names the last item of the page before, so
// that a page neither skips nor repeats anything when items come and go in between.
func page[T any](in paging, k kind, ids []string, all []T, id func(T) string) ([]T, string, error) {
	if len(ids) > 0 && in.MaxResults != nil {
		listed, length := k.listed()
		return nil, "", invalidCombination("The parameter %s cannot be used with the parameter %s", listed, length)
	}
	slices.SortStableFunc(all, func(a, b T) int { return strings.Compare(id(a), id(b)) })
	if in.NextToken != "" {
		last, err := base64.RawURLEncoding.DecodeString(in.NextToken)
		if err != nil {
			return nil, "", invalidValue("Unable to parse pagination token")
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
			if k.prefix == kindImage.prefix {
				return nil, "", invalidValue("Invalid value '%d' for maxResults. Expecting a value %s.", limit, bound)
			}
			return nil, "", invalidValue("Value ( %d ) for parameter maxResults is invalid. Expecting a value %s.", limit, bound)
		}
	}
	if int64(len(all)) <= limit {
		return list(all), "", nil
	}
	return all[:limit], base64.RawURLEncoding.EncodeToString([]byte(id(all[limit-1]))), nil
}
