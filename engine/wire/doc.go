// Package wire is the cloud's HTTP face: real AWS clients talk to it unchanged.
//
// A request goes through five stages, which [Server.serve] shows:
//
//	route → authenticate → decode → cloud.Do → encode
//
// A protocol is one file and one line in the table of protocols (protocol.go): it recognises its requests, decodes their
// input and encodes answers and errors. awsJson 1.0 and 1.1 and Query are here; so is the JSON dialect of haneul's own
// clients, which reaches every service with `X-Amz-Target: Haneul_<service>.<Operation>`.
//
// What all protocols share is done once: who may call by which host name (guard.go), reading bodies within bounds
// (body.go), which cloud and who is calling (auth.go), and the errors of the machinery itself (errors.go).
//
// # Not here
//
// Signatures in the query string (presigned URLs) and SigV4a are refused by name. Signatures and their freshness, and the
// Date of answers, follow the wall clock; everything else follows the cloud's.
package wire
