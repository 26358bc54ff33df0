//go:build linux

package boot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"haneul/engine/compute/guest/imds"
	"haneul/engine/compute/guest/tool"
)

// Where cloud-init keeps things, as on Amazon Linux.
const (
	logFile    = "/var/log/cloud-init-output.log"
	stateDir   = "/var/lib/cloud/instances"
	localEvery = "/etc/rc.local"
	// maxUserData is AWS's: 16 KB before encoding.
	maxUserData = 16 << 10
)

// CloudInit runs what the instance is to run when it boots.
func CloudInit(c *tool.Call) int {
	if err := os.MkdirAll(filepath.Dir(logFile), 0o755); err != nil {
		return c.Fail(1, "%v", err)
	}
	log, err := os.OpenFile(logFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	defer log.Close()
	b := &booting{out: io.MultiWriter(os.Stdout, log), state: stateDir, get: fetch}
	err = b.userData()
	if info, err := os.Stat(localEvery); err == nil && info.Mode()&0o111 != 0 {
		_ = b.run(localEvery)
	}
	if err != nil {
		return 1
	}
	return 0
}

// booting is one boot.
type booting struct {
	out   io.Writer
	state string
	get   func(path string) ([]byte, error) // from the metadata service; what is not there is empty
}

func (b *booting) say(format string, args ...any) {
	fmt.Fprintf(b.out, "cloud-init: "+format+"\n", args...)
}

// userData runs the user data unless this instance did already.
func (b *booting) userData() error {
	id, err := b.get("meta-data/instance-id")
	if err != nil {
		b.say("no user data: %v", err)
		return err
	}
	dir := filepath.Join(b.state, filepath.Base(string(id)))
	done := filepath.Join(dir, "sem", "config_scripts_user")
	if _, err := os.Stat(done); err == nil {
		return nil
	}
	data, err := b.get("user-data")
	if err != nil {
		b.say("no user data: %v", err)
		return err
	}
	script := filepath.Join(dir, "scripts", "part-001")
	for _, d := range []string{filepath.Dir(done), filepath.Dir(script)} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			b.say("%v", err)
			return err
		}
	}
	// The mark comes first: a script that stops the machine does not run again.
	if err := os.WriteFile(done, []byte(time.Now().UTC().Format(time.RFC3339)+"\n"), 0o644); err != nil {
		b.say("%v", err)
		return err
	}
	if reason := refused(data); reason != "" {
		b.say("user data ignored: %s", reason)
		return nil
	}
	if len(data) == 0 {
		return nil
	}
	if err := os.WriteFile(script, data, 0o700); err != nil {
		b.say("%v", err)
		return err
	}
	return b.run(script)
}

// refused says why user data is not run.
func refused(data []byte) string {
	switch {
	case len(data) == 0, bytes.HasPrefix(data, []byte("#!")) && len(data) <= maxUserData:
		return ""
	case len(data) > maxUserData:
		return "it is longer than 16384 bytes"
	case bytes.HasPrefix(data, []byte("#cloud-")), bytes.HasPrefix(data, []byte("#include")):
		first, _, _ := bytes.Cut(data, []byte("\n"))
		return fmt.Sprintf("%q is not emulated, only scripts that begin with #!", first)
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		return "compressed user data are not emulated, only scripts that begin with #!"
	case bytes.HasPrefix(bytes.ToLower(data), []byte("content-type:")), bytes.HasPrefix(bytes.ToLower(data), []byte("mime-version:")):
		return "MIME parts are not emulated, only scripts that begin with #!"
	}
	return "it does not begin with #!"
}

// run runs a script as root and reports how it ended. What the script leaves in the background keeps the console.
func (b *booting) run(path string) error {
	cmd := exec.Command(path)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), "HOME=/root", "USER=root", "LOGNAME=root", "SHELL=/bin/sh")
	// A pipe of our own, which outlives the script: exec's would be closed under the feet of `httpd &`.
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr = w, w
	started := time.Now()
	if err := cmd.Start(); err != nil {
		w.Close()
		r.Close()
		var not *os.PathError
		if errors.As(err, &not) {
			err = fmt.Errorf("%s", tool.Reason(err))
		}
		b.say("%s did not start: %v (does the program after #! exist?)", path, err)
		return nil
	}
	copied := make(chan struct{})
	go func() {
		_, _ = io.Copy(b.out, r)
		close(copied)
	}()
	err = cmd.Wait()
	took := time.Since(started).Round(time.Millisecond)
	// Through the pipe too, so that it comes after what the script printed.
	if err != nil {
		fmt.Fprintf(w, "cloud-init: %s failed after %v: %v\n", filepath.Base(path), took, err)
	} else {
		fmt.Fprintf(w, "cloud-init: %s finished after %v\n", filepath.Base(path), took)
	}
	w.Close()
	<-copied // for ever, if the script left something running
	return nil
}

// fetch asks the metadata service, which may come up a little later than the instance.
func fetch(path string) (data []byte, err error) {
	for wait := 50 * time.Millisecond; wait < 5*time.Second; wait *= 2 {
		data, err = imds.Get(path)
		if errors.Is(err, imds.ErrNotFound) {
			return nil, nil
		}
		if err == nil || errors.Is(err, imds.ErrForbidden) {
			return data, err
		}
		time.Sleep(wait)
	}
	return nil, err
}
