// Package sigv4 is AWS Signature Version 4 in headers, from both sides: [Parse] and [Auth.Verify] for a server, [Sign] for
// a client. It is pure: it knows no keys and no clock but those it is given.
//
// Signatures in a query string (presigned URLs) and asymmetric ones (SigV4a) are not covered; [Parse] says so by name.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package sigv4
