package emu

import "testing"

func TestModelledTimes(t *testing.T) {
	dir := t.TempDir()
	c, _ := opened(t, dir, Options{})
	in := func(c *Cloud) ModelledTime {
		t.Helper()
		all := c.Times()
		if len(all) != 1 || all[0].Name != "toy.wind" {
			t.Fatalf("%+v", all)
		}
		return all[0]
	}
	wind := func(want string) {
		t.Helper()
		res := do(c, "Wind", &onThing{"a"})
		must(t, res)
		e, _ := c.Find(res.RequestID)
		got := ""
		for _, n := range e.Notes {
			got += n.Key + ": " + n.Value
		}
		if got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
	if m := in(c); m.Time != 2*Second || m.Default != 2*Second {
		t.Errorf("%+v", m)
	}
	wind("Modelled: toy.wind takes 2s, on AWS a day")
	set := func(in SetTimeInput) error { _, err := c.Admin("SetTime", &in); return err }
	if err := set(SetTimeInput{Name: "toy.wind"}); err != nil {
		t.Error(err)
	}
	wind("") // what takes no time is not made up
	if err := set(SetTimeInput{Name: "toy.wind", Time: Minute}); err != nil {
		t.Error(err)
	}
	wantCode(t, set(SetTimeInput{Name: "toy.none"}), "NoSuchEntity")
	wantCode(t, set(SetTimeInput{Name: "toy.wind", Time: -1}), "InvalidParameterValue")
	if m := in(c); m.Time != Minute || m.Default != 2*Second {
		t.Errorf("%+v", m)
	}
	c.Close()
	c, _ = opened(t, dir, Options{})
	if m := in(c); m.Time != Minute {
		t.Errorf("opened again it is %+v", m)
	}
	if err := set(SetTimeInput{Name: "toy.wind", Default: true}); err != nil {
		t.Error(err)
	}
	wind("Modelled: toy.wind takes 2s, on AWS a day")
}
