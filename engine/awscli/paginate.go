package awscli

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"haneul/engine/awscli/ordered"
)

// pagination says how an operation is read page by page: names of members.
type pagination struct {
	input, output string   // the token in the request and in the answer
	limit         string   // the page's size in the request, "" if there is none
	more          string   // a boolean that tells whether there are more, "" if the token itself does
	results       []string // what the pages hold, the primary one first
	constant      []string // what is the same on every page, and shown
}

// pagesOf is the pagination of an operation, nil if the CLI does not know it as paginated. It follows botocore 2.9's
// paginators, and a test holds it to them.
func pagesOf(service, op string) *pagination {
	switch service {
	case "sqs":
		if r, ok := map[string]string{"ListQueues": "QueueUrls", "ListDeadLetterSourceQueues": "queueUrls"}[op]; ok {
			return &pagination{input: "NextToken", output: "NextToken", limit: "MaxResults", results: []string{r}}
		}
	case "iam":
		if r, ok := iamPages[op]; ok {
			p := &pagination{input: "Marker", output: "Marker", limit: "MaxItems", more: "IsTruncated", results: r}
			if op == "GetGroup" {
				p.constant = []string{"Group"}
			}
			return p
		}
	}
	return nil
}

// iamPages are IAM's paginated operations and what their pages hold. The tag lists other than ListUserTags are not
// among them.
var iamPages = map[string][]string{
	"GetAccountAuthorizationDetails": {"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"},
	"GetGroup":                       {"Users"},
	"ListAccessKeys":                 {"AccessKeyMetadata"},
	"ListAccountAliases":             {"AccountAliases"},
	"ListAttachedGroupPolicies":      {"AttachedPolicies"},
	"ListAttachedRolePolicies":       {"AttachedPolicies"},
	"ListAttachedUserPolicies":       {"AttachedPolicies"},
	"ListEntitiesForPolicy":          {"PolicyGroups", "PolicyUsers", "PolicyRoles"},
	"ListGroupPolicies":              {"PolicyNames"},
	"ListGroups":                     {"Groups"},
	"ListGroupsForUser":              {"Groups"},
	"ListInstanceProfiles":           {"InstanceProfiles"},
	"ListInstanceProfilesForRole":    {"InstanceProfiles"},
	"ListMFADevices":                 {"MFADevices"},
	"ListPolicies":                   {"Policies"},
	"ListPolicyVersions":             {"Versions"},
	"ListRolePolicies":               {"PolicyNames"},
	"ListRoles":                      {"Roles"},
	"ListServerCertificates":         {"ServerCertificateMetadataList"},
	"ListSigningCertificates":        {"Certificates"},
	"ListSSHPublicKeys":              {"SSHPublicKeys"},
	"ListUserPolicies":               {"PolicyNames"},
	"ListUserTags":                   {"Tags"},
	"ListUsers":                      {"Users"},
	"ListVirtualMFADevices":          {"VirtualMFADevices"},
	"SimulateCustomPolicy":           {"EvaluationResults"},
	"SimulatePrincipalPolicy":        {"EvaluationResults"},
}

// hides tells whether the CLI's own paging option takes the place of the parameter.
func (p *pagination) hides(name string) bool {
	return p != nil && (name == "starting-token" || name == "max-items" || name == "page-size" && p.limit != "")
}

// limitName is the page size's parameter on the command line.
func (p *pagination) limitName() string {
	if p == nil || p.limit == "" {
		return ""
	}
	return KebabCase(p.limit)
}

// setBy tells whether an input pages by hand.
func (p *pagination) setBy(in *ordered.Object) bool {
	return in.Has(p.input) || p.limit != "" && in.Has(p.limit)
}

// paging is what the user wants of the pages.
type paging struct {
	max, size *int64
	start     string // --starting-token
}

// paging reads the paging options; nil means a single call.
func (c *command) paging(enabled bool, got parsed) (*paging, error) {
	if c.pages == nil {
		return nil, nil
	}
	manual := []string{KebabCase(c.pages.input), c.pages.limitName()}
	for _, m := range c.params {
		if _, set := got.values[m.dest()]; set && slices.Contains(manual, m.name) && m.name != "max-items" {
			enabled = false
		}
	}
	p := &paging{start: got.str("starting_token"), max: integer(got, "max_items"), size: integer(got, "page_size")}
	if enabled {
		return p, nil
	}
	var clash []string
	if p.start != "" {
		clash = append(clash, "--starting-token")
	}
	if p.size != nil && *p.size != 0 {
		clash = append(clash, "--page-size")
	}
	if p.max != nil && *p.max != 0 && c.pages.limitName() != "max-items" {
		clash = append(clash, "--max-items")
	}
	if clash != nil {
		return nil, failf(exitUsage, "Cannot specify --no-paginate along with pagination arguments: %s", strings.Join(clash, ", "))
	}
	return nil, nil
}

func integer(got parsed, dest string) *int64 {
	text, ok := got.values[dest].(string)
	if !ok {
		return nil
	}
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// pager walks the pages of one operation.
type pager struct {
	*pagination
	paging
	resume   string // the token that goes on where --max-items stopped, "" if everything was shown
	constant *ordered.Object
}

// cut is what a resume token holds besides the service's own: how many items of that page were shown.
const cut = "boto_truncate_amount"

// walk calls fetch for one page after the other and each with what it brought.
func (p *pager) walk(ctx context.Context, in *ordered.Object, fetch func(*ordered.Object) (*ordered.Object, error), each func(*ordered.Object)) error {
	token, skip, err := p.startingToken()
	if err != nil {
		return err
	}
	if p.size != nil {
		in.Set(p.limit, *p.size)
	}
	var total int64
	previous := ""
	for first := true; ; first = false {
		if in.Delete(p.input); token != "" {
			in.Set(p.input, token)
		}
		page, err := fetch(in)
		if err != nil {
			return err
		}
		if first {
			p.begin(page, skip)
		} else {
			skip = 0
		}
		items, _ := page.Get(p.results[0]).([]any)
		n := int64(len(items))
		if p.max != nil && total+n > *p.max {
			keep := max(*p.max-total, -n) // a negative --max-items counts from the end, as a Python slice does
			if keep < 0 {
				keep += n
			}
			page.Set(p.results[0], items[:keep])
			p.resume = p.encodeToken(token, *p.max-total+skip)
			each(page)
			return nil
		}
		each(page)
		total += n
		next := p.next(page)
		switch {
		case next == "":
			return nil
		case p.max != nil && total == *p.max:
			p.resume = p.encodeToken(next, -1)
			return nil
		case next == previous:
			return failf(exitGeneral, "Error during pagination: The same next token was received twice: %s", ordered.Repr(ordered.Obj(p.input, next)))
		}
		previous, token = next, next
	}
}

// begin treats the first page: what was shown before is cut off, and what is on every page is kept.
func (p *pager) begin(page *ordered.Object, skip int64) {
	if p.start != "" {
		items, _ := page.Get(p.results[0]).([]any)
		if page.Has(p.results[0]) {
			page.Set(p.results[0], items[min(skip, int64(len(items))):])
		}
		for _, k := range p.results[1:] {
			page.Set(k, []any{})
		}
	}
	p.constant = &ordered.Object{}
	for _, k := range p.pagination.constant {
		p.constant.Set(k, page.Get(k))
	}
}

func (p *pager) next(page *ordered.Object) string {
	if p.more != "" {
		if more, _ := page.Get(p.more).(bool); !more {
			return ""
		}
	}
	s, _ := page.Get(p.output).(string)
	return s
}

// startingToken reads --starting-token: one of ours, or the service's own.
func (p *pager) startingToken() (token string, skip int64, err error) {
	if p.start == "" {
		return "", 0, nil
	}
	if b, err := base64.StdEncoding.DecodeString(p.start); err == nil {
		if v, err := ordered.Parse(string(b)); err == nil {
			if o, ok := v.(*ordered.Object); ok {
				token, _ = o.Get(p.input).(string)
				skip, _ = o.Get(cut).(int64)
				return token, max(skip, 0), nil
			}
		}
	}
	parts := strings.Split(p.start, "___")
	switch len(parts) {
	case 1:
		return p.start, 0, nil
	case 2:
		if n, err := strconv.ParseInt(parts[1], 10, 64); err == nil {
			return strings.TrimSuffix(parts[0], "None"), max(n, 0), nil
		}
		return p.start, 0, nil
	}
	return "", 0, failf(exitGeneral, "Bad starting token: %s", p.start)
}

func (p *pager) encodeToken(token string, amount int64) string {
	o := ordered.Obj(p.input, nil)
	if token != "" {
		o.Set(p.input, token)
	}
	if amount >= 0 {
		o.Set(cut, amount)
	}
	return base64.StdEncoding.EncodeToString([]byte(ordered.Dumps(o)))
}
