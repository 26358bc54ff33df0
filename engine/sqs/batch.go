package sqs

import (
	"strconv"

	"haneul/engine/emu"
)

// BatchResultErrorEntry says why an entry of a batch failed.
type BatchResultErrorEntry struct {
	Id          string
	SenderFault bool
	Code        string
	Message     string
}

func failed(id string, err error) BatchResultErrorEntry {
	e, ok := err.(*emu.Error)
	if !ok {
		e = &emu.Error{Code: "InternalFailure", Message: err.Error(), Fault: true}
	}
	return BatchResultErrorEntry{Id: id, SenderFault: !e.Fault, Code: e.Query(), Message: e.Message}
}

// checkBatch checks what is common to all batches: their size and the ids of their entries. entry is the name that AWS's
// sentences use for one.
func checkBatch(entry string, ids []string) *emu.Error {
	switch n := len(ids); {
	case n == 0:
		return legacy("EmptyBatchRequest", "There should be at least one %s in the request.", entry)
	case n > maxBatch:
		return legacy("TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxBatch, n)
	}
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if id == "" || len(id) > maxBatchID || !isWord(id) {
			return legacy("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		}
	}
	for _, id := range ids {
		if seen[id] {
			return legacy("BatchEntryIdsNotDistinct", "Id %s repeated.", id)
		}
		seen[id] = true
	}
	return nil
}

// missingIn is missing for a member of the i-th entry.
func missingIn(entry string, i int, member string) *emu.Error {
	return missing(entry + "." + strconv.Itoa(i+1) + "." + member)
}
