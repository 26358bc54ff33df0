package screen

import "testing"

func TestNeedsTerminal(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"vi worker.sh", "vi"},
		{"cd src && sudo vim a", "vim"},
		{"EDITOR=x git commit", "git"},
		{"git commit -m done", ""},
		{"git log | less", "less"},
		{"less --version", ""},
		{"cat vi", ""},
		{"echo 'vi a'", ""},
		{"python3", "python3"},
		{"python3 worker.py", ""},
		{"python3 -c 'print(1)'", ""},
		{"for i in 1 2; do top; done", "top"},
		{"/usr/bin/man aws", "man"},
		{"ssh -i k.pem root@198.18.0.1", "ssh"},
		{"haneul connect i-0123", "haneul"},
		{`haneul connect "$ID"`, "haneul"},
		{"haneul connect -i key.pem i-0123", "haneul"},
		{"haneul connect i-0123 uptime", ""},
		{"haneul connect i-0123 --forward 8080:80 -N", ""},
		{"haneul shell", "haneul"},
		{"haneul shell -c 'aws sqs list-queues'", ""},
		{"echo 1+1 | bc", ""},
		{"python3 <<< 'print(1)'", ""},
		{"sh < setup.sh", ""},
		{"aws sqs list-queues | less", "less"},
		{"haneul", "haneul"},
		{"haneul journal", ""},
		{"haneul --help", ""},
		{"aws ec2 run-instances --user-data 'vi'", ""},
		{"echo $(vi", ""},
	} {
		if got, _ := NeedsTerminal(c.line); got != c.want {
			t.Errorf("%s: %q, want %q", c.line, got, c.want)
		}
	}
}
