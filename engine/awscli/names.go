package awscli

import (
	"regexp"
	"slices"
	"strings"
)

var (
	pluralAcronym = regexp.MustCompile(`[A-Z]{2,}s$`)
	firstCap      = regexp.MustCompile(`(.)([A-Z][a-z]+)`)
	endCap        = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// irregular names do not follow the rule.
var irregular = map[string]string{
	"CreateCachediSCSIVolume":      "create-cached-iscsi-volume",
	"DescribeCachediSCSIVolumes":   "describe-cached-iscsi-volumes",
	"DescribeStorediSCSIVolumes":   "describe-stored-iscsi-volumes",
	"CreateStorediSCSIVolume":      "create-stored-iscsi-volume",
	"ListHITsForQualificationType": "list-hits-for-qualification-type",
	"ExecutePartiQLStatement":      "execute-partiql-statement",
	"ExecutePartiQLTransaction":    "execute-partiql-transaction",
	"ExecutePartiQLBatch":          "execute-partiql-batch",
}

// KebabCase is the command-line spelling of an operation or parameter: GetQueueUrl is get-queue-url, ListMFADevices
// list-mfa-devices.
func KebabCase(name string) string {
	if k, ok := irregular[name]; ok {
		return k
	}
	if strings.Contains(name, "-") {
		return name
	}
	if m := pluralAcronym.FindString(name); m != "" {
		name = strings.TrimSuffix(name, m) + "-" + strings.ToLower(m)
	}
	name = firstCap.ReplaceAllString(name, "$1-$2")
	return strings.ToLower(endCap.ReplaceAllString(name, "$1-$2"))
}

// closest are the words most like word, best first, at most three: Python's difflib.get_close_matches(cutoff=0.8).
func closest(word string, words []string) []string {
	type scored struct {
		score float64
		word  string
	}
	var found []scored
	for _, w := range words {
		if s := ratio(w, word); s >= 0.8 {
			found = append(found, scored{s, w})
		}
	}
	slices.SortFunc(found, func(a, b scored) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return -strings.Compare(a.word, b.word)
	})
	var out []string
	for _, f := range found[:min(3, len(found))] {
		out = append(out, f.word)
	}
	return out
}

// ratio is the Ratcliff-Obershelp similarity of two words, 0 to 1.
func ratio(a, b string) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	return 2 * float64(matching(a, b)) / float64(len(a)+len(b))
}

func matching(a, b string) int {
	bestA, bestB, best := 0, 0, 0
	for i := range a {
		for j := range b {
			n := 0
			for i+n < len(a) && j+n < len(b) && a[i+n] == b[j+n] {
				n++
			}
			if n > best {
				bestA, bestB, best = i, j, n
			}
		}
	}
	if best == 0 {
		return 0
	}
	return best + matching(a[:bestA], b[:bestB]) + matching(a[bestA+best:], b[bestB+best:])
}
