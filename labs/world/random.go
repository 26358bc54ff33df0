package world

import (
	"fmt"
	"math/rand/v2"

	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
)

// random is t.random: the same numbers for the same seed.
type random struct{ *rand.Rand }

func newRandom(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 0x68616e65756c))} }

func (r random) module() starlark.Value {
	return starlarkstruct.FromStringDict(starlarkstruct.Default, starlark.StringDict{
		"token":   builtin("token", r.token),
		"int":     builtin("int", r.int),
		"choice":  builtin("choice", r.choice),
		"shuffle": builtin("shuffle", r.shuffle),
		"sample":  builtin("sample", r.sample),
	})
}

// alphabet leaves out what is easily misread.
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

func (r random) token(_ *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	n := 8
	if err := starlark.UnpackPositionalArgs("token", args, kwargs, 0, &n); err != nil {
		return nil, err
	}
	if n < 1 || n > 64 {
		return nil, fmt.Errorf("token: %d characters; use 1 to 64", n)
	}
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return starlark.String(b), nil
}

// int draws from a to b, both included.
func (r random) int(_ *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var a, b int
	if err := starlark.UnpackPositionalArgs("int", args, kwargs, 2, &a, &b); err != nil {
		return nil, err
	}
	if b < a {
		return nil, fmt.Errorf("int: nothing between %d and %d", a, b)
	}
	return starlark.MakeInt(a + r.IntN(b-a+1)), nil
}

func (r random) choice(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var from starlark.Iterable
	if err := starlark.UnpackPositionalArgs("choice", args, kwargs, 1, &from); err != nil {
		return nil, err
	}
	items := r.mixed(from)
	if len(items) == 0 {
		return nil, fmt.Errorf("choice: the list is empty")
	}
	return items[0], nil
}

func (r random) shuffle(_ *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var from starlark.Iterable
	if err := starlark.UnpackPositionalArgs("shuffle", args, kwargs, 1, &from); err != nil {
		return nil, err
	}
	return starlark.NewList(r.mixed(from)), nil
}

func (r random) sample(_ *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var from starlark.Iterable
	var n int
	if err := starlark.UnpackPositionalArgs("sample", args, kwargs, 2, &from, &n); err != nil {
		return nil, err
	}
	items := r.mixed(from)
	if n < 0 || n > len(items) {
		return nil, fmt.Errorf("sample: %d of %d", n, len(items))
	}
	return starlark.NewList(items[:n]), nil
}

// mixed is a shuffled copy.
func (r random) mixed(from starlark.Iterable) (items []starlark.Value) {
	for x := range starlark.Elements(from) {
		items = append(items, x)
	}
	r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	return items
}
