package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"haneul/engine/admin"
	"haneul/engine/emu"
)

// birthFile is beside every cloud's journal.
const birthFile = "cloud.json"

// damagedMark is in the name of a folder that was set aside; such a folder is not opened again.
const damagedMark = ".damaged-"

// openAll starts every cloud that has a folder. One whose files are damaged is set aside and begins anew: its files are
// kept, it is said plainly, and the others lose nothing. Any other trouble (a full disk, no permission, a journal of a
// newer program) would hit a new cloud as well, and stops the start.
func (h *Host) openAll() error {
	births, err := filepath.Glob(filepath.Join(h.options.Dir, "*", birthFile))
	if err != nil {
		return err
	}
	for _, path := range births {
		dir := filepath.Dir(path)
		if strings.Contains(filepath.Base(dir), damagedMark) {
			continue
		}
		if err := h.openOne(dir); err != nil {
			return fmt.Errorf("cloud %s: %w", filepath.Base(dir), err)
		}
	}
	return nil
}

func (h *Host) openOne(dir string) error {
	born, err := readBirth(dir)
	if err == nil {
		_, err = h.start(born, dir, "")
	}
	var damaged *emu.DamageError
	if !errors.As(err, &damaged) {
		return err
	}
	kept := dir + damagedMark + time.Now().UTC().Format("20060102-150405")
	if err := os.Rename(dir, kept); err != nil {
		return err
	}
	a := admin.SetAside{Cloud: filepath.Base(dir), Kept: kept, Reason: damaged.Reason}
	h.setAside = append(h.setAside, a)
	h.options.Log("cloud %s was set aside to %s: %v", a.Cloud, kept, damaged)
	if born.Name == "" {
		return nil // nothing is known of it; the default cloud is made when it is missing
	}
	if err := born.save(dir); err != nil {
		return err
	}
	_, err = h.start(born, dir, "")
	return err
}

// SetAside names the clouds whose files were damaged when the host was opened.
func (h *Host) SetAside() []admin.SetAside { return h.setAside }

func readBirth(dir string) (born birth, err error) {
	path := filepath.Join(dir, birthFile)
	b, err := os.ReadFile(path)
	if err != nil {
		return born, err
	}
	if err := json.Unmarshal(b, &born); err != nil {
		return birth{}, &emu.DamageError{File: path, Reason: err.Error()}
	}
	if born.Name != filepath.Base(dir) || !accountID.MatchString(born.Account) || born.Root.AccessKeyID == "" {
		return birth{}, &emu.DamageError{File: path, Reason: "it does not describe the cloud of this folder"}
	}
	return born, nil
}
