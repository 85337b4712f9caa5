package seal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"linggong/internal/errs"
	"linggong/internal/seal"
)

var suites = map[string]seal.Suite{"aes": seal.Standard, "gm": seal.GM}

func generate(t testing.TB, s seal.Suite) *seal.Keyring {
	t.Helper()
	k, err := seal.Generate(s)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestWhatIsSealedOpensInItsPlaceAndNowhereElse(t *testing.T) {
	t.Parallel()
	for name, suite := range suites {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := generate(t, suite)
			rapid.Check(t, func(t *rapid.T) {
				plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
				field := rapid.StringMatching(`[a-z_.]{1,20}`).Draw(t, "field")
				row := rapid.String().Draw(t, "row")
				sealed, err := k.Seal(field, row, plain)
				if err != nil {
					t.Fatal(err)
				}
				got, err := k.Open(field, row, sealed)
				if err != nil || !bytes.Equal(got, plain) {
					t.Fatalf("opened %q, %v", got, err)
				}
				if len(plain) > 4 && bytes.Contains(sealed, plain) {
					t.Fatal("the sealed value shows what is in it")
				}
				if _, err := k.Open(field, row+"x", sealed); !errors.Is(err, seal.ErrBroken) {
					t.Fatalf("another row: %v", err)
				}
				if _, err := k.Open(field+"x", row, sealed); !errors.Is(err, seal.ErrBroken) {
					t.Fatalf("another field: %v", err)
				}
				at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
				sealed[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
				if _, err := k.Open(field, row, sealed); err == nil {
					t.Fatalf("a changed byte at %d went unnoticed", at)
				}
			})
		})
	}
}

func TestSealingTwiceLooksDifferent(t *testing.T) {
	t.Parallel()
	k := generate(t, seal.Standard)
	a, errA := k.Seal("f", "r", []byte("same"))
	b, errB := k.Seal("f", "r", []byte("same"))
	if errA != nil || errB != nil || bytes.Equal(a, b) {
		t.Fatal("equal values can be told by their seals")
	}
}

func TestAWrongKeyIsNamedAsSuchAndTellsNothing(t *testing.T) {
	t.Parallel()
	secret := []byte("330481199001010000")
	sealed, err := generate(t, seal.Standard).Seal("f", "r", secret)
	if err != nil {
		t.Fatal(err)
	}
	_, err = generate(t, seal.Standard).Open("f", "r", sealed)
	if !errors.Is(err, seal.ErrWrongKey) {
		t.Fatalf("got %v", err)
	}
	if strings.Contains(err.Error(), string(secret)) {
		t.Fatal("the error tells what was sealed")
	}
}

func TestOldValuesOpenAfterARotationAndNewOnesUseTheNewKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.json")
	k, err := seal.Open(path, true)
	if err != nil {
		t.Fatal(err)
	}
	other, err := seal.Open(path, false) // a second replica
	if err != nil {
		t.Fatal(err)
	}
	old, err := k.Seal("f", "r", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	blind, marks := k.Blind("f", "x"), k.Marks()
	if err := k.Rotate(); err != nil {
		t.Fatal(err)
	}
	fresh, err := k.Seal("f", "r", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if !k.Stale(old) || k.Stale(fresh) || seal.KeyID(fresh) != k.ActiveID() || seal.KeyID(old) == k.ActiveID() {
		t.Error("the new key is not in use")
	}
	for _, ring := range []*seal.Keyring{k, other} {
		for _, s := range [][]byte{old, fresh} {
			if got, err := ring.Open("f", "r", s); err != nil || string(got) != "x" {
				t.Errorf("opened %q, %v", got, err)
			}
		}
	}
	if k.Blind("f", "x") != blind {
		t.Error("a rotation changed the blind index")
	}
	if missing := k.Missing(marks); len(missing) != 0 {
		t.Errorf("the rotated ring lacks %v", missing)
	}
}

func TestTheKeyFileIsTheOwnersAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sub", "keys.json")
	if _, err := seal.Open(path, false); !errors.Is(err, seal.ErrKeyFile) {
		t.Fatalf("absent file: %v", err)
	}
	if _, err := seal.Open(path, true); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	_, err = seal.Open(path, true)
	if e, ok := errors.AsType[*errs.Error](err); !ok || !errors.Is(err, seal.ErrKeyFile) || e.Remedy == "" {
		t.Fatalf("a file others may read: %v", err)
	}
}

func TestTwoProcessesStartingAtOnceShareOneKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.json")
	ids := make([]string, 8)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			k, err := seal.Open(path, true)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = k.ActiveID()
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("keys differ: %v", ids)
		}
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestADamagedOrForeignKeyFileIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.json")
	k, err := seal.Open(path, true)
	if err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	change := func(fn func(m map[string]any)) []byte {
		var m map[string]any
		if err := json.Unmarshal(good, &m); err != nil {
			t.Fatal(err)
		}
		fn(m)
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	zero := "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	for name, b := range map[string][]byte{
		"empty":                nil,
		"half a file":          good[:len(good)/2],
		"another secret":       change(func(m map[string]any) { m["keys"].([]any)[0].(map[string]any)["secret"] = zero }),
		"another blind secret": change(func(m map[string]any) { m["blind"].(map[string]any)["secret"] = zero }),
		"unknown suite":        change(func(m map[string]any) { m["suite"] = "rot13" }),
		"no such active key":   change(func(m map[string]any) { m["active"] = "00000000" }),
		"no keys":              change(func(m map[string]any) { m["keys"] = []any{} }),
	} {
		if _, err := seal.FromBytes(b); !errors.Is(err, seal.ErrKeyFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	gm, err := seal.FromBytes(change(func(m map[string]any) { m["suite"] = "gm" }))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := k.Seal("f", "r", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := gm.Open("f", "r", sealed); err != nil || string(got) != "x" || !gm.Stale(sealed) {
		t.Errorf("a ring moved to 国密 no longer reads what it had: %q, %v", got, err)
	}
	if len(generate(t, seal.Standard).Missing(k.Marks())) != 2 {
		t.Error("a store's marks do not tell a foreign ring")
	}
}

func TestTheBlindIndexTellsFieldsAndKeysApart(t *testing.T) {
	t.Parallel()
	for name, suite := range suites {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := generate(t, suite)
			if k.Blind("f", "") != "" {
				t.Error("the empty value has a hash: rows without one would collide")
			}
			a := k.Blind("f", "13900000001")
			if a != k.Blind("f", "13900000001") || len(a) != 64 {
				t.Error("equal values are not found again")
			}
			if a == k.Blind("g", "13900000001") || a == generate(t, suite).Blind("f", "13900000001") {
				t.Error("two fields or two rings share hashes")
			}
		})
	}
}

func FuzzOpen(f *testing.F) {
	k := generate(f, seal.Standard)
	good, err := k.Seal("f", "r", []byte("secret"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte{})
	f.Add(good[:20])
	f.Fuzz(func(t *testing.T, b []byte) {
		plain, err := k.Open("f", "r", b)
		if err == nil && (!bytes.Equal(b, good) || string(plain) != "secret") {
			t.Fatalf("opened %x", b)
		}
		if err != nil && !errors.Is(err, seal.ErrBroken) && !errors.Is(err, seal.ErrWrongKey) {
			t.Fatal(err)
		}
		seal.KeyID(b)
		k.Stale(b)
	})
}

func BenchmarkSealOpen(b *testing.B) {
	for name, suite := range suites {
		b.Run(name, func(b *testing.B) {
			k := generate(b, suite)
			plain := []byte("330481********1234 浙江省海宁市许村镇前进村")
			for b.Loop() {
				s, err := k.Seal("f", "r", plain)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := k.Open("f", "r", s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
