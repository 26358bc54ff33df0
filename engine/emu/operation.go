package emu

import (
	"context"
	"reflect"

	"haneul/engine/codec"
)

// Input is what every operation's input must be: it names the resource it touches (an ARN, or "*" for operations
// that IAM does not limit to a resource), so that authorisation cannot be forgotten.
type Input interface{ Resource(*Call) string }

// Operation is one row of a service's table.
type Operation struct {
	Name   string
	Action string // IAM action; service:Name unless As says otherwise

	full    string // service:Name
	service *Service
	reads   bool
	input   reflect.Type
	output  reflect.Type
	run     func(*Call, any) (any, error)
	ext     *external
}

// external is the part of an operation that leaves the lock between its begin and its finish.
type external struct {
	io     func(ctx context.Context, work any) worked
	read   func(row []byte) (result any, err error)
	broken func(error) worked // what came of io if it panicked
	finish func(*Call, any, worked) (any, error)
}

// pointerTo constrains P to *I with a Resource method, so that handlers are written with plain struct types.
type pointerTo[I any] interface {
	*I
	Input
}

// Op makes an operation of a handler that runs under the cloud's lock. The handler may park its call with
// [Call.Wait].
func Op[P pointerTo[I], I, O any](name string, h func(*Call, P) (*O, error)) *Operation {
	return &Operation{
		Name:   name,
		input:  reflect.TypeFor[I](),
		output: reflect.TypeFor[O](),
		run:    func(c *Call, in any) (any, error) { return answer(h(c, in.(P))) },
	}
}

// External makes an operation with slow work in its middle. begin runs under the lock and is committed and journaled by
// itself; io runs outside with its result and may take its time; finish runs under the lock, gets io's result and the
// text of its error, and answers. R is kept as a row. A crash between the two leaves begin's changes: the service
// finds them when it reconciles.
func External[P pointerTo[I], I, W, R, O any](name string,
	begin func(*Call, P) (W, error),
	io func(context.Context, W) (R, error),
	finish func(*Call, P, R, error) (*O, error),
) *Operation {
	row := codec.RowOf[R]()
	came := func(r *R, err error) worked { return worked{r, row.Append(nil, r), plain(err)} }
	o := Op[P](name, func(*Call, P) (*O, error) { return nil, nil })
	o.run = func(c *Call, in any) (any, error) { return begin(c, in.(P)) }
	o.ext = &external{
		io: func(ctx context.Context, work any) worked {
			r, err := io(ctx, work.(W))
			return came(&r, err)
		},
		broken: func(err error) worked { return came(new(R), err) },
		read: func(b []byte) (any, error) {
			r := new(R)
			_, err := row.Read(b, r)
			return r, err
		},
		finish: func(c *Call, in any, w worked) (any, error) { return answer(finish(c, in.(P), *w.result.(*R), w.err)) },
	}
	return o
}

// answer makes an interface of a handler's result: nil after an error, and an empty output where the handler gave none.
func answer[O any](out *O, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	if out == nil {
		out = new(O)
	}
	return out, nil
}

// Described is a row that says what an operation looks like and cannot run it: for clients.
func Described(name string, input, output reflect.Type) *Operation {
	return &Operation{Name: name, input: input, output: output}
}

// As sets the IAM action, for operations that AWS authorises under another name.
func (o *Operation) As(action string) *Operation { o.Action = action; return o }

// Reads marks an operation that never changes state. The kernel holds it to that.
func (o *Operation) Reads() *Operation { o.reads = true; return o }

// ReadOnly reports whether the operation is marked with Reads.
func (o *Operation) ReadOnly() bool { return o.reads }

// Service is the service whose table holds the operation.
func (o *Operation) Service() *Service { return o.service }

// fullName is service:Name.
func (o *Operation) fullName() string { return o.full }

// NewInput returns a pointer to a new, empty input.
func (o *Operation) NewInput() any { return reflect.New(o.input).Interface() }

// NewOutput returns a pointer to a new, empty output.
func (o *Operation) NewOutput() any { return reflect.New(o.output).Interface() }

// Input is the plan of the input struct.
func (o *Operation) Input() *codec.Plan { return codec.PlanOf(o.input) }

// Output is the plan of the output struct.
func (o *Operation) Output() *codec.Plan { return codec.PlanOf(o.output) }
