package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

type junitSuites struct {
	XMLName xml.Name   `xml:"testsuites"`
	Suite   junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitProblem `xml:"failure"`
	Error   *junitProblem `xml:"error"`
	Skipped *junitProblem `xml:"skipped"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Body    string `xml:",chardata"`
}

// JUnit writes the XML that CI systems read. A check is a test case; one that is blocked counts as skipped. The time of
// the whole grading is the suite's: checks share their branch and are not timed one by one.
func JUnit(w io.Writer, r *Result, s Sentences) error {
	suite := junitSuite{
		Name: r.Lab, Tests: len(r.Checks), Failures: r.Count(Fail), Errors: r.Count(Error), Skipped: r.Count(Blocked),
		Time: fmt.Sprintf("%.3f", r.Duration),
	}
	for _, c := range r.Checks {
		tc := junitCase{Name: c.ID, Class: r.Course + "." + r.Lab, Time: "0"}
		p := c.problem(s)
		switch c.Status {
		case Fail:
			tc.Failure = p
		case Error:
			tc.Error = p
		case Blocked:
			tc.Skipped = p
		}
		suite.Cases = append(suite.Cases, tc)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suite: suite}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (c *Check) problem(s Sentences) *junitProblem {
	first, _, _ := strings.Cut(c.Message, "\n")
	if first == "" {
		first = c.Title
	}
	body := append([]string{c.Title}, c.Paragraphs(s, time.UTC)...)
	return &junitProblem{Message: first, Type: c.Outcome, Body: strings.Join(body, "\n")}
}
