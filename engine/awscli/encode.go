package awscli

import (
	"encoding/base64"
	"strings"
	"time"

	"haneul/engine/awscli/ordered"
	"haneul/engine/codec"
)

// encode turns an input into the JSON of the wire: blobs in base64, times as epoch seconds.
func (r *runner) encode(s shape, v any) (any, error) {
	switch x := v.(type) {
	case *ordered.Object:
		out := &ordered.Object{}
		for _, k := range x.Keys() {
			e, err := r.encode(s.at(k), x.Get(k))
			if err != nil {
				return nil, err
			}
			out.Set(k, e)
		}
		return out, nil
	case []any:
		out := make([]any, len(x))
		for i := range x {
			e, err := r.encode(s.elem(), x[i])
			if err != nil {
				return nil, err
			}
			out[i] = e
		}
		return out, nil
	case []byte:
		return base64.StdEncoding.EncodeToString(x), nil
	case string:
		return r.encodeString(s, x)
	}
	return v, nil
}

func (r *runner) encodeString(s shape, text string) (any, error) {
	switch s.kind {
	case codec.Timestamp:
		t, _ := parseTime(text, r.Zone)
		return float64(t.UnixMilli()) / 1000, nil
	case codec.Bytes:
		if r.g.raw {
			return base64.StdEncoding.EncodeToString([]byte(text)), nil
		}
		b, err := lenientBase64(text)
		if err != nil {
			return nil, failf(exitGeneral, "Invalid base64: \"%s\"", text)
		}
		return base64.StdEncoding.EncodeToString(b), nil
	}
	return text, nil
}

// lenientBase64 skips what is not of the alphabet, as Python's b64decode does.
func lenientBase64(text string) ([]byte, error) {
	kept := strings.Map(func(r rune) rune {
		if r < 128 && strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=", r) {
			return r
		}
		return -1
	}, text)
	return base64.StdEncoding.DecodeString(kept)
}

// parseTime reads a time as a person writes it: ISO 8601, a date, or epoch seconds. Without a zone it is local.
func parseTime(text string, zone *time.Location) (time.Time, bool) {
	if zone == nil {
		zone = time.UTC
	}
	if v, err := pythonFloat(text); err == nil {
		return time.UnixMilli(int64(v.(float64) * 1000)), true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02", "20060102"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
