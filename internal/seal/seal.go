// Package seal keeps personal fields unreadable at rest: sealed with an
// authenticated cipher, found again by a keyed hash of the whole value only.
//
// It makes no cipher of its own. AES-256-GCM and HMAC-SHA-256 come from the
// standard library, SM4-GCM and HMAC-SM3 (国密) from gmsm. What it adds is the
// key ring: every sealed value names its key, so that a new key can be put to
// use while values under the old ones are still read.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"
	"sync/atomic"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"

	"linggong/internal/errs"
)

// What can be wrong with a key or with what was sealed. None of them carries
// what is inside.
var (
	ErrKeyFile = errs.New(errs.Invalid, "key_file_unusable", "密钥文件不能使用", "The key file cannot be used.")
	// ErrWrongKey says a value was sealed with a key that is not on the ring.
	ErrWrongKey = errs.New(errs.Internal, "seal_wrong_key", "密钥环里没有加密这项内容的密钥", "The value was sealed with a key that is not on this ring.")
	// ErrBroken says a value is no sealed value, was changed, or belongs to
	// another field or row than the one it was read from.
	ErrBroken = errs.New(errs.Internal, "seal_broken", "加密内容已损坏或不属于这里", "The sealed value is damaged or does not belong here.")

	errField = errors.New("a field name is empty or holds a zero byte")
)

// Suite is a family of algorithms.
type Suite string

// The two suites. A site that must use state-approved algorithms (密评) takes GM.
const (
	Standard Suite = "aes" // AES-256-GCM, HMAC-SHA-256
	GM       Suite = "gm"  // SM4-GCM, HMAC-SM3
)

// The first byte of a sealed value.
const (
	algAES byte = 1
	algSM4 byte = 2
)

// A sealed value is: algorithm, key id, nonce, ciphertext with its tag.
const (
	idLen     = 4
	nonceLen  = 12
	tagLen    = 16
	headerLen = 1 + idLen
	minLen    = headerLen + nonceLen + tagLen
)

func (s Suite) algorithm() byte {
	if s == GM {
		return algSM4
	}
	return algAES
}

func (s Suite) hash() func() hash.Hash {
	if s == GM {
		return sm3.New
	}
	return sha256.New
}

// Keyring seals with its active key and opens with any. It is safe for
// concurrent use.
type Keyring struct {
	path string // "" when the ring is not kept in a file
	ring atomic.Pointer[ring]
}

// ring is one state of the keys; it never changes.
type ring struct {
	suite  Suite
	active [idLen]byte
	keys   map[[idLen]byte]key
	blind  blindKey
	source document
}

type key struct {
	secret []byte
	aead   map[byte]cipher.AEAD
}

type blindKey struct {
	secret []byte
	hash   func() hash.Hash
}

func newKey(secret []byte) (key, error) {
	k := key{secret: secret, aead: map[byte]cipher.AEAD{}}
	for alg, how := range map[byte]struct {
		info  string
		bytes int
		block func([]byte) (cipher.Block, error)
	}{
		algAES: {"linggong seal aes-256-gcm", 32, aes.NewCipher},
		algSM4: {"linggong seal sm4-gcm", sm4.BlockSize, sm4.NewCipher},
	} {
		raw, err := hkdf.Key(sha256.New, secret, nil, how.info, how.bytes)
		if err != nil {
			return key{}, fmt.Errorf("derive key: %w", err)
		}
		block, err := how.block(raw)
		if err != nil {
			return key{}, fmt.Errorf("derive key: %w", err)
		}
		if k.aead[alg], err = cipher.NewGCM(block); err != nil {
			return key{}, fmt.Errorf("derive key: %w", err)
		}
	}
	return k, nil
}

func associated(field, row string) ([]byte, error) {
	if field == "" || strings.ContainsRune(field, 0) {
		return nil, errField
	}
	return []byte(field + "\x00" + row), nil
}

// Seal encrypts plain for one field of one row: field is "table.column", row the
// row's id. What it returns opens there and nowhere else.
func (k *Keyring) Seal(field, row string, plain []byte) ([]byte, error) {
	aad, err := associated(field, row)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	r := k.ring.Load()
	out := make([]byte, headerLen+nonceLen, minLen+len(plain))
	out[0] = r.suite.algorithm()
	copy(out[1:], r.active[:])
	nonce := out[headerLen:]
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return r.keys[r.active].aead[out[0]].Seal(out, nonce, plain, aad), nil
}

// Open decrypts what Seal returned for the same field and row. It fails with
// ErrWrongKey or ErrBroken.
func (k *Keyring) Open(field, row string, sealed []byte) ([]byte, error) {
	aad, err := associated(field, row)
	if err != nil {
		return nil, fmt.Errorf("open sealed: %w", err)
	}
	if len(sealed) < minLen {
		return nil, ErrBroken
	}
	id := [idLen]byte(sealed[1:headerLen])
	found, ok := k.ring.Load().keys[id]
	if !ok {
		// Another replica may have rotated the file since it was read here.
		if k.reload() != nil {
			return nil, ErrWrongKey
		}
		if found, ok = k.ring.Load().keys[id]; !ok {
			return nil, ErrWrongKey
		}
	}
	aead, ok := found.aead[sealed[0]]
	if !ok {
		return nil, ErrBroken
	}
	plain, err := aead.Open(nil, sealed[headerLen:headerLen+nonceLen], sealed[headerLen+nonceLen:], aad)
	if err != nil {
		return nil, ErrBroken
	}
	return plain, nil
}

// Blind returns the keyed hash of a value, in hex, by which a row is found
// without reading it; "" for "". Equal values of one field have equal hashes,
// of two fields different ones. It does not change when keys are rotated.
func (k *Keyring) Blind(field, value string) string {
	if value == "" {
		return ""
	}
	b := k.ring.Load().blind
	mac := hmac.New(b.hash, b.secret)
	mac.Write([]byte(field + "\x00" + value))
	return hex.EncodeToString(mac.Sum(nil))
}

// KeyID returns the id of the key a value was sealed with, "" if it is no
// sealed value.
func KeyID(sealed []byte) string {
	if len(sealed) < minLen {
		return ""
	}
	return hex.EncodeToString(sealed[1:headerLen])
}

// ActiveID returns the id of the key that seals now.
func (k *Keyring) ActiveID() string {
	active := k.ring.Load().active
	return hex.EncodeToString(active[:])
}

// Suite returns the algorithms that seal now.
func (k *Keyring) Suite() Suite { return k.ring.Load().suite }

// Stale says a value should be sealed again: under another key or suite than
// the one in force.
func (k *Keyring) Stale(sealed []byte) bool {
	r := k.ring.Load()
	return len(sealed) < minLen || sealed[0] != r.suite.algorithm() || [idLen]byte(sealed[1:headerLen]) != r.active
}

// Marks returns a check value for each key by its id, and one for the blind
// index under "blind". They tell nothing of the keys; a store keeps them to
// know at start that it was given the ring it was sealed with.
func (k *Keyring) Marks() map[string]string {
	r := k.ring.Load()
	out := map[string]string{"blind": mark("blind", r.blind.secret)}
	for id, key := range r.keys {
		name := hex.EncodeToString(id[:])
		out[name] = mark(name, key.secret)
	}
	return out
}

func mark(name string, secret []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("linggong key check\x00" + name))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Missing returns the names of marks this ring does not answer to: keys it
// lacks, or has with another secret.
func (k *Keyring) Missing(marks map[string]string) []string {
	own := k.Marks()
	var out []string
	for name, m := range marks {
		if own[name] != m {
			out = append(out, name)
		}
	}
	return out
}
