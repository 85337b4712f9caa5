package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The cost of one hash (OWASP password storage, argon2id): 19 MiB, 2 rounds, 1 lane.
const (
	hashMemoryKiB = 19 * 1024
	hashRounds    = 2
	hashLanes     = 1
	hashSalt      = 16
	hashKey       = 32
)

// hasher hashes passwords, as many at once as there are processors: a flood of
// sign-ins waits in line instead of taking the memory of the machine.
type hasher struct{ lanes chan struct{} }

func newHasher() *hasher {
	return &hasher{lanes: make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))}
}

func (h *hasher) run(ctx context.Context, fn func()) error {
	select {
	case h.lanes <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	defer func() { <-h.lanes }()
	fn()
	return nil
}

type cost struct {
	memory, rounds uint32
	lanes          uint8
}

var present = cost{hashMemoryKiB, hashRounds, hashLanes}

func encode(c cost, salt, key []byte) PasswordHash {
	b64 := base64.RawStdEncoding.EncodeToString
	return PasswordHash(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.rounds, c.lanes, b64(salt), b64(key)))
}

var errHash = errors.New("a stored password hash cannot be read")

func decode(h PasswordHash) (c cost, salt, key []byte, err error) {
	part := strings.Split(string(h), "$")
	if len(part) != 6 || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &c.memory, &c.rounds, &c.lanes); err != nil {
		return c, nil, nil, errHash
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(part[4])
	key, err2 := base64.RawStdEncoding.DecodeString(part[5])
	if err1 != nil || err2 != nil || len(key) < 16 || c.memory > 1<<20 || c.rounds == 0 || c.rounds > 20 || c.lanes == 0 {
		return c, nil, nil, errHash
	}
	return c, salt, key, nil
}

// nobody is the hash that is checked when there is no account, so that its
// absence takes as long as a wrong password.
var nobody = encode(present, make([]byte, hashSalt), make([]byte, hashKey))

// make hashes a new password.
func (h *hasher) make(ctx context.Context, password string) (PasswordHash, error) {
	salt := make([]byte, hashSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	var out PasswordHash
	err := h.run(ctx, func() {
		out = encode(present, salt, argon2.IDKey([]byte(password), salt, hashRounds, hashMemoryKiB, hashLanes, hashKey))
	})
	return out, err
}

// check says whether the password is the one of the hash; "" matches none.
func (h *hasher) check(ctx context.Context, stored PasswordHash, password string) (bool, error) {
	against := stored
	if against == "" {
		against = nobody
	}
	c, salt, key, err := decode(against)
	if err != nil {
		return false, err
	}
	same := false
	err = h.run(ctx, func() {
		got := argon2.IDKey([]byte(password), salt, c.rounds, c.memory, c.lanes, uint32(len(key))) //nolint:gosec // decode bounds it
		same = subtle.ConstantTimeCompare(got, key) == 1
	})
	return same && stored != "", err
}

// old says the hash was made at another cost than today's.
func (h PasswordHash) old() bool {
	c, _, _, err := decode(h)
	return err != nil || c != present
}

// common are the beginnings that make a long password a short one.
var common = []string{"password", "12345678", "qwertyui", "11111111", "00000000", "aaaaaaaa", "abc12345", "admin123"}

// weak says why a password cannot be taken, or "".
func weak(password, username string) string {
	low := strings.ToLower(password)
	switch n := utf8.RuneCountInString(password); {
	case n < 10:
		return "密码至少10个字符"
	case len(password) > 200:
		return "密码太长"
	case username != "" && strings.Contains(low, username):
		return "密码不能包含用户名"
	}
	for _, c := range common {
		if strings.HasPrefix(low, c) {
			return "密码太常见"
		}
	}
	first, _ := utf8.DecodeRuneInString(low)
	if strings.Trim(low, string(first)) == "" {
		return "密码不能全是同一个字符"
	}
	return ""
}

// newPassword returns a random password that can be read out: about 95 bits.
func newPassword() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	b := make([]byte, 20)
	_, _ = rand.Read(b) // it never fails: the program ends first
	var out strings.Builder
	for i, x := range b {
		if i > 0 && i%5 == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(letters[int(x)%len(letters)])
	}
	return out.String()
}
