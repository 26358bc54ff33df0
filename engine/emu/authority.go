package emu

// PrincipalType says what kind of caller a principal is.
type PrincipalType string

// The callers a cloud knows.
const (
	Root        PrincipalType = "Root"
	User        PrincipalType = "IAMUser"
	AssumedRole PrincipalType = "AssumedRole"
	AWSService  PrincipalType = "AWSService"
	Anonymous   PrincipalType = "Anonymous"
)

// Principal is who makes a call.
type Principal struct {
	ARN     string // arn:aws:iam::111122223333:user/jimin
	ID      string // AIDA…, AROA…:session, or the account id for root
	Account string
	Type    PrincipalType
	Name    string // user or role name
}

// Credentials are what an access key stands for.
type Credentials struct {
	Secret       string
	SessionToken string // "" for long-lived keys
	Principal    Principal
	Expires      Time // on the virtual clock; 0 for never
	Inactive     bool
}

// Access is one question to IAM.
type Access struct {
	Action         string
	ARN            string
	Context        map[string][]string // condition keys beyond those of the call itself
	ResourcePolicy string              // document attached to ARN, "" if none
	AccessKeyID    string              // whose session policies apply
}

// Decision is IAM's answer, with the statement that decided, for `journal why`.
type Decision struct {
	Allowed   bool
	Explicit  bool   // denied by a Deny statement
	Statement string // e.g. "policy orders-writer, statement AllowSend"; "" when nothing matched
	Message   string // AWS's sentence for a denial
}

// Authority is IAM as the kernel sees it. Both methods run under the cloud's lock and must be fast.
type Authority interface {
	Identify(accessKeyID string) (Credentials, bool)
	Authorize(c *Call, a Access) Decision
}

// SetAuthority installs IAM. A cloud without one lets root do anything and nobody else.
func (c *Cloud) SetAuthority(a Authority) { c.authority = a }

// Identify returns what an access key stands for: the cloud's root key, or one that IAM knows. Expiry is the
// caller's to check against [Cloud.Now].
func (c *Cloud) Identify(accessKeyID string) (Credentials, bool) {
	if accessKeyID == c.root.AccessKeyID {
		return Credentials{Secret: c.root.Secret, Principal: c.RootPrincipal()}, true
	}
	if c.authority == nil {
		return Credentials{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.authority.Identify(accessKeyID)
}

// RootPrincipal is the account itself.
func (c *Cloud) RootPrincipal() Principal {
	return Principal{ARN: "arn:aws:iam::" + c.account + ":root", ID: c.account, Account: c.account, Type: Root, Name: "root"}
}

// authorize asks IAM; root and the cloud's own services need no policy of their own.
func (c *Cloud) authorize(call *Call, a Access) Decision {
	if c.authority != nil {
		return c.authority.Authorize(call, a)
	}
	if call.Principal.Type == Root {
		return Decision{Allowed: true, Statement: "root"}
	}
	return Decision{Message: "User: " + call.Principal.ARN + " is not authorized to perform: " + a.Action + " on resource: " + a.ARN}
}
