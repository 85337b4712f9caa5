package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// document is the key file. Each secret stands beside its check value, so a
// damaged file is refused when it is read, not when the first row fails.
type document struct {
	Suite  Suite         `json:"suite"`
	Active string        `json:"active"`
	Keys   []documentKey `json:"keys"`
	Blind  documentKey   `json:"blind"`
}

type documentKey struct {
	ID     string `json:"id,omitempty"`
	Suite  Suite  `json:"suite,omitempty"` // of the blind index: it stays what it was at the beginning
	Secret []byte `json:"secret"`
	Check  string `json:"check"`
}

const secretLen = 32

// Generate returns a new ring with one key, kept nowhere.
func Generate(s Suite) (*Keyring, error) {
	d := document{Suite: s}
	secret := random(secretLen)
	d.Blind = documentKey{Suite: s, Secret: secret, Check: mark("blind", secret)}
	return fromDocument(d.rotated())
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails: the program ends first
	return b
}

// rotated returns a copy of d with one more key, the active one.
func (d document) rotated() document {
	id := hex.EncodeToString(random(idLen))
	for slices.ContainsFunc(d.Keys, func(k documentKey) bool { return k.ID == id }) {
		id = hex.EncodeToString(random(idLen))
	}
	secret := random(secretLen)
	d.Active = id
	d.Keys = append(slices.Clone(d.Keys), documentKey{ID: id, Secret: secret, Check: mark(id, secret)})
	return d
}

// Open reads the key file at path. With create it makes one when there is none,
// readable by its owner only. A file that others may read is refused: whoever
// could read it may have done so.
func Open(path string, create bool) (*Keyring, error) {
	k, err := read(path)
	if !create || !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if k, err = Generate(Standard); err != nil {
		return nil, err
	}
	err = write(path, k.ring.Load().source, os.Link) // a link does not replace what another process made meanwhile
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return read(path)
}

func read(path string) (*Keyring, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrKeyFile.Saying("找不到密钥文件", "There is no key file.").With(err)
	}
	if err != nil {
		return nil, ErrKeyFile.With(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, ErrKeyFile.Saying("密钥文件可被其他用户读取，已拒绝使用", "Others may read the key file; it is refused.").
			Because("", "", "chmod 600 "+path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, ErrKeyFile.With(err)
	}
	k, err := FromBytes(b)
	if err != nil {
		return nil, err
	}
	k.path = path
	return k, nil
}

// FromBytes reads a ring as Open does, from where else it is kept.
func FromBytes(b []byte) (*Keyring, error) {
	var d document
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return nil, ErrKeyFile.Saying("密钥文件不是有效的 JSON", "The key file is not valid JSON.") // err would quote it
	}
	return fromDocument(d)
}

func fromDocument(d document) (*Keyring, error) {
	if d.Suite == "" {
		d.Suite = Standard
	}
	r := &ring{suite: d.Suite, keys: map[[idLen]byte]key{}, source: d}
	if d.Suite != Standard && d.Suite != GM || d.Blind.Suite != Standard && d.Blind.Suite != GM {
		return nil, ErrKeyFile.Saying("密钥文件里的算法套件应为 aes 或 gm", "The suite in the key file must be aes or gm.")
	}
	bad := ErrKeyFile.Saying("密钥文件的校验值不符，文件已损坏或被改动", "The check values in the key file do not hold; it is damaged or was changed.")
	for _, dk := range d.Keys {
		id, err := hex.DecodeString(dk.ID)
		if err != nil || len(id) != idLen || len(dk.Secret) != secretLen || mark(dk.ID, dk.Secret) != dk.Check {
			return nil, bad
		}
		k, err := newKey(dk.Secret)
		if err != nil {
			return nil, err
		}
		r.keys[[idLen]byte(id)] = k
	}
	if len(d.Blind.Secret) != secretLen || mark("blind", d.Blind.Secret) != d.Blind.Check {
		return nil, bad
	}
	r.blind = blindKey{secret: d.Blind.Secret, hash: d.Blind.Suite.hash()}
	active, err := hex.DecodeString(d.Active)
	if err != nil || len(active) != idLen {
		return nil, bad
	}
	r.active = [idLen]byte(active)
	if _, ok := r.keys[r.active]; !ok {
		return nil, bad
	}
	k := &Keyring{}
	k.ring.Store(r)
	return k, nil
}

// Rotate adds a new key and makes it the active one, in the file first. What
// was sealed before still opens; sealing it again is the stores' work.
func (k *Keyring) Rotate() error {
	if err := k.reload(); err != nil {
		return err
	}
	next, err := fromDocument(k.ring.Load().source.rotated())
	if err != nil {
		return err
	}
	if k.path != "" {
		if err := write(k.path, next.ring.Load().source, os.Rename); err != nil {
			return err
		}
	}
	k.ring.Store(next.ring.Load())
	return nil
}

// reload reads the file again.
func (k *Keyring) reload() error {
	if k.path == "" {
		return nil
	}
	next, err := read(k.path)
	if err != nil {
		return err
	}
	k.ring.Store(next.ring.Load())
	return nil
}

// write puts the document beside path and then in its place, so that a crash
// leaves the old file or the new one, whole.
func write(path string, d document, place func(from, to string) error) error {
	b, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return ErrKeyFile.With(err)
	}
	f, err := os.CreateTemp(dir, ".keys-*") // mode 0600
	if err != nil {
		return ErrKeyFile.With(err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // gone already when it was renamed
	_, err = f.Write(append(b, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return ErrKeyFile.With(err)
	}
	if err := place(f.Name(), path); err != nil {
		return ErrKeyFile.With(err)
	}
	if folder, err := os.Open(dir); err == nil { // so that the name itself survives a power cut
		_ = folder.Sync()
		_ = folder.Close()
	}
	return nil
}
