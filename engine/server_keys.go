package engine

import (
	"net/http"

	"haneul/engine/admin"
)

// accessKey says whose key an access key id of a cloud is. It does not tell the secret.
func accessKey(x *hosted, r *http.Request) (any, error) {
	id := r.PathValue("key")
	c, ok := x.Identify(id)
	if !ok {
		return nil, refuse(404, "NoSuchKey", "The cloud %s did not issue %s.", x.Name(), id)
	}
	return admin.AccessKey{ID: id, Principal: c.Principal.ARN}, nil
}
