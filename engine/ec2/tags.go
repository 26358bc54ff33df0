package ec2

import (
	"slices"
	"strings"
	"unicode/utf8"

	"haneul/engine/emu"
)

// TagSpecification tags what a call creates.
type TagSpecification struct {
	ResourceType string
	Tags         []Tag `query:"Tag"`
}

// tagsFor are the tags that a call gives to what it creates of a kind; it may name other kinds that it creates too.
func tagsFor(k kind, specs []TagSpecification, also ...kind) (tags []Tag, err error) {
	for _, spec := range specs {
		switch {
		case spec.ResourceType == k.resource:
			if tags, err = putTags(tags, spec.Tags); err != nil {
				return nil, err
			}
		case spec.ResourceType == "":
			return nil, invalidValue("Tag specification resource type must have a value")
		case !slices.ContainsFunc(also, func(a kind) bool { return a.resource == spec.ResourceType }):
			return nil, invalidValue("'%s' is not a valid taggable resource type for this operation.", spec.ResourceType)
		}
	}
	return tags, nil
}

// putTags adds tags to others, and replaces those of the same key.
func putTags(old, more []Tag) ([]Tag, error) {
	tags := slices.Clone(old)
	for _, t := range more {
		if err := checkTag(t); err != nil {
			return nil, err
		}
		t.Value = ptr(value(t.Value))
		if i := slices.IndexFunc(tags, func(o Tag) bool { return o.Key == t.Key }); i >= 0 {
			tags[i] = t
		} else {
			tags = append(tags, t)
		}
	}
	if len(tags) > maxTags {
		return nil, fail("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
	}
	return tags, nil
}

func checkTag(t Tag) error {
	switch {
	case t.Key == "":
		return invalidValue("Tag key cannot be null or empty. Please specify a value for the tag key.")
	case utf8.RuneCountInString(t.Key) > maxTagKey:
		return invalidValue("Tag key exceeds the maximum length of %d characters", maxTagKey)
	case utf8.RuneCountInString(value(t.Value)) > maxTagValue:
		return invalidValue("Tag value exceeds the maximum length of %d characters", maxTagValue)
	case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
		return invalidValue("Tag keys starting with 'aws:' are reserved for internal use")
	}
	return nil
}

// dropTags removes by key, or by key and value if a value is given.
func dropTags(old, gone []Tag) []Tag {
	if len(gone) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(old), func(t Tag) bool {
		return slices.ContainsFunc(gone, func(g Tag) bool { return g.Key == t.Key && (g.Value == nil || *g.Value == *t.Value) })
	})
}

func tagOf(tags []Tag, key string) string {
	for _, t := range tags {
		if t.Key == key {
			return *t.Value
		}
	}
	return ""
}

// CreateTagsInput adds tags to resources of any kind.
type CreateTagsInput struct {
	dry
	Resources []string `query:"ResourceId" is:"required"`
	Tags      []Tag    `query:"Tag" is:"required"`
}

// Resource implements [emu.Input].
func (in *CreateTagsInput) Resource(c *emu.Call) string { return taggedARN(c, first(in.Resources)) }

// DeleteTagsInput removes tags, all of them if it names none.
type DeleteTagsInput struct {
	dry
	Resources []string `query:"resourceId" is:"required"`
	Tags      []Tag    `query:"tag"`
}

// Resource implements [emu.Input].
func (in *DeleteTagsInput) Resource(c *emu.Call) string { return taggedARN(c, first(in.Resources)) }

func taggedARN(c *emu.Call, id string) string {
	for _, k := range []kind{kindVPC, kindSubnet, kindGateway, kindRoutes, kindGroup, kindRule, kindKeyPair, kindVolume, kindSnapshot, kindImage, kindInstance, kindSpot} {
		if strings.HasPrefix(id, k.prefix+"-") {
			return arn(c, k.resource, id)
		}
	}
	return "*"
}

func (s *Service) createTags(c *emu.Call, in *CreateTagsInput) (*emu.NoOutput, error) {
	return s.retag(c, "CreateTags", in.Resources, func(old []Tag) ([]Tag, error) { return putTags(old, in.Tags) })
}

func (s *Service) deleteTags(c *emu.Call, in *DeleteTagsInput) (*emu.NoOutput, error) {
	return s.retag(c, "DeleteTags", in.Resources, func(old []Tag) ([]Tag, error) { return dropTags(old, in.Tags), nil })
}

// retag changes the tags of resources, whatever they are.
func (s *Service) retag(c *emu.Call, operation string, ids []string, change func([]Tag) ([]Tag, error)) (*emu.NoOutput, error) {
	for i, id := range ids {
		if i > 0 {
			if err := c.Allow("ec2:"+operation, taggedARN(c, id)); err != nil {
				return nil, err
			}
		}
		if err := s.retagOne(c, id, change); err != nil {
			return nil, err
		}
	}
	return &emu.NoOutput{}, nil
}

func (s *Service) retagOne(c *emu.Call, id string, change func([]Tag) ([]Tag, error)) error {
	prefix, _, _ := strings.Cut(id, "-")
	switch prefix {
	case "vpc":
		return changeTags(c, kindVPC, s.vpcs, id, func(v *vpc) *[]Tag { return &v.Tags }, change)
	case "subnet":
		return changeTags(c, kindSubnet, s.subnets, id, func(v *subnet) *[]Tag { return &v.Tags }, change)
	case "igw":
		return changeTags(c, kindGateway, s.gateways, id, func(v *internetGateway) *[]Tag { return &v.Tags }, change)
	case "rtb":
		return changeTags(c, kindRoutes, s.routes, id, func(v *routeTable) *[]Tag { return &v.Tags }, change)
	case "sg":
		return changeTags(c, kindGroup, s.groups, id, func(v *group) *[]Tag { return &v.Tags }, change)
	case "vol":
		return changeTags(c, kindVolume, s.volumes, id, func(v *volume) *[]Tag { return &v.Tags }, change)
	case "snap":
		return changeTags(c, kindSnapshot, s.snapshots, id, func(v *snapshot) *[]Tag { return &v.Tags }, change)
	case "ami":
		if _, err := s.ownImage(c, id); err != nil {
			return err
		}
		return changeTags(c, kindImage, s.images, id, func(v *image) *[]Tag { return &v.Tags }, change)
	case "sir":
		return changeTags(c, kindSpot, s.spots, id, func(v *spotRequest) *[]Tag { return &v.Tags }, change)
	case "key":
		name, _ := s.keyPairByID(c.Region, id)
		if name == "" {
			return kindKeyPair.missing(id)
		}
		return changeTags(c, kindKeyPair, s.keyPairs, name, func(v *keyPair) *[]Tag { return &v.Tags }, change)
	case "sgr":
		return s.retagRule(c, id, change)
	case "i":
		if err := changeTags(c, kindInstance, s.instances, id, func(v *instance) *[]Tag { return &v.Tags }, change); err != nil {
			return err
		}
		s.push(c, id) // the metadata service may show tags
		return nil
	}
	return fail("InvalidID", "The ID '%s' is not valid", id)
}

func changeTags[V any](c *emu.Call, k kind, t *emu.Table[key, V], id string, of func(*V) *[]Tag, change func([]Tag) ([]Tag, error)) error {
	v, ok := t.Get(key{c.Region, id})
	if !ok {
		return k.missing(id)
	}
	tags, err := change(*of(&v))
	if err != nil {
		return err
	}
	*of(&v) = tags
	t.Put(key{c.Region, id}, v)
	return nil
}

// DescribeTagsInput lists tags of everything.
type DescribeTagsInput struct {
	onAll
	dry
	Filters []Filter `query:"Filter"`
	paging
}

// DescribeTagsOutput is a page of tags.
type DescribeTagsOutput struct {
	Tags      []TagDescription `query:"tagSet"`
	NextToken string
}

// TagDescription is a tag with what carries it.
type TagDescription struct {
	Key, ResourceId, ResourceType string
	Value                         *string
}

func (s *Service) describeTags(c *emu.Call, in *DescribeTagsInput) (*DescribeTagsOutput, error) {
	n := s.network(c)
	var all []TagDescription
	add := func(k kind, id string, tags []Tag) {
		for _, t := range tags {
			all = append(all, TagDescription{t.Key, id, k.resource, t.Value})
		}
	}
	addAll(add, kindVPC, n.vpcs, func(v *vpc) []Tag { return v.Tags })
	addAll(add, kindSubnet, n.subnets, func(v *subnet) []Tag { return v.Tags })
	addAll(add, kindGateway, n.gateways, func(v *internetGateway) []Tag { return v.Tags })
	addAll(add, kindRoutes, n.routes, func(v *routeTable) []Tag { return v.Tags })
	addAll(add, kindGroup, n.groups, func(v *group) []Tag { return v.Tags })
	for _, g := range n.groups {
		for _, r := range g.V.Rules {
			add(kindRule, r.ID, r.Tags)
		}
	}
	for _, k := range rows(s.keyPairs, c.Region) {
		add(kindKeyPair, k.V.ID, k.V.Tags)
	}
	addAll(add, kindVolume, rows(s.volumes, c.Region), func(v *volume) []Tag { return v.Tags })
	addAll(add, kindSnapshot, rows(s.snapshots, c.Region), func(v *snapshot) []Tag { return v.Tags })
	addAll(add, kindImage, rows(s.images, c.Region), func(v *image) []Tag { return v.Tags })
	addAll(add, kindInstance, rows(s.instances, c.Region), func(v *instance) []Tag { return v.Tags })
	addAll(add, kindSpot, rows(s.spots, c.Region), func(v *spotRequest) []Tag { return v.Tags })
	name := func(t TagDescription) string { return t.ResourceId + "\x00" + t.Key }
	all, err := filtered(in.Filters, all, func(t *TagDescription, name string) ([]string, bool) {
		switch name {
		case "key", "tag-key":
			return oneOf(t.Key)
		case "value", "tag-value":
			return []string{value(t.Value)}, true
		case "resource-id":
			return oneOf(t.ResourceId)
		case "resource-type":
			return oneOf(t.ResourceType)
		}
		return tagged(name, []Tag{{t.Key, ptr(value(t.Value))}})
	})
	if err != nil {
		return nil, err
	}
	all, next, err := page(in.paging, kind{}, nil, all, name)
	return &DescribeTagsOutput{all, next}, err
}

func addAll[V any](add func(kind, string, []Tag), k kind, all []row[V], tags func(*V) []Tag) {
	for i := range all {
		add(k, all[i].ID, tags(&all[i].V))
	}
}
