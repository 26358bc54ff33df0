package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// identity is the private key of a login; the zero identity is none.
type identity struct {
	path   string
	public ssh.PublicKey
}

// readIdentity reads the private key that the instance asks for: that of -i, or a file of the key pair's name. An instance
// without a key pair asks for none.
func (v *visit) readIdentity() (id identity, err error) {
	if id.path = v.str("identity"); id.path == "" {
		if v.instance.PublicKey == "" {
			return id, nil
		}
		if id.path, err = v.findIdentity(); err != nil {
			return id, err
		}
	}
	file := v.resolve(id.path)
	text, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return id, unreachable("connect-key-file", "path", id.path)
	case err != nil:
		return id, &failure{code: exitUnreachable, key: "cli.error.connect-key-unreadable", pairs: []any{"path", id.path}, cause: err}
	}
	if err := v.guarded(id.path, file); err != nil {
		return id, err
	}
	id.public, err = v.parseIdentity(id.path, text)
	return id, err
}

// findIdentity looks for NAME.pem where the learner is and in the lab's folder.
func (v *visit) findIdentity() (string, error) {
	name := v.instance.KeyName + ".pem"
	places := []string{filepath.Join(v.Dir, name), filepath.Join(v.workspace(v.cloud), name)}
	for _, p := range places {
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() && filepath.Base(name) == name {
			v.remark("cli.connect.key", "path", p)
			return p, nil
		}
	}
	return "", unreachable("connect-no-key", "instance", titled(v.instance), "key", v.instance.KeyName, "places", strings.Join(slices.Compact(places), ", "))
}

// guarded refuses a key that others on this machine can read, as ssh does. Windows has no such bits.
func (v *visit) guarded(shown, file string) error {
	info, err := os.Stat(file)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	bar := strings.Repeat("@", 59)
	fmt.Fprintf(v.Stderr, "%s\n@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\n%s\nPermissions %04o for '%s' are too open.\n", bar, bar, info.Mode().Perm(), shown)
	return v.denied(v.say("cli.connect.key-open", "path", shown))
}

func (v *visit) parseIdentity(path string, text []byte) (ssh.PublicKey, error) {
	key, err := ssh.ParsePrivateKey(text)
	var locked *ssh.PassphraseMissingError
	_, _, _, _, public := ssh.ParseAuthorizedKey(text)
	switch {
	case err == nil:
		return key.PublicKey(), nil
	case errors.As(err, &locked):
		return nil, v.denied(v.say("cli.connect.key-locked", "path", path))
	case public == nil:
		return nil, v.denied(v.say("cli.connect.key-public", "path", path))
	}
	return nil, v.denied(v.say("cli.connect.key-format", "path", path))
}

// authenticate holds the private key to the public one that the instance was launched with.
func (v *visit) authenticate(id identity) error {
	i := v.instance
	switch {
	case i.KeyName == "":
		v.remark("cli.connect.no-key-pair", "instance", titled(i))
		return nil
	case i.PublicKey == "":
		v.remark("cli.connect.key-pair-deleted", "instance", titled(i), "key", i.KeyName)
		return nil
	}
	public, _, _, _, err := ssh.ParseAuthorizedKey([]byte(i.PublicKey))
	if err != nil {
		return err
	}
	if !bytes.Equal(public.Marshal(), id.public.Marshal()) {
		return v.denied(v.say("cli.connect.key-wrong", "path", id.path, "key", i.KeyName,
			"has", ssh.FingerprintSHA256(id.public), "wants", ssh.FingerprintSHA256(public)))
	}
	return nil
}

// denied is what an SSH server answers, with the reason that it keeps to itself.
func (v *visit) denied(why string) error {
	return unreachable("connect-denied", "user", v.user, "address", v.address(), "why", why)
}
