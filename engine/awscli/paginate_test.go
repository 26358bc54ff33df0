package awscli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestPaginators holds pagesOf to the paginators of Debian's AWS CLI.
func TestPaginators(t *testing.T) {
	for _, service := range []string{"sqs", "iam", "sts"} {
		files, err := filepath.Glob("/usr/lib/python3/dist-packages/awscli/botocore/data/" + service + "/*/paginators-1.json")
		if err != nil || len(files) != 1 {
			t.Skip("the paginators of AWS CLI 2.9 are not installed (apt-get install awscli)")
		}
		b, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		var model struct {
			Pagination map[string]struct {
				Input    string          `json:"input_token"`
				Output   string          `json:"output_token"`
				Limit    string          `json:"limit_key"`
				More     string          `json:"more_results"`
				Results  json.RawMessage `json:"result_key"`
				Constant []string        `json:"non_aggregate_keys"`
			}
		}
		if err := json.Unmarshal(b, &model); err != nil {
			t.Fatal(err)
		}
		for op, want := range model.Pagination {
			var results []string
			if json.Unmarshal(want.Results, &results) != nil {
				results = make([]string, 1)
				if err := json.Unmarshal(want.Results, &results[0]); err != nil {
					t.Fatal(err)
				}
			}
			got := pagesOf(service, op)
			if got == nil || got.input != want.Input || got.output != want.Output || got.limit != want.Limit || got.more != want.More ||
				!slices.Equal(got.results, results) || !slices.Equal(got.constant, want.Constant) {
				t.Errorf("%s %s: %+v, want %+v %v", service, op, got, want, results)
			}
		}
	}
	if pagesOf("iam", "ListRoleTags") != nil || pagesOf("sts", "AssumeRole") != nil {
		t.Error("an operation without pages has some")
	}
}
