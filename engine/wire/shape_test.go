package wire_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"haneul/engine"
	"haneul/engine/codec"
	"haneul/engine/emu"
)

const newIAM = "github.com/aws/aws-sdk-go-v2/service/iam v1.64.6 (2026)"

// newer lists operations, members and outputs that the models of aws-sdk-go v1.55.8 do not have, with their source.
var newer = map[string]string{
	"ec2:DeleteSecurityGroup output":                    "github.com/aws/aws-sdk-go-v2/service/ec2 v1.343.0 (2026)",
	"iam:AcceptDelegationRequest":                       newIAM,
	"iam:AcquireRole":                                   newIAM,
	"iam:AssociateDelegationRequest":                    newIAM,
	"iam:CreateDelegationRequest":                       newIAM,
	"iam:DisableOrganizationsRootCredentialsManagement": newIAM,
	"iam:DisableOrganizationsRootSessions":              newIAM,
	"iam:DisableOutboundWebIdentityFederation":          newIAM,
	"iam:EnableOrganizationsRootCredentialsManagement":  newIAM,
	"iam:EnableOrganizationsRootSessions":               newIAM,
	"iam:EnableOutboundWebIdentityFederation":           newIAM,
	"iam:GetAccountProperties":                          newIAM,
	"iam:GetDelegationRequest":                          newIAM,
	"iam:GetHumanReadableSummary":                       newIAM,
	"iam:GetOutboundWebIdentityFederationInfo":          newIAM,
	"iam:GetRoleTemplateVersion":                        newIAM,
	"iam:ListDelegationRequests":                        newIAM,
	"iam:ListOrganizationsFeatures":                     newIAM,
	"iam:PutAccountProperties":                          newIAM,
	"iam:RejectDelegationRequest":                       newIAM,
	"iam:SendDelegationToken":                           newIAM,
	"iam:UpdateDelegationRequest":                       newIAM,
	"sts:AssumeRoot":                                    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html (November 2024)",
	"sts:GetDelegatedAccessToken":                       "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetDelegatedAccessToken.html (2025)",
	"sts:GetWebIdentityToken":                           "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html (November 2025)",
}

// deviates lists members whose constraints differ from the model's on purpose, with the reason.
var deviates = map[string]string{
	"ec2:CreateKeyPair input.KeyFormat":                "in the order of AWS's refusal",
	"iam:AttachUserPolicy input.UserName":              sharedName,
	"iam:DetachUserPolicy input.UserName":              sharedName,
	"iam:ListAttachedUserPolicies input.UserName":      sharedName,
	"iam:PutUserPermissionsBoundary input.UserName":    sharedName,
	"iam:DeleteUserPermissionsBoundary input.UserName": sharedName,
	"iam:ListAttachedUserPolicies input.PathPrefix":    sharedListing,
	"iam:ListAttachedGroupPolicies input.PathPrefix":   sharedListing,
	"iam:ListAttachedRolePolicies input.PathPrefix":    sharedListing,
	"iam:SimulateCustomPolicy input.PolicyInputList":   "shared with SimulatePrincipalPolicy, where it is optional; without policies everything is denied",
	"sts:AssumeRole input.RoleArn":                     anyText,
	"sts:AssumeRole input.PolicyArns":                  "ten is documented, though not in the model",
	"sts:AssumeRole input.PolicyArns.Arn":              anyText,
}

const (
	sharedName    = "128 as everywhere else: a name longer than 64 is of no user, and gets NoSuchEntity"
	sharedListing = "wider, as in the other listings"
	anyText       = "the model's pattern means nearly any text"
)

// ownWords lists services that word broken constraints themselves, parameter by parameter, and so declare fewer of them.
var ownWords = map[string]bool{"sqs": true, "ec2": true}

// TestShapes checks every operation's structs against AWS's API models: names, places, kinds and constraints.
func TestShapes(t *testing.T) {
	root := models(t)
	for _, s := range engine.Services() {
		if len(s.Wire) == 0 {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			dirs, _ := filepath.Glob(filepath.Join(root, s.Name, "*"))
			if len(dirs) != 1 {
				t.Fatalf("one model is wanted in %s, not %v", s.Name, dirs)
			}
			m := loadModel(t, filepath.Dir(dirs[0]), filepath.Base(dirs[0]))
			checkProtocols(t, s, m)
			checkCoverage(t, s, m)
			c := shapeChecker{m: m, service: s, seen: map[string]bool{}}
			c.query = slices.ContainsFunc(s.Wire, func(p emu.Protocol) bool { return p.Kind == emu.Query || p.Kind == emu.EC2 })
			c.ec2 = slices.ContainsFunc(s.Wire, func(p emu.Protocol) bool { return p.Kind == emu.EC2 })
			for _, op := range s.Ops {
				if o, ok := m.Operations[op.Name]; ok {
					c.input = true
					c.structure(op.Input(), o.Input.Shape, op.Name+" input")
					c.input = false
					c.structure(op.Output(), o.Output.Shape, op.Name+" output")
				}
			}
			for _, p := range c.problems {
				t.Error(p)
			}
		})
	}
}

func checkProtocols(t *testing.T, s *emu.Service, m *model) {
	for _, p := range s.Wire {
		switch p.Kind {
		case emu.Query, emu.EC2:
			namespace := m.Metadata.XMLNamespace
			if namespace == "" { // a service that speaks JSON today
				namespace = p.Namespace
			}
			if p.Version != m.Metadata.APIVersion || p.Namespace != namespace {
				t.Errorf("Query %s %s, want %s %s", p.Version, p.Namespace, m.Metadata.APIVersion, namespace)
			}
		default:
			if p.Target != m.Metadata.TargetPrefix || string(p.Kind) != "awsJson"+m.Metadata.JSONVersion {
				t.Errorf("%s %s, want awsJson%s %s", p.Kind, p.Target, m.Metadata.JSONVersion, m.Metadata.TargetPrefix)
			}
		}
	}
}

// checkCoverage wants every operation of the model either emulated or named as missing.
func checkCoverage(t *testing.T, s *emu.Service, m *model) {
	for _, op := range s.Ops {
		if _, ok := m.Operations[op.Name]; !ok && newer[s.Name+":"+op.Name] == "" {
			t.Errorf("AWS has no operation %s", op.Name)
		}
	}
	for _, name := range s.Missing {
		if _, ok := m.Operations[name]; !ok && newer[s.Name+":"+name] == "" {
			t.Errorf("AWS has no operation %s, so it is not missing", name)
		}
	}
	var forgotten []string
	for name := range m.Operations {
		if !slices.Contains(s.Missing, name) && !slices.ContainsFunc(s.Ops, func(o *emu.Operation) bool { return o.Name == name }) {
			forgotten = append(forgotten, name)
		}
	}
	slices.Sort(forgotten)
	if len(forgotten) > 0 {
		t.Errorf("neither emulated nor named in Missing: %s", strings.Join(forgotten, ", "))
	}
}

type shapeChecker struct {
	m        *model
	service  *emu.Service
	query    bool // the service speaks Query, or EC2's dialect of it
	ec2      bool
	input    bool
	seen     map[string]bool
	problems []string
}

func (c *shapeChecker) bad(path, format string, args ...any) {
	c.problems = append(c.problems, path+": "+fmt.Sprintf(format, args...))
}

func (c *shapeChecker) structure(p *codec.Plan, shapeName, path string) {
	key := fmt.Sprint(p.Type(), shapeName, c.input)
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	s := c.m.Shapes[shapeName]
	if s == nil {
		if len(p.Fields()) > 0 && newer[c.service.Name+":"+path] == "" {
			c.bad(path, "AWS has no such structure")
		}
		return
	}
	for _, got := range p.Fields() {
		at := path + "." + got.Name
		if _, ok := s.Members[got.JSON]; !ok {
			if newer[c.service.Name+":"+shapeName+"."+got.JSON] == "" {
				c.bad(at, "%s has no member %s", shapeName, got.JSON)
			}
			continue
		}
		want := c.m.field(s, got.JSON)
		c.compare(got, want, at)
		c.inside(got, s.Members[got.JSON].Shape, at)
	}
	for _, name := range s.Required {
		if c.input && !slices.ContainsFunc(p.Fields(), func(f codec.Field) bool { return f.JSON == name }) {
			c.bad(path, "the required member %s is not declared", name)
		}
	}
}

func (c *shapeChecker) compare(got, want codec.Field, at string) {
	if got.Kind != want.Kind {
		c.bad(at, "is a %v, want a %v", got.Kind, want.Kind)
		return
	}
	if c.ec2 {
		c.ec2Place(got, want, at)
	} else if c.query {
		place := func(f codec.Field) string {
			switch f.Kind {
			case codec.List:
				if f.Flat {
					f.Item = ""
				}
				return fmt.Sprintf("%s flat=%t item=%s", f.Query, f.Flat, f.Item)
			case codec.Map:
				return fmt.Sprintf("%s flat=%t key=%s value=%s", f.Query, f.Flat, f.Key, f.Value)
			}
			return f.Query
		}
		if place(got) != place(want) {
			c.bad(at, "in Query is %s, want %s", place(got), place(want))
		}
	}
	if c.input && deviates[c.service.Name+":"+at] == "" {
		c.constraints(got, want, at)
	}
}

// ec2Place compares names in EC2's dialect, where requests capitalise them and lists hold items: what a tag says otherwise
// would be lost.
func (c *shapeChecker) ec2Place(got, want codec.Field, at string) {
	capital := func(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
	if capital(got.Query) != capital(want.Query) {
		c.bad(at, "in Query is %s, want %s", got.Query, want.Query)
	}
	if !c.input && want.Query == capital(want.Query) {
		c.bad(at, "answers with a capital %s, which the dialect cannot say", want.Query)
	}
}

// constraints wants what is declared to be as in the model, and everything of the model declared, unless the service has
// its own words for what it checks itself.
func (c *shapeChecker) constraints(got, want codec.Field, at string) {
	all := !ownWords[c.service.Name]
	if got.Required != want.Required && (got.Required || all) {
		c.bad(at, "required=%t, want %t", got.Required, want.Required)
	}
	bound := func(what string, g, w *int64) {
		if reflect.DeepEqual(g, w) || g == nil && !all {
			return
		}
		if what == "min" && (g == nil || *g == 0) && (w == nil || *w == 0) { // nothing is shorter
			return
		}
		c.bad(at, "%s=%s, want %s", what, number(g), number(w))
	}
	bound("min", got.Min, want.Min)
	bound("max", got.Max, want.Max)
	if !slices.Equal(got.Enum, want.Enum) && (got.Enum != nil || all) {
		c.bad(at, "enum=%v, want %v", got.Enum, want.Enum)
	}
	if !samePattern(got.Pattern, want.Pattern) && (got.Pattern != "" || all) {
		c.bad(at, "pattern=%s, want %s", got.Pattern, want.Pattern)
	}
}

var javaEscape = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// samePattern compares what patterns mean. Where Go cannot read AWS's (it looks ahead), any declared one will do.
func samePattern(got, want string) bool {
	meaning := func(s string) string {
		x, err := syntax.Parse(javaEscape.ReplaceAllString(s, `\x{$1}`), syntax.Perl)
		if err != nil {
			return ""
		}
		return x.Simplify().String()
	}
	return got == want || got != "" && (meaning(want) == "" || meaning(got) == meaning(want))
}

func number(n *int64) string {
	if n == nil {
		return "none"
	}
	return fmt.Sprint(*n)
}

// inside follows a member into its structure, its elements or its values.
func (c *shapeChecker) inside(got codec.Field, shapeName, at string) {
	p := got.Type
	for p != nil {
		if p.Kind() == codec.Pointer {
			p = p.Elem()
		}
		s := c.m.Shapes[shapeName]
		switch s.Type {
		case "structure":
			c.structure(p, shapeName, at)
			return
		case "list":
			shapeName = s.Member.Shape
		case "map":
			shapeName = s.Value.Shape
		default:
			if want := kinds[s.Type]; p.Kind() != want {
				c.bad(at, "holds a %v, want a %v", p.Kind(), want)
			}
			return
		}
		if k := kinds[c.m.Shapes[shapeName].Type]; k == codec.List || k == codec.Map {
			if p.Kind() != k {
				c.bad(at, "holds a %v, want a %v", p.Kind(), k)
				return
			}
			p = p.Elem()
		}
	}
}
