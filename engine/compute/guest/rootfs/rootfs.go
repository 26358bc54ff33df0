// Package rootfs is the file system of the guest image: one program, a name in /bin for each of its commands, and the few
// files that every Linux program expects.
package rootfs

import (
	"archive/tar"
	"bytes"
	"time"
)

// Program is where the guest's program is.
const Program = "/guest"

// Build is how the go command makes the program: small, and without the HTTP/2 that nobody in an instance speaks.
func Build(program string) []string {
	return []string{"build", "-buildvcs=false", "-trimpath", "-tags=nethttpomithttp2", "-ldflags=-s -w", "-o", program, "haneul/cmd/haneul-guest"}
}

// Commands are the names in /bin, each a link to the program, which looks at its own name.
var Commands = []string{
	"[", "awk", "aws", "base64", "basename", "bash", "cat", "chmod", "chown", "clear", "cp", "curl", "cut", "date", "dd",
	"df", "dirname", "dmesg", "du", "echo", "egrep", "env", "false", "fgrep", "find", "flock", "free", "grep", "groups",
	"gunzip", "gzip", "head", "hostname", "httpd", "id", "ip", "jq", "kill", "killall", "ln", "ls", "lsblk", "md5sum",
	"mkdir", "mkfs", "mkfs.ext4", "mkfs.xfs", "mktemp", "mount", "mv", "nc", "netstat", "nohup", "nproc", "nslookup",
	"pgrep", "ping", "pkill", "printenv", "printf", "ps", "pwd", "readlink", "realpath", "reboot", "rev", "rm", "rmdir", "sed",
	"seq", "setsid", "sh", "sha1sum", "sha256sum", "sleep", "sort", "ss", "stat", "stress", "sudo", "sync", "tac", "tail", "tar",
	"tee", "test", "timeout", "top", "touch", "tr", "true", "truncate", "umount", "uname", "uniq", "uptime", "wc", "wget",
	"which", "whoami", "xargs", "yes", "zcat",
}

var directories = []struct {
	name string
	mode int64
	user int
}{
	{"bin", 0o755, 0}, {"dev", 0o755, 0}, {"etc", 0o755, 0}, {"home", 0o755, 0}, {"home/ec2-user", 0o755, 1000}, {"mnt", 0o755, 0},
	{"proc", 0o555, 0}, {"root", 0o700, 0}, {"run", 0o755, 0}, {"sys", 0o555, 0}, {"tmp", 0o1777, 0}, {"usr", 0o755, 0},
	{"usr/local", 0o755, 0}, {"usr/local/bin", 0o755, 0}, {"var", 0o755, 0}, {"var/lib", 0o755, 0}, {"var/log", 0o755, 0}, {"var/tmp", 0o1777, 0},
	{"var/www", 0o777, 0},
}

var files = []struct{ name, text string }{
	{"etc/passwd", "root:x:0:0:root:/root:/bin/sh\nec2-user:x:1000:1000:EC2 Default User:/home/ec2-user:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n"},
	{"etc/group", "root:x:0:\nec2-user:x:1000:\nnogroup:x:65534:\n"},
	{"etc/nsswitch.conf", "hosts: files dns\n"},
	{"etc/os-release", "NAME=\"haneul\"\nID=haneul\nPRETTY_NAME=\"haneul guest\"\nHOME_URL=\"http://169.254.170.254\"\n"},
}

// Tar packs the image around a program. The same program gives the same bytes.
func Tar(program []byte) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(len(program) + 1<<17)
	w := tar.NewWriter(&b)
	add := func(h tar.Header, data []byte) error {
		h.ModTime, h.Size, h.Format = time.Unix(0, 0), int64(len(data)), tar.FormatPAX
		if err := w.WriteHeader(&h); err != nil {
			return err
		}
		_, err := w.Write(data)
		return err
	}
	for _, d := range directories {
		h := tar.Header{Typeflag: tar.TypeDir, Name: d.name + "/", Mode: d.mode, Uid: d.user, Gid: d.user}
		if err := add(h, nil); err != nil {
			return nil, err
		}
	}
	for _, f := range files {
		if err := add(tar.Header{Typeflag: tar.TypeReg, Name: f.name, Mode: 0o644}, []byte(f.text)); err != nil {
			return nil, err
		}
	}
	if err := add(tar.Header{Typeflag: tar.TypeReg, Name: Program[1:], Mode: 0o755}, program); err != nil {
		return nil, err
	}
	for _, name := range Commands {
		if err := add(tar.Header{Typeflag: tar.TypeSymlink, Name: "bin/" + name, Linkname: Program, Mode: 0o777}, nil); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"usr/bin", "sbin", "usr/sbin"} { // #!/usr/bin/env
		if err := add(tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: "/bin", Mode: 0o777}, nil); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
