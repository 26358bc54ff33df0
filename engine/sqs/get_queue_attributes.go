package sqs

import (
	"slices"

	"haneul/engine/emu"
)

// GetQueueAttributesInput names the queue and the attributes to show; All shows all.
type GetQueueAttributesInput struct {
	QueueUrl       string   `is:"required"`
	AttributeNames []string `query:"AttributeName,flat"`
}

// Resource implements [emu.Input].
func (in *GetQueueAttributesInput) Resource(c *emu.Call) string { return arnOfURL(c, in.QueueUrl) }

// GetQueueAttributesOutput holds the attributes asked for that the queue has.
type GetQueueAttributesOutput struct {
	Attributes map[string]string `query:"Attribute,flat,key=Name,value=Value"`
}

func (s *service) getQueueAttributes(c *emu.Call, in *GetQueueAttributesInput) (*GetQueueAttributesOutput, error) {
	k, q, err := s.find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	for _, name := range in.AttributeNames {
		if !slices.Contains(attributeNames, name) {
			return nil, unknownAttribute(name)
		}
	}
	if len(in.AttributeNames) == 0 {
		return &GetQueueAttributesOutput{}, nil
	}
	all := s.describe(c, k, &q)
	if slices.Contains(in.AttributeNames, "All") {
		return &GetQueueAttributesOutput{all}, nil
	}
	some := map[string]string{}
	for _, name := range in.AttributeNames {
		if value, ok := all[name]; ok {
			some[name] = value
		}
	}
	return &GetQueueAttributesOutput{some}, nil
}
