//go:build linux

package guest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const poem = "the quick brown fox\njumps over\nthe lazy dog\n\nThe end  of it\tall\n10 apples\n9 pears\n100 plums\nfox fox\n"

// golden are commands whose output and exit code are compared with Debian's.
var golden = strings.Split(strings.TrimSpace(`
cat poem
cat -n poem
cat -b poem missing
cat -s -E poem
head -2 poem
head -n 3 poem nums
head -n -2 poem
head -c 7 poem
tail -2 poem
tail -n +3 poem
tail -c 5 poem
tail -q -n 1 poem nums
wc poem
wc -l poem
wc poem nums
wc -w -c poem
wc < poem
sort poem
sort -r poem
sort -n nums
sort -u dups
sort -k2 poem
sort -k2,2n -k1,1r table
sort -t: -k3,3n colons
sort -t: -k2 -r colons
sort -f poem
sort -h sizes
sort -V versions
sort -c nums
sort -s -k1,1 table
sort -nr nums
uniq dups
uniq -c dups
uniq -d dups
uniq -u dups
uniq -i dups
cut -d: -f1 colons
cut -d: -f1,3- colons
cut -c1-3 poem
cut -c -2,5 poem
cut -f2 -s poem
cut -d: -f2 --complement colons
tr a-z A-Z < poem
tr -d aeiou < poem
tr -s ' ' < poem
tr -cs 'A-Za-z' '\n' < poem
tr '[:upper:]' '[:lower:]' < poem
tr 'a-c' 'x' < poem
tr -dc '0-9\n' < poem
tac poem
rev poem
seq 3
seq 2 5
seq 1 2 7
seq -w 8 11
seq -s, 3
seq 5 -2 1
seq 0.5 0.5 2
grep fox poem
grep -n the poem
grep -i THE poem
grep -v the poem
grep -c o poem
grep -o fox poem
grep -w the poem
grep -x fox poem
grep -E '^(the|The)' poem
grep 'o[vx]' poem
grep '^$' poem
grep -e fox -e dog poem
grep -F . poem
grep 'a\|q' poem
grep 'fo*x' poem
grep -l fox poem nums
grep -L fox poem nums
grep -h fox poem nums
grep fox poem nums
grep -H fox poem
grep -A1 jumps poem
grep -B1 -n dog poem
grep -C1 end poem
grep -m1 the poem
grep -q fox poem
grep nothing poem
grep x missing
grep -rn fox dir | sort
grep -r --include=*.txt fox dir
grep -E '[0-9]{2,}' poem
grep '[0-9]\{3\}' poem
grep -E 'a+b|c?d' poem
grep '\bof\b' poem
grep -e
grep '\(fox\|dog\)$' poem
sed s/fox/cat/ poem
sed s/fox/cat/g poem
sed -n 2p poem
sed -n '2,4p' poem
sed -n '$p' poem
sed 2d poem
sed '/^$/d' poem
sed -n '/lazy/,/end/p' poem
sed 's/\(quick\) \(brown\)/\2 \1/' poem
sed -E 's/(quick) (brown)/\2 \1/' poem
sed 's/[aeiou]/<&>/2' poem
sed -e 1d -e s/the/THE/ poem
sed 's|o|/|g' poem
sed '1i\
first' poem
sed '$a last' poem
sed '2c changed' poem
sed -n '/fox/=' poem
sed 5q poem
sed '2!d' poem
sed 'y/abc/xyz/' poem
sed 'N;s/\n/+/' poem
sed -n 'H;${x;s/\n/,/g;p}' poem
sed ':a;N;$!ba;s/\n/ /g' poem
sed 's/.*/\U&/' poem
sed 's/\w\+/[&]/' poem
sed '1~2d' poem
sed '2,+1d' poem
sed '0,/the/s//THE/' poem
sed 's/the/X/I' poem
sed G poem
sed -n '$=' poem
sed 's/x*/-/g' nums
sed '/jumps/{s/o/0/;s/e/3/}' poem
sed '3q5' poem
sed 'k' poem
sed -s -n '1p' poem nums
sed 's/a/b' poem
sed '/the/!s/o/0/g' poem
awk '{print $1}' poem
awk -F: '{print $2, NR}' colons
awk 'NR==2' poem
awk '/fox/{n++} END{print n}' poem
awk '{s+=$1} END{print s}' nums
awk -v x=5 'BEGIN{print x*2}'
awk 'BEGIN{printf "%5.2f|%-5s|%03d\n", 3.14159, "ab", 7}'
awk -F: '{a[$2]+=$3} END{for(k in a) print k, a[k]}' colons1
awk 'length > 12' poem
awk '{gsub(/o/,"0"); print}' poem
awk 'BEGIN{print substr("hello",2,3), toupper("x"), index("abc","c"), length("abcd")}'
awk '{print NF}' poem
awk 'BEGIN{exit 3}'
awk 'BEGIN { n = split("a,b,c", p, ","); print n, p[3] }'
base64 poem
base64 -w0 nums
basename /a/b.txt .txt
basename /a/b/
dirname /a/b/c
dirname x
ls
ls -1
ls -a dir
ls dir
ls -d dir
ls -F
ls -r
ls -S nums poem
ls missing
ls -R dir
ls poem dir
find dir | sort
find dir -name '*.txt'
find dir -type f | sort
find dir -type d -name sub
find dir -maxdepth 1 | sort
find dir -name '*.txt' -o -name '*.md' | sort
find dir ! -name '*.txt' -type f
find dir -empty
find dir -name a.txt -exec cat {} ';'
find missing
rm missing
rm -f missing
rm dir
mkdir dir
mkdir -p new/deep
cp missing x
cp dir x
mv missing x
rmdir dir
touch -c nothing
chmod u+x,go-r poem
stat -c '%a %s %n %F' poem dir
md5sum poem
sha256sum poem nums
env -i A=1 B=2
expr_missing_command
printf '%s-%d\n' a 1 b 2
true
false
test -f poem
test -d poem
echo -n hi
date -u -d @0
date -u -d '2024-02-29 12:34:56' '+%Y-%m-%d %H:%M:%S %a %b %j %s %F %T %-d %e %I%p %y'
date -u -d '2024-01-31 +1 day' +%F
date -u -d @1700000000 -Iseconds
date -u -d 'never' +%F
yes | head -2
xargs -n2 < nums
xargs -I{} echo '<{}>' < nums
xargs echo < poem
truncate -s 5 nums
du -b poem
readlink link
readlink -f link
realpath poem
gzip -c poem | gunzip
tee copy < nums
timeout 5 true
timeout 5 sh -c 'exit 3'
sleep x
nohup true
which nosuchcommand
printenv HOME_NOT
id -u
whoami
dd if=poem bs=4 count=2 status=none
`), "\n")

func TestGolden(t *testing.T) {
	// A here-text command goes over two lines in the table above.
	var lines []string
	for i := 0; i < len(golden); i++ {
		line := golden[i]
		for strings.Count(line, "'")%2 == 1 {
			i++
			line += "\n" + golden[i]
		}
		lines = append(lines, line)
	}
	if os.Getenv("DEBIAN") == "" {
		if _, err := exec.LookPath("mawk"); err != nil {
			t.Skip("the commands to compare with are Debian's, and this is not Debian")
		}
	}
	for _, line := range lines {
		t.Run(line, func(t *testing.T) {
			ours, theirs := filepath.Join(t.TempDir(), "w"), filepath.Join(t.TempDir(), "w")
			fixture(t, ours)
			fixture(t, theirs)
			got, code := run(t, ours, bin, "", filepath.Join(bin, "sh"), "-c", line)
			want, wantCode := run(t, theirs, "/usr/bin:/bin", "", "/bin/sh", "-c", line)
			got, want = strings.ReplaceAll(got, ours, "W"), strings.ReplaceAll(want, theirs, "W")
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if code != wantCode {
				t.Errorf("exit code %d, want %d", code, wantCode)
			}
		})
	}
}

func fixture(t *testing.T, dir string) {
	t.Helper()
	files := map[string]string{
		"poem": poem, "nums": "10\n9\n2\n33\n1\n", "dups": "a\na\nB\nb\nc\nc\nc\na\n", "table": "x 2\ny 10\nz 2\nx 1\n",
		"colons": "bob:b:3\nal:a:10\ncy:c:1\n", "colons1": "x:k:1\ny:k:2\n", "sizes": "1M\n2K\n1G\n10\n", "versions": "v1.10\nv1.9\nv1.2\n",
		"dir/a.txt": "fox\n", "dir/sub/b.md": "a fox\n", "dir/.hidden": "",
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("poem", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
}
