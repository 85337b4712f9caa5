package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linggong/internal/errs"
)

func from(env map[string]string) (Config, error) { return fromFile("", env) }

func fromFile(file string, env map[string]string) (Config, error) {
	var list []string
	for k, v := range env {
		list = append(list, k+"="+v)
	}
	return load(file, func(k string) (string, bool) { v, ok := env[k]; return v, ok }, list)
}

func TestNothingSetWorks(t *testing.T) {
	t.Parallel()
	c, err := from(nil)
	if err != nil || c.Addr != "127.0.0.1:8080" || c.Database() != "sqlite://var/linggong.db" {
		t.Fatalf("%+v, %v", c, err)
	}
}

func TestAWrongSettingIsNamed(t *testing.T) {
	t.Parallel()
	for name, env := range map[string]map[string]string{
		"a misspelt name":   {"LINGGONG_DATABSE_URL": "postgres://x"},
		"a wrong scheme":    {"LINGGONG_DATABASE_URL": "mysql://x"},
		"no port":           {"LINGGONG_ADDR": "localhost"},
		"no number":         {"LINGGONG_MAX_CONNS": "many"},
		"a level of no one": {"LINGGONG_LOG_LEVEL": "loud"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := from(env)
			e, ok := errors.AsType[*errs.Error](err)
			if !ok || len(e.Fields) != 1 || env[e.Fields[0].Name] == "" {
				t.Fatalf("got %v", err)
			}
		})
	}
}

func TestTheEnvironmentWinsOverTheFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(file, []byte("addr: 127.0.0.1:1\nlog_level: warn\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := fromFile(file, map[string]string{"LINGGONG_ADDR": "127.0.0.1:2"})
	if err != nil || c.Addr != "127.0.0.1:2" || c.LogLevel != "warn" {
		t.Fatalf("%+v, %v", c, err)
	}
	if err := os.WriteFile(file, []byte("adr: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := fromFile(file, nil); !errors.Is(err, ErrInvalid) {
		t.Fatalf("an unknown setting in the file: %v", err)
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	t.Parallel()
	c, err := from(map[string]string{"LINGGONG_DATABASE_URL": "postgres://u:hunter2@h/db", "LINGGONG_MEILI_KEY": "hunter2"})
	if err != nil {
		t.Fatal(err)
	}
	if s := fmt.Sprintf("%v %+v %s", c, c, c.Describe()); strings.Contains(s, "hunter2") {
		t.Fatal(s)
	}
}
