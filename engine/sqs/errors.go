package sqs

import (
	"haneul/engine/codec"
	"haneul/engine/emu"
)

// The JSON protocol names an error by its shape, the Query protocol by an older code; the JSON answer carries the older
// code in a header. Texts are as recorded from AWS, odd punctuation included.

func shape(name, queryCode, format string, args ...any) *emu.Error {
	e := emu.Errorf(name, format, args...)
	e.QueryCode = queryCode
	return e
}

// legacy is a shape whose Query code is its name behind a prefix.
func legacy(name, format string, args ...any) *emu.Error {
	return shape(name, "AWS.SimpleQueueService."+name, format, args...)
}

func invalid(format string, args ...any) *emu.Error {
	return shape("InvalidParameterValueException", "InvalidParameterValue", format, args...)
}

// invalidValue is the usual sentence about one parameter.
func invalidValue(value any, parameter, reason string) *emu.Error {
	return invalid("Value %v for parameter %s is invalid. Reason: %s", value, parameter, reason)
}

func missing(parameter string) *emu.Error {
	return shape("MissingRequiredParameterException", "MissingParameter", "The request must contain the parameter %s.", parameter)
}

func unknownAttribute(name string) *emu.Error {
	return emu.Errorf("InvalidAttributeName", "Unknown Attribute %s.", name)
}

func invalidAttribute(name string) *emu.Error {
	return emu.Errorf("InvalidAttributeValue", "Invalid value for the parameter %s.", name)
}

func noSuchQueue() *emu.Error {
	e := shape("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
	e.QueryMessage = "The specified queue does not exist for this wsdl version."
	return e
}

func notFound(format string, args ...any) *emu.Error {
	e := emu.Errorf("ResourceNotFoundException", format, args...)
	e.Status = 404
	return e
}

func noSuchResource(parameter string) *emu.Error {
	return notFound("The resource that you specified for the %s parameter doesn't exist.", parameter)
}

func malformedARN(parameter string) *emu.Error {
	return invalid("You must use this format to specify the %s: arn:<partition>:<service>:<region>:<account-id>:<resource-id>", parameter)
}

func invalidAddress(url string) *emu.Error {
	e := emu.Errorf("InvalidAddress", "The address %s is not valid for this endpoint.", url)
	e.Status = 404
	return e
}

func invalidHandle(handle string) *emu.Error {
	e := emu.Errorf("ReceiptHandleIsInvalid", "The input receipt handle \"%s\" is not a valid receipt handle.", handle)
	e.Status = 404
	return e
}

func expiredHandle(handle string) *emu.Error {
	return invalidValue(handle, "ReceiptHandle", "The receipt handle has expired.")
}

func goneMessage(handle string) *emu.Error {
	return invalidValue(handle, "ReceiptHandle", "Message does not exist or is not available for visibility timeout change.")
}

func overLimit(format string, args ...any) *emu.Error {
	e := emu.Errorf("OverLimit", format, args...)
	e.Status = 403
	return e
}

func tooLong(limit int64) *emu.Error {
	return invalid("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", limit)
}

// invalidInput words the first broken constraint. All of SQS's are about what is missing: everything else is checked by
// the handlers, which know the queue.
func invalidInput(violations []codec.Violation) *emu.Error {
	v := violations[0]
	switch {
	case !v.Missing:
		return invalid("%s", v.String())
	case v.Field.Name == "QueueName":
		return invalid("Value for parameter QueueName is invalid. Reason: Must specify a queue name.")
	case v.Field.Name == "Actions":
		return missing("ActionName")
	}
	return missing(v.Field.Name)
}
