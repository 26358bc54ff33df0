package emu

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Modelled is a time that a service makes up, since on AWS it depends on what is not here: data to move, hardware to check.
// Wherever it applies the journal says so, and anybody may change it.
type Modelled struct {
	Name    string // unique in the cloud, e.g. ec2.volume-modifying
	Default Time
	AWS     string // how long it takes there, in words, e.g. "a few minutes"
}

// ModelledTime is one as it is in force.
type ModelledTime struct {
	Modelled
	Time Time
}

type modelledKey string

func (a modelledKey) Compare(b modelledKey) int { return cmp.Compare(a, b) }

type modelledRow struct{ Time Time }

// Takes is how long something that is modelled takes. What has begun keeps the time it began with, so call it once and keep
// the answer.
func (c *Call) Takes(name string) Time {
	m := c.cloud.modelledAs(name)
	if m == nil {
		panic("emu: nothing is modelled as " + name)
	}
	t := c.cloud.timeOf(m)
	if t > 0 {
		c.Note("Modelled", fmt.Sprintf("%s takes %s, on AWS %s", name, time.Duration(t), m.AWS))
	}
	return t
}

func (c *Cloud) modelledAs(name string) *Modelled {
	for _, s := range c.services {
		if i := slices.IndexFunc(s.Modelled, func(m Modelled) bool { return m.Name == name }); i >= 0 {
			return &s.Modelled[i]
		}
	}
	return nil
}

func (c *Cloud) timeOf(m *Modelled) Time {
	if row, ok := c.times.Get(modelledKey(m.Name)); ok {
		return row.Time
	}
	return m.Default
}

// Times lists what is modelled, and how long it takes.
func (c *Cloud) Times() (all []ModelledTime) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.services {
		for _, m := range s.Modelled {
			all = append(all, ModelledTime{m, c.timeOf(&m)})
		}
	}
	return all
}

// SetTimeInput changes a time that is modelled, or lets it be again what it is by default.
type SetTimeInput struct {
	Name    string
	Time    Time
	Default bool
}

// Resource implements [Input].
func (*SetTimeInput) Resource(*Call) string { return "*" }

func (c *Cloud) setTime(_ *Call, in *SetTimeInput) (*NoOutput, error) {
	switch {
	case c.modelledAs(in.Name) == nil:
		return nil, &Error{Code: "NoSuchEntity", Message: fmt.Sprintf("Nothing is modelled as %q in this cloud.", in.Name), Status: 404}
	case in.Default:
		c.times.Delete(modelledKey(in.Name))
	case in.Time < 0:
		return nil, Errorf("InvalidParameterValue", "Nothing takes less than no time.")
	default:
		c.times.Put(modelledKey(in.Name), modelledRow{in.Time})
	}
	return nil, nil
}
