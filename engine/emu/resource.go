package emu

// Resource is a thing that exists in a cloud, as a screen shows it: what it is, and the few facts about it that a
// learner watches.
type Resource struct {
	Kind   string // queue, user, role, …
	Name   string
	ARN    string
	Region string // "" for global things
	State  []Note
	// Detail is what there is to know of it beyond notes, in a type of its service's; nil for nothing.
	Detail any
}

// Listing is the resources of one service.
type Listing struct {
	Service   string
	Resources []Resource
}

// Resources lists what exists, service by service, each in its own order.
func (c *Cloud) Resources() (ls []Listing) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.catchUp()
	for _, s := range c.services {
		if s.Resources != nil {
			ls = append(ls, Listing{s.Name, s.Resources(now)})
		}
	}
	return ls
}
