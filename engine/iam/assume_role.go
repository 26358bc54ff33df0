package iam

import (
	"strings"

	"haneul/engine/emu"
	"haneul/engine/iam/policy"
)

// AssumeRoleInput is AssumeRole's.
type AssumeRoleInput struct {
	RoleArn           string             `is:"required,len=20..2048,pattern=arn:aws:iam::\\d{12}:role/.+"`
	RoleSessionName   string             `is:"required,len=2..64,pattern=[\\w+=,.@-]*"`
	PolicyArns        []PolicyDescriptor `is:"len=0..10"`
	Policy            string             `is:"len=1..,pattern=[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"`
	DurationSeconds   *int64             `is:"range=900..43200"`
	Tags              []Tag              `is:"len=0..50"`
	TransitiveTagKeys []string           `is:"len=0..50,pattern=[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+"`
	ExternalId        string             `is:"len=2..1224,pattern=[\\w+=,.@:\\/-]*"`
	SourceIdentity    string             `is:"len=2..64,pattern=[\\w+=,.@-]*"`
}

// PolicyDescriptor names a managed policy that limits a session.
type PolicyDescriptor struct {
	Arn string `query:"arn" json:"arn" is:"len=20..2048"`
}

// Resource implements [emu.Input].
func (in *AssumeRoleInput) Resource(*emu.Call) string { return in.RoleArn }

// Conditions gives trust policies what they may ask for.
func (in *AssumeRoleInput) Conditions(*emu.Call) map[string][]string {
	keys := map[string][]string{"sts:rolesessionname": {in.RoleSessionName}}
	if in.ExternalId != "" {
		keys["sts:externalid"] = []string{in.ExternalId}
	}
	if in.SourceIdentity != "" {
		keys["sts:sourceidentity"] = []string{in.SourceIdentity}
	}
	var names []string
	for _, t := range in.Tags {
		names = append(names, t.Key)
		keys["aws:requesttag/"+strings.ToLower(t.Key)] = []string{*t.Value}
	}
	if names != nil {
		keys["aws:tagkeys"] = names
	}
	return keys
}

// AssumeRoleOutput is AssumeRole's.
type AssumeRoleOutput struct {
	Credentials      Credentials
	AssumedRoleUser  AssumedRoleUser
	PackedPolicySize *int64 // percent of what is allowed; only if policies or tags were passed
	SourceIdentity   string
}

// AssumedRoleUser names the session.
type AssumedRoleUser struct{ AssumedRoleId, Arn string }

func (s *Service) assumeRole(c *emu.Call, in *AssumeRoleInput) (*AssumeRoleOutput, error) {
	r, ok := s.roleByARN(c.Account, in.RoleArn)
	if !ok { // not reached: no trust policy has allowed it
		return nil, noRole(in.RoleArn)
	}
	seconds, err := sessionLength(c, &r, in.DurationSeconds)
	if err != nil {
		return nil, err
	}
	t := session{Role: r.Name, RoleID: r.ID, Name: in.RoleSessionName, Tags: in.Tags, Source: in.SourceIdentity, External: in.ExternalId}
	if err := s.checkSessionTags(c, in, &r); err != nil {
		return nil, err
	}
	size, err := s.sessionLimits(in, &t)
	if err != nil {
		return nil, err
	}
	out := &AssumeRoleOutput{
		Credentials:     s.issue(c, t, seconds),
		AssumedRoleUser: AssumedRoleUser{r.ID + ":" + t.Name, sessionARN(c.Account, r.Name, t.Name)},
		SourceIdentity:  t.Source,
	}
	if size > 0 {
		out.PackedPolicySize = &size
	}
	return out, nil
}

func sessionLength(c *emu.Call, r *role, asked *int64) (int64, error) {
	switch {
	case asked == nil:
		return defaultSession, nil
	case c.Principal.Type == emu.AssumedRole && *asked > chainedSession:
		return 0, validation("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	case *asked > r.MaxSession:
		return 0, validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return *asked, nil
}

func (s *Service) checkSessionTags(c *emu.Call, in *AssumeRoleInput, r *role) error {
	if uniqueTags(in.Tags) != nil {
		return emu.Errorf("InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
	}
	for _, k := range in.TransitiveTagKeys {
		if findTag(in.Tags, k) < 0 {
			return emu.Errorf("InvalidParameterValue", "The specified transitive tag key must be included in the requested tags.")
		}
	}
	for _, also := range []struct {
		action string
		asked  bool
	}{{"sts:TagSession", len(in.Tags) > 0}, {"sts:SetSourceIdentity", in.SourceIdentity != ""}} {
		if !also.asked {
			continue
		}
		d := s.Authorize(c, emu.Access{Action: also.action, ARN: in.RoleArn, Context: in.Conditions(c), ResourcePolicy: r.Trust, AccessKeyID: c.AccessKeyID()})
		if !d.Allowed {
			return &emu.Error{Code: "AccessDenied", Message: d.Message, Status: 403}
		}
	}
	return nil
}

// sessionLimits reads the session policies and says how many percent of the room they take.
func (s *Service) sessionLimits(in *AssumeRoleInput, t *session) (percent int64, err error) {
	size := 0
	if in.Policy != "" {
		if _, err := policy.Parse(in.Policy, policy.Identity); err != nil {
			return 0, malformed(err.Error())
		}
		t.Policies = []string{in.Policy}
		size = policy.Size(in.Policy)
	}
	for _, p := range in.PolicyArns {
		if err := s.attachable(p.Arn); err != nil {
			return 0, err
		}
		t.Managed = append(t.Managed, p.Arn)
		size += len(p.Arn)
	}
	for _, tag := range in.Tags {
		size += len(tag.Key) + len(*tag.Value)
	}
	percent = int64((size*100 + sessionPolicySize - 1) / sessionPolicySize)
	if percent > 100 {
		return 0, emu.Errorf("PackedPolicyTooLarge", "Packed size of session tags consumes %d%% of allotted space.", percent)
	}
	return percent, nil
}
