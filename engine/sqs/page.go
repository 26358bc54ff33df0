package sqs

import "encoding/base64"

// page is one page of a listing. Tokens name the last entry shown, and are only good for the same listing: scope says
// which.
type page struct {
	scope string
	after string // "" for the first page
	limit int
}

// openPage checks what a client asks for. Without MaxResults a listing shows up to 1,000 entries and has no next page.
func openPage(scope, token string, limit *int64) (p page, err error) {
	p = page{scope: scope, limit: maxListed}
	if limit != nil && *limit != 0 {
		if *limit < 1 || *limit > maxListed {
			return p, invalid("Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.")
		}
		p.limit = int(*limit)
	}
	if token == "" {
		return p, nil
	}
	raw, err := base64.StdEncoding.DecodeString(token)
	if err != nil || len(raw) == 0 {
		return p, invalid("Invalid or expired next token.")
	}
	text := string(raw)
	if len(text) <= len(scope) || text[:len(scope)+1] != scope+"\x00" {
		return p, invalid("Invalid NextToken value. If you are passing in NextToken, you must not change the other request parameters.")
	}
	p.after = text[len(scope)+1:]
	return p, nil
}

// token is the token of the page that begins after an entry.
func (p page) token(last string) string {
	return base64.StdEncoding.EncodeToString([]byte(p.scope + "\x00" + last))
}
