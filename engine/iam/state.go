package iam

import (
	"strings"

	"haneul/engine/emu"
)

// key is a row's key: a name in lower case (IAM's names differ by more than their case), an ARN, or an access key id.
type key string

// Compare orders keys bytewise.
func (a key) Compare(b key) int { return strings.Compare(string(a), string(b)) }

func keyOf(name string) key { return key(strings.ToLower(name)) }

// Tag is a tag of an entity or a session.
type Tag struct {
	Key   string  `is:"required,len=1..128,pattern=[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+"`
	Value *string `is:"required,len=0..256,pattern=[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*"`
}

// holder is what users, groups and roles have in common: policies.
type holder struct {
	Attached []string // ARNs of managed policies, in order of attachment
	Inline   []inline // in order of name
	Boundary string   // ARN of a managed policy, "" if none; groups have none
}

type inline struct{ Name, Document string }

type user struct {
	Name, Path, ID string
	Created        emu.Time
	Tags           []Tag
	Groups         []string // names, in order of joining; each is a group that exists
	holder
}

type group struct {
	Name, Path, ID string
	Created        emu.Time
	holder
}

type role struct {
	Name, Path, ID, Description string
	Created                     emu.Time
	Trust                       string
	MaxSession                  int64 // seconds
	Tags                        []Tag
	holder
}

// managed is a managed policy of the account; its key is its ARN. There is always a default version.
type managed struct {
	Name, Path, ID, Description string
	Created, Updated            emu.Time
	Default, Last               int64 // version numbers; numbers are never used twice
	Versions                    []version
	Tags                        []Tag
}

type version struct {
	Number   int64
	Document string
	Created  emu.Time
}

func (m *managed) version(n int64) (version, bool) {
	for _, v := range m.Versions {
		if v.Number == n {
			return v, true
		}
	}
	return version{}, false
}

type profile struct {
	Name, Path, ID string
	Created        emu.Time
	Role           string // name, "" if none; the role exists
	Tags           []Tag
}

type accessKey struct {
	User     string
	Secret   string `is:"secret"`
	Inactive bool
	Created  emu.Time
}

// session is a set of temporary credentials; its key is its access key id. It stays a day longer than it is valid, so
// that AWS's word for it is "expired" and not "invalid".
type session struct {
	Role     string // name; "" for a session of a user or of root
	RoleID   string
	Name     string // RoleSessionName
	User     string // name; "" with Role "" is root
	Secret   string `is:"secret"`
	Token    string `is:"secret"`
	Issued   emu.Time
	Expires  emu.Time
	Policies []string // session policies: documents
	Managed  []string // session policies: ARNs
	Tags     []Tag
	Source   string // SourceIdentity
	External string
}

// lastUse is when and where a key or a role last did something; its key is an access key id or a role's id.
type lastUse struct {
	At              emu.Time
	Service, Region string
}

// account is the account's own settings; there is one row.
type account struct{ Alias string }

// keyName puts a user's access keys next to each other.
type keyName struct{ User, Key key }

// Compare orders by user, then by key.
func (a keyName) Compare(b keyName) int {
	if c := a.User.Compare(b.User); c != 0 {
		return c
	}
	return a.Key.Compare(b.Key)
}

type tables struct {
	users    *emu.Table[key, user]
	groups   *emu.Table[key, group]
	roles    *emu.Table[key, role]
	policies *emu.Table[key, managed]
	profiles *emu.Table[key, profile]
	keys     *emu.Table[key, accessKey]
	sessions *emu.Table[key, session]
	used     *emu.Table[key, lastUse]
	account  *emu.Table[key, account]
	keysOf   *emu.Index[keyName]
}

func newTables(c *emu.Cloud) tables {
	t := tables{
		users:    emu.NewTable[key, user](c, "iam.users"),
		groups:   emu.NewTable[key, group](c, "iam.groups"),
		roles:    emu.NewTable[key, role](c, "iam.roles"),
		policies: emu.NewTable[key, managed](c, "iam.policies"),
		profiles: emu.NewTable[key, profile](c, "iam.instanceProfiles"),
		keys:     emu.NewTable[key, accessKey](c, "iam.accessKeys"),
		sessions: emu.NewTable[key, session](c, "sts.sessions"),
		used:     emu.NewTable[key, lastUse](c, "iam.lastUsed"),
		account:  emu.NewTable[key, account](c, "iam.account"),
	}
	t.keysOf = emu.NewIndex(t.keys, func(id key, k *accessKey) (keyName, bool) { return keyName{keyOf(k.User), id}, true })
	emu.OnDue(t.sessions, func(_ key, s *session) (emu.Time, bool) { return s.Expires + emu.Day, true },
		func(_ *emu.Call, id key) { t.sessions.Delete(id) })
	return t
}

// keyIDs lists a user's access keys, oldest id first.
func (t *tables) keyIDs(user string) (ids []key) {
	u := keyOf(user)
	t.keysOf.From(keyName{User: u}, func(k keyName) bool {
		if k.User != u {
			return false
		}
		ids = append(ids, k.Key)
		return true
	})
	return ids
}
