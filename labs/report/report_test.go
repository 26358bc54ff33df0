package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// words says everything in a made-up language.
type words struct{}

func (words) Title(id string) string { return "the title of " + id }
func (words) Outcome(c *Check) (string, string) {
	if c.Status == Pass {
		return "", ""
	}
	return fmt.Sprintf("It ended with %s\nand %v.", c.Outcome, c.Params["order"]), "Look here."
}
func (words) Word(key string, pairs ...any) string {
	return fmt.Sprint(append([]any{key}, pairs...)...)
}

func sample() *Result {
	at := time.Date(2026, 11, 20, 12, 3, 11, 0, time.UTC)
	r := &Result{
		SchemaVersion: SchemaVersion, Course: "haneul", Lab: "dead-letters", ContentSHA256: "abc", ToolVersion: "1", Seed: 7, Seeds: []uint64{7, 8},
		VirtualDuration: 660, Duration: 0.75,
		Checks: []Check{
			{ID: "queue", Status: Pass, MaxScore: 10, Seed: 7},
			{ID: "only-poison", Status: Fail, MaxScore: 30, Seed: 8, Needs: []string{"queue"}, Outcome: "impatient", Expected: 4, Actual: []any{"a", "<b>"},
				Params: map[string]any{"order": "K7"}, Evidence: []Evidence{{At: at, Operation: "sqs:ReceiveMessage", Resource: "arn:aws:sqs:r:1:orders",
					RequestID: "r-1", Notes: map[string]string{"ReceiveCount": "1", "MessageId": "7f3a"}}, {At: at, Operation: "sqs:DeleteMessage", Code: "Denied"}}},
			{ID: "redriven", Status: Blocked, MaxScore: 30, Needs: []string{"only-poison"}},
			{ID: "odd", Status: Error, MaxScore: 30, Outcome: "time"},
		},
	}
	r.Sum()
	return r
}

func TestSum(t *testing.T) {
	r := sample()
	if r.Status != Fail || r.Score != 10 || r.MaxScore != 70 || r.ExitCode() != 1 {
		t.Errorf("%s %d/%d, exit %d", r.Status, r.Score, r.MaxScore, r.ExitCode())
	}
	r.Checks = r.Checks[3:]
	if r.Sum(); r.Status != Error || r.MaxScore != 0 || r.ExitCode() != 3 {
		t.Errorf("only an error: %s, of %d, exit %d", r.Status, r.MaxScore, r.ExitCode())
	}
}

func TestMerge(t *testing.T) {
	one := []Check{{ID: "a", Status: Pass}, {ID: "b", Status: Fail, Outcome: "first"}, {ID: "c", Status: Blocked}, {ID: "d", Status: Error}}
	two := []Check{{ID: "a", Status: Blocked}, {ID: "b", Status: Fail, Outcome: "second"}, {ID: "c", Status: Pass}, {ID: "d", Status: Fail}}
	var got []Status
	all := Merge(Merge(nil, one), two)
	for _, c := range all {
		got = append(got, c.Status)
	}
	if want := []Status{Blocked, Fail, Blocked, Fail}; !reflect.DeepEqual(got, want) || all[1].Outcome != "first" {
		t.Errorf("got %v, %q", got, all[1].Outcome)
	}
}

// TestTeller: checks written as their verdicts come, whatever their order, make the same text as a finished report.
func TestTeller(t *testing.T) {
	time.Local = time.UTC
	r := sample()
	r.Left = "i-1 still runs"
	var whole, parts bytes.Buffer
	if err := Write(&whole, "text", r, words{}); err != nil {
		t.Fatal(err)
	}
	told := Teller{W: &parts, Words: words{}, Checks: []string{"queue", "only-poison", "redriven", "odd"}}
	step := func(n int, want int) {
		t.Helper()
		told.Step(Step{Check: &r.Checks[n]})
		if got := bytes.Count(parts.Bytes(), []byte("] the title of")); got != want {
			t.Errorf("%d checks told, want %d", got, want)
		}
	}
	told.Step(Step{Done: 1, Total: 8})
	step(1, 0) // the first one is not known
	step(0, 2)
	step(2, 3)
	if err := told.End(r); err != nil { // the last one never was
		t.Fatal(err)
	}
	if whole.String() != parts.String() || !bytes.Contains(parts.Bytes(), []byte("i-1 still runs")) {
		t.Errorf("at once:\n%s\nas it came:\n%s", whole.String(), parts.String())
	}
}

// TestFormats compares every format with testdata. Set UPDATE=1 to write it.
func TestFormats(t *testing.T) {
	time.Local = time.UTC
	for _, format := range FormatNames() {
		var b bytes.Buffer
		if err := Write(&b, format, sample(), words{}); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", format+".golden")
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s: got\n%s\nwant\n%s", format, b.Bytes(), want)
		}
		switch format {
		case "json":
			var back Result
			if err := json.Unmarshal(b.Bytes(), &back); err != nil || back.Checks[1].Evidence[0].At != sample().Checks[1].Evidence[0].At {
				t.Errorf("json does not come back: %v", err)
			}
		case "junit":
			if err := xml.Unmarshal(b.Bytes(), new(struct {
				XMLName xml.Name `xml:"testsuites"`
			})); err != nil {
				t.Errorf("junit is no XML: %v", err)
			}
		}
	}
	if err := Write(&bytes.Buffer{}, "pdf", sample(), words{}); err == nil {
		t.Error("there is a format pdf")
	}
}
