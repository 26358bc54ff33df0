package iam

import (
	"haneul/engine/emu"
)

// AccessKey is a new access key, the only time that its secret is shown.
type AccessKey struct {
	UserName, AccessKeyId, Status string
	SecretAccessKey               string `is:"secret"`
	CreateDate                    emu.Time
}

// AccessKeyMetadata is an access key without its secret.
type AccessKeyMetadata struct {
	UserName, AccessKeyId, Status string
	CreateDate                    emu.Time
}

func (k *accessKey) status() string {
	if k.Inactive {
		return "Inactive"
	}
	return "Active"
}

// CreateAccessKeyInput is CreateAccessKey's; without a name it is for the caller.
type CreateAccessKeyInput struct{ onSelf }

// CreateAccessKeyOutput is CreateAccessKey's.
type CreateAccessKeyOutput struct{ AccessKey AccessKey }

func (s *Service) createAccessKey(c *emu.Call, in *CreateAccessKeyInput) (*CreateAccessKeyOutput, error) {
	u, err := s.self(c, &in.onSelf)
	if err != nil {
		return nil, err
	}
	if len(s.keyIDs(u.Name)) >= accessKeysPerUser {
		return nil, quota("AccessKeysPerUser", accessKeysPerUser)
	}
	id := "AKIA" + c.Token(16)
	k := accessKey{User: u.Name, Secret: c.Secret(40), Created: second(c)}
	s.keys.Put(key(id), k)
	return &CreateAccessKeyOutput{AccessKey{u.Name, id, k.status(), k.Secret, k.Created}}, nil
}

// self is the user an operation means.
func (s *Service) self(c *emu.Call, in *onSelf) (user, error) {
	name, err := in.name(c)
	if err != nil {
		return user{}, err
	}
	u, ok := s.users.Get(keyOf(name))
	if !ok {
		return u, noUser(name)
	}
	return u, nil
}

// ListAccessKeysInput is ListAccessKeys'.
type ListAccessKeysInput struct {
	onSelf
	paging
}

// ListAccessKeysOutput is ListAccessKeys'.
type ListAccessKeysOutput struct {
	AccessKeyMetadata []AccessKeyMetadata
	paged
}

func (s *Service) listAccessKeys(c *emu.Call, in *ListAccessKeysInput) (*ListAccessKeysOutput, error) {
	u, err := s.self(c, &in.onSelf)
	if err != nil {
		return nil, err
	}
	var all []AccessKeyMetadata
	for _, id := range s.keyIDs(u.Name) {
		k, _ := s.keys.Get(id)
		all = append(all, AccessKeyMetadata{u.Name, string(id), k.status(), k.Created})
	}
	keys, more, err := page(in.paging, all, func(k AccessKeyMetadata) string { return k.AccessKeyId })
	if err != nil {
		return nil, err
	}
	return &ListAccessKeysOutput{keys, more}, nil
}

// oneKey is the part of an input that names one access key of a user.
type oneKey struct {
	onSelf
	AccessKeyId string `is:"required,len=16..128,pattern=[\\w]+"`
}

func (s *Service) ownKey(c *emu.Call, in *oneKey) (key, accessKey, error) {
	u, err := s.self(c, &in.onSelf)
	if err != nil {
		return "", accessKey{}, err
	}
	k, ok := s.keys.Get(key(in.AccessKeyId))
	if !ok || keyOf(k.User) != keyOf(u.Name) {
		return "", k, noKey(in.AccessKeyId)
	}
	return key(in.AccessKeyId), k, nil
}

// UpdateAccessKeyInput is UpdateAccessKey's.
type UpdateAccessKeyInput struct {
	oneKey
	Status string `is:"required,enum=Active|Inactive"`
}

func (s *Service) updateAccessKey(c *emu.Call, in *UpdateAccessKeyInput) (*emu.NoOutput, error) {
	id, k, err := s.ownKey(c, &in.oneKey)
	if err != nil {
		return nil, err
	}
	k.Inactive = in.Status == "Inactive"
	s.keys.Put(id, k)
	return &emu.NoOutput{}, nil
}

// DeleteAccessKeyInput is DeleteAccessKey's.
type DeleteAccessKeyInput struct{ oneKey }

func (s *Service) deleteAccessKey(c *emu.Call, in *DeleteAccessKeyInput) (*emu.NoOutput, error) {
	id, _, err := s.ownKey(c, &in.oneKey)
	if err != nil {
		return nil, err
	}
	s.keys.Delete(id)
	s.used.Delete(id)
	return &emu.NoOutput{}, nil
}

// GetAccessKeyLastUsedInput is GetAccessKeyLastUsed's.
type GetAccessKeyLastUsedInput struct {
	onAll
	AccessKeyId string `is:"required,len=16..128,pattern=[\\w]+"`
}

// GetAccessKeyLastUsedOutput is GetAccessKeyLastUsed's.
type GetAccessKeyLastUsedOutput struct {
	UserName          string
	AccessKeyLastUsed AccessKeyLastUsed
}

// AccessKeyLastUsed is when and where; "N/A" for never.
type AccessKeyLastUsed struct {
	LastUsedDate        emu.Time
	ServiceName, Region string
}

func (s *Service) getAccessKeyLastUsed(c *emu.Call, in *GetAccessKeyLastUsedInput) (*GetAccessKeyLastUsedOutput, error) {
	k, ok := s.keys.Get(key(in.AccessKeyId))
	if !ok { // IAM does not tell whose keys exist
		return nil, &emu.Error{Code: "AccessDenied", Status: 403, Message: "User: " + c.Principal.ARN +
			" is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key " + in.AccessKeyId}
	}
	out := &GetAccessKeyLastUsedOutput{k.User, AccessKeyLastUsed{ServiceName: "N/A", Region: "N/A"}}
	if last, ok := s.used.Get(key(in.AccessKeyId)); ok {
		out.AccessKeyLastUsed = AccessKeyLastUsed{last.At, last.Service, last.Region}
	}
	return out, nil
}
