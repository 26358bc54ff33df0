// Package report is what a grading leaves behind: one canonical [Result], and the formats it is exported to.
//
// A result knows keys and values, never a language: [Result.In] fills in the sentences. Every exporter is one file and one
// entry in the table of [Formats].
package report
