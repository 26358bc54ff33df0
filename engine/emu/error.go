package emu

import "fmt"

// Error is an answer as AWS gives it. A handler returns one for everything a caller can do wrong; any other error
// leaves the cloud as InternalFailure.
type Error struct {
	Code         string // the exception's shape name, e.g. QueueDoesNotExist
	QueryCode    string // the code in the Query protocol, where it differs, e.g. AWS.SimpleQueueService.NonExistentQueue
	Message      string
	QueryMessage string // the message in the Query protocol, where it differs
	Status       int    // HTTP status; 0 means 400
	Fault        bool   // the service's fault (Receiver), not the caller's (Sender)
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// HTTPStatus is the status the answer carries.
func (e *Error) HTTPStatus() int {
	switch {
	case e.Status != 0:
		return e.Status
	case e.Fault:
		return 500
	}
	return 400
}

// Query is the code that the Query protocol shows.
func (e *Error) Query() string {
	if e.QueryCode != "" {
		return e.QueryCode
	}
	return e.Code
}

// QueryText is the message that the Query protocol shows.
func (e *Error) QueryText() string {
	if e.QueryMessage != "" {
		return e.QueryMessage
	}
	return e.Message
}

// Errorf makes an [Error] with status 400.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// internalFailure is what the caller sees of an error that is not AWS's: its cause is for the log.
func internalFailure() *Error {
	return &Error{Code: "InternalFailure", Message: "The request processing has failed because of an unknown error, exception or failure.", Fault: true}
}

func unavailable(format string, args ...any) *Error {
	return &Error{Code: "ServiceUnavailable", Message: fmt.Sprintf(format, args...), Status: 503, Fault: true}
}

// WaitError says: nothing yet, ask again. It is not a failure: the kernel undoes what the handler changed, parks the
// call without a goroutine or a lock, and runs it again when Topic is woken or a moment comes. Made by [Call.Wait].
type WaitError struct {
	Topic    string
	Retry    Time // run again at this moment even if nobody wakes Topic; 0 for never
	Deadline Time // the wait is over then
}

func (*WaitError) Error() string { return "waiting" }
