package iam

import (
	"strconv"
	"strings"

	"haneul/engine/emu"
	"haneul/engine/iam/policy"
)

// simulation is what the two simulators have in common.
type simulation struct {
	PolicyInputList []string `is:"pattern=[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"`
	ActionNames     []string `is:"required"`
	ResourceArns    []string
	ResourcePolicy  string `is:"len=1..131072,pattern=[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"`
	CallerArn       string `is:"len=1..2048"`
	ContextEntries  []ContextEntry
	paging
}

// ContextEntry is a condition key with its values.
type ContextEntry struct {
	ContextKeyName   string `is:"len=5..256"`
	ContextKeyValues []string
	ContextKeyType   string `is:"enum=string|stringList|numeric|numericList|boolean|booleanList|ip|ipList|binary|binaryList|date|dateList"`
}

// SimulateCustomPolicyInput is SimulateCustomPolicy's.
type SimulateCustomPolicyInput struct {
	onAll
	simulation
}

// SimulatePrincipalPolicyInput is SimulatePrincipalPolicy's.
type SimulatePrincipalPolicyInput struct {
	PolicySourceArn string `is:"required,len=20..2048"`
	simulation
}

// Resource implements [emu.Input].
func (in *SimulatePrincipalPolicyInput) Resource(*emu.Call) string { return in.PolicySourceArn }

// SimulateOutput is the simulators'.
type SimulateOutput struct {
	EvaluationResults []EvaluationResult
	paged
}

// EvaluationResult is the answer for one action on one resource.
type EvaluationResult struct {
	EvalActionName, EvalResourceName string
	EvalDecision                     string // allowed, explicitDeny or implicitDeny
	MatchedStatements                []MatchedStatement
	MissingContextValues             []string
}

// MatchedStatement names the policy that decided.
type MatchedStatement struct{ SourcePolicyId, SourcePolicyType string }

func (s *Service) simulateCustomPolicy(c *emu.Call, in *SimulateCustomPolicyInput) (*SimulateOutput, error) {
	return s.simulate(c, &in.simulation, nil)
}

func (s *Service) simulatePrincipalPolicy(c *emu.Call, in *SimulatePrincipalPolicyInput) (*SimulateOutput, error) {
	rest, ok := strings.CutPrefix(in.PolicySourceArn, "arn:aws:iam::"+c.Account+":")
	kind, path, _ := strings.Cut(rest, "/")
	if k := entityKind(kind); !ok || k != aUser && k != aGroup && k != aRole {
		return nil, invalidInput("Invalid Entity Arn: %s does not clearly define entity type and name.", in.PolicySourceArn)
	}
	name := path[strings.LastIndex(path, "/")+1:]
	h, name, err := s.holder(entityKind(kind), name)
	if err != nil {
		return nil, err
	}
	all := []holder{h}
	if u, ok := s.users.Get(keyOf(name)); ok && kind == "user" {
		for _, g := range u.Groups {
			gh, _, _ := s.holder(aGroup, g)
			all = append(all, gh)
		}
	}
	if in.CallerArn == "" {
		in.CallerArn = in.PolicySourceArn
	}
	return s.simulate(c, &in.simulation, all)
}

// simulate asks every action of every resource.
func (s *Service) simulate(c *emu.Call, in *simulation, all []holder) (*SimulateOutput, error) {
	for _, text := range in.PolicyInputList {
		if _, err := policy.Parse(text, policy.Identity); err != nil {
			return nil, invalidInput("%s", err.Error())
		}
	}
	a := emu.Access{Context: map[string][]string{}, ResourcePolicy: in.ResourcePolicy}
	for _, e := range in.ContextEntries {
		a.Context[strings.ToLower(e.ContextKeyName)] = e.ContextKeyValues
	}
	resources := in.ResourceArns
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	var results []EvaluationResult
	for _, action := range in.ActionNames {
		for _, resource := range resources {
			a.Action, a.ARN = action, resource
			results = append(results, s.try(c, &a, in, all))
		}
	}
	results, more, err := page(in.paging, results, func(r EvaluationResult) string { return r.EvalActionName + " " + r.EvalResourceName })
	if err != nil {
		return nil, err
	}
	return &SimulateOutput{results, more}, nil
}

func (s *Service) try(c *emu.Call, a *emu.Access, in *simulation, all []holder) EvaluationResult {
	q := &question{s: s, call: c, access: *a}
	q.Request = policy.Request{Action: a.Action, Resource: a.ARN, Keys: q, Caller: policy.Caller{ARN: in.CallerArn, Account: c.Account}}
	var f finding
	for i, text := range in.PolicyInputList {
		f.look(q, text, "PolicyInputList."+strconv.Itoa(i+1), "")
	}
	for i := range all {
		f.lookAll(q, &all[i], "")
	}
	if r := q.resource(); r.Effect == policy.Deny || r.Effect == policy.Allow && !r.Delegated && f.Effect == policy.None {
		f = r
	}
	out := EvaluationResult{EvalActionName: a.Action, EvalResourceName: a.ARN, EvalDecision: "implicitDeny",
		MatchedStatements: []MatchedStatement{}, MissingContextValues: []string{}}
	if f.Effect != policy.None {
		out.EvalDecision = "allowed"
		if f.Effect == policy.Deny {
			out.EvalDecision = "explicitDeny"
		}
		out.MatchedStatements = append(out.MatchedStatements, MatchedStatement{f.source, "IAM Policy"})
	}
	return out
}
