// Package policy reads, checks and evaluates IAM policy documents. It knows JSON and nothing of the cloud around it.
//
// [Parse] checks a document as IAM does when it is stored, with IAM's own error texts, and compiles it; the
// document's [Document.Evaluate] then answers one question in well under a microsecond, without allocating. A
// [Cache] keeps compiled documents by their text, so that nobody has to store anything but the text.
//
// Supported: Effect, Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition with every operator
// of the IAM reference, …IfExists, ForAnyValue: and ForAllValues:, wildcards, and policy variables with default values.
//
// The grammar and the semantics: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html and
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
package policy
