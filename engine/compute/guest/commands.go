//go:build linux

package guest

import (
	"haneul/engine/compute/guest/boot"
	"haneul/engine/compute/guest/files"
	"haneul/engine/compute/guest/network"
	"haneul/engine/compute/guest/procs"
	"haneul/engine/compute/guest/sed"
	"haneul/engine/compute/guest/shell"
	"haneul/engine/compute/guest/text"
	"haneul/engine/compute/guest/tool"
)

// commands are all there are, by name. Those in rootfs.Commands are in /bin; init and cloud-init are not.
var commands = map[string]tool.Command{
	"init": boot.Init, "cloud-init": boot.CloudInit, "sh": shell.Sh, "bash": shell.Sh,
	"aws":  aws,
	"true": func(*tool.Call) int { return 0 }, "false": func(*tool.Call) int { return 1 },
	"echo": echo, "printf": builtin, "test": builtin, "[": builtin,

	"awk": text.Awk, "base64": text.Base64, "cat": text.Cat, "cut": text.Cut, "egrep": text.Grep, "fgrep": text.Grep,
	"grep": text.Grep, "head": text.Head, "jq": text.Jq, "rev": text.Rev, "sed": sed.Sed, "seq": text.Seq, "sort": text.Sort, "tac": text.Tac,
	"tail": text.Tail, "tee": text.Tee, "tr": text.Tr, "uniq": text.Uniq, "wc": text.Wc, "yes": text.Yes,

	"basename": files.Path, "chmod": files.Chmod, "chown": files.Chown, "cp": files.Cp, "dd": files.Dd, "df": files.Df,
	"dirname": files.Path, "du": files.Du, "find": files.Find, "gunzip": files.Gzip, "gzip": files.Gzip, "ln": files.Ln, "ls": files.Ls,
	"lsblk": files.Lsblk, "mkfs": files.Mount, "mkfs.ext4": files.Mount, "mkfs.xfs": files.Mount, "mount": files.Mount, "umount": files.Mount,
	"md5sum": files.Sum, "mkdir": files.Mkdir, "mktemp": files.Mktemp, "mv": files.Mv, "pwd": files.Path, "readlink": files.Path,
	"realpath": files.Path, "rm": files.Rm, "rmdir": files.Rmdir, "sha1sum": files.Sum, "sha256sum": files.Sum, "stat": files.Stat,
	"sync": files.Sync, "tar": files.Tar, "touch": files.Touch, "truncate": files.Truncate, "xargs": files.Xargs, "zcat": files.Gzip,

	"reboot": boot.Reboot, "clear": procs.Clear, "date": procs.Date, "dmesg": procs.Dmesg, "env": procs.Env, "flock": procs.Flock, "free": procs.Free,
	"groups": procs.ID, "hostname": procs.Hostname, "id": procs.ID, "kill": procs.Kill, "killall": procs.Pgrep, "nohup": procs.Nohup,
	"nproc": procs.Nproc, "pgrep": procs.Pgrep, "pkill": procs.Pgrep, "printenv": procs.Env, "ps": procs.Ps, "setsid": procs.Nohup,
	"sleep": procs.Sleep, "stress": procs.Stress, "sudo": procs.Sudo, "timeout": procs.Timeout, "top": procs.Top, "uname": procs.Uname, "uptime": procs.Uptime,
	"which": procs.Which, "whoami": procs.ID,

	"curl": network.Curl, "httpd": network.Httpd, "ip": network.IP, "nc": network.Nc, "netstat": network.Ss, "nslookup": network.Nslookup,
	"ping": network.Ping, "ss": network.Ss, "wget": network.Wget,
}

// builtin is a command that the shell has, for those who call it without one.
func builtin(c *tool.Call) int {
	sub := *c
	sub.Args = append([]string{"-c", c.Name + ` "$@"`, c.Name}, c.Args...)
	sub.Name = "sh"
	return shell.Sh(&sub)
}

func echo(c *tool.Call) int { return builtin(c) }
