// Package config is the one place that reads the environment. The empty
// configuration works: everything embedded, everything under ./var.
package config

import (
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"linggong/internal/errs"
)

// ErrInvalid says the configuration cannot be used; its fields say why.
var ErrInvalid = errs.New(errs.Invalid, "config_invalid", "配置有误", "The configuration is not valid.")

// Secret is a value that never prints.
type Secret string

// String hides the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// Config is everything an operator can set.
type Config struct {
	Addr        string `yaml:"addr"`         // LINGGONG_ADDR: where to serve
	Data        string `yaml:"data"`         // LINGGONG_DATA: folder of the embedded stores and the key file
	DatabaseURL Secret `yaml:"database_url"` // LINGGONG_DATABASE_URL: postgres://… ; empty is SQLite under Data
	RedisURL    Secret `yaml:"redis_url"`    // LINGGONG_REDIS_URL: redis://… ; empty is in process
	MeiliURL    string `yaml:"meili_url"`    // LINGGONG_MEILI_URL: http://… ; empty is the database's own full text
	MeiliKey    Secret `yaml:"meili_key"`    // LINGGONG_MEILI_KEY
	FilesURL    string `yaml:"files_url"`    // LINGGONG_FILES_URL: file:///path ; empty is Data/files
	KeyFile     string `yaml:"key_file"`     // LINGGONG_KEY_FILE: key ring of the sealed fields; empty is Data/keys.json
	Secure      bool   `yaml:"secure"`       // LINGGONG_SECURE: cookies over TLS only
	LogLevel    string `yaml:"log_level"`    // LINGGONG_LOG_LEVEL: debug, info, warn, error
	MaxConns    int    `yaml:"max_conns"`    // LINGGONG_MAX_CONNS: PostgreSQL pool; 12
	Proxies     string `yaml:"proxies"`      // LINGGONG_PROXIES: addresses whose X-Forwarded-For is believed, comma-separated
}

// Default returns the configuration of the first hour.
func Default() Config {
	return Config{Addr: "127.0.0.1:8080", Data: "./var", LogLevel: "info", MaxConns: 12}
}

// settings binds each variable to its field.
func (c *Config) settings() map[string]func(string) error {
	text := func(p *string) func(string) error { return func(v string) error { *p = v; return nil } }
	secret := func(p *Secret) func(string) error { return func(v string) error { *p = Secret(v); return nil } }
	return map[string]func(string) error{
		"LINGGONG_ADDR":         text(&c.Addr),
		"LINGGONG_DATA":         text(&c.Data),
		"LINGGONG_DATABASE_URL": secret(&c.DatabaseURL),
		"LINGGONG_REDIS_URL":    secret(&c.RedisURL),
		"LINGGONG_MEILI_URL":    text(&c.MeiliURL),
		"LINGGONG_MEILI_KEY":    secret(&c.MeiliKey),
		"LINGGONG_FILES_URL":    text(&c.FilesURL),
		"LINGGONG_KEY_FILE":     text(&c.KeyFile),
		"LINGGONG_LOG_LEVEL":    text(&c.LogLevel),
		"LINGGONG_PROXIES":      text(&c.Proxies),
		"LINGGONG_SECURE": func(v string) (err error) {
			if c.Secure, err = strconv.ParseBool(v); err != nil {
				return errors.New("应为 true 或 false")
			}
			return nil
		},
		"LINGGONG_MAX_CONNS": func(v string) (err error) {
			if c.MaxConns, err = strconv.Atoi(v); err != nil {
				return errors.New("应为整数")
			}
			return nil
		},
	}
}

// Load reads file, when one is named, and then the environment over it.
func Load(file string) (Config, error) {
	return load(file, os.LookupEnv, os.Environ())
}

func load(file string, lookup func(string) (string, bool), environ []string) (Config, error) {
	c := Default()
	if file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return c, ErrInvalid.With(err).On(file, "unreadable", "读不到配置文件")
		}
		dec := yaml.NewDecoder(strings.NewReader(string(b)))
		dec.KnownFields(true)
		if err := dec.Decode(&c); err != nil {
			return c, ErrInvalid.On(file, "yaml", "不是有效的 YAML，或有不认识的设置："+firstLine(err.Error()))
		}
	}
	settings := c.settings()
	bad := ErrInvalid
	for name, set := range settings {
		if v, ok := lookup(name); ok {
			if err := set(v); err != nil {
				bad = bad.On(name, "invalid", err.Error())
			}
		}
	}
	for _, kv := range environ { // a misspelt setting must not be silently without effect
		name, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(name, "LINGGONG_") && settings[name] == nil &&
			!strings.HasPrefix(name, "LINGGONG_TEST_") && !strings.HasPrefix(name, "LINGGONG_E2E_") {
			bad = bad.On(name, "unknown", "不认识的设置")
		}
	}
	if len(bad.Fields) > 0 {
		return c, sorted(bad)
	}
	return c, c.Validate()
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func sorted(e *errs.Error) *errs.Error {
	sort.Slice(e.Fields, func(i, j int) bool { return e.Fields[i].Name < e.Fields[j].Name })
	return e
}

// Validate says what cannot work.
func (c Config) Validate() error {
	bad := ErrInvalid
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		bad = bad.On("LINGGONG_ADDR", "invalid", "应为 地址:端口，例如 127.0.0.1:8080")
	}
	if c.Data == "" {
		bad = bad.On("LINGGONG_DATA", "empty", "需要一个数据目录")
	}
	scheme := func(name, v string, allowed ...string) {
		if v == "" {
			return
		}
		for _, a := range allowed {
			if strings.HasPrefix(v, a+"://") {
				return
			}
		}
		bad = bad.On(name, "scheme", "应以 "+strings.Join(allowed, ":// 或 ")+":// 开头")
	}
	scheme("LINGGONG_DATABASE_URL", string(c.DatabaseURL), "postgres", "postgresql", "sqlite")
	scheme("LINGGONG_REDIS_URL", string(c.RedisURL), "redis", "rediss", "unix")
	scheme("LINGGONG_MEILI_URL", c.MeiliURL, "http", "https")
	scheme("LINGGONG_FILES_URL", c.FilesURL, "file")
	switch c.LogLevel {
	case "debug", "info", "warn", "error":
	default:
		bad = bad.On("LINGGONG_LOG_LEVEL", "invalid", "应为 debug、info、warn 或 error")
	}
	if c.MaxConns < 1 || c.MaxConns > 500 {
		bad = bad.On("LINGGONG_MAX_CONNS", "range", "应在 1 与 500 之间")
	}
	if len(bad.Fields) > 0 {
		return sorted(bad)
	}
	return nil
}

// Database returns the address of the database in force.
func (c Config) Database() string {
	if c.DatabaseURL != "" {
		return string(c.DatabaseURL)
	}
	return "sqlite://" + filepath.Join(c.Data, "linggong.db")
}

// DatabaseHost names the database's machine, without who signs in there.
func (c Config) DatabaseHost() string {
	u, err := url.Parse(c.Database())
	if err != nil || u.Host == "" {
		return "SQLite"
	}
	return u.Host
}

// Keys returns the path of the key ring.
func (c Config) Keys() string {
	if c.KeyFile != "" {
		return c.KeyFile
	}
	return filepath.Join(c.Data, "keys.json")
}

// Files returns the folder of the files.
func (c Config) Files() string {
	if p, ok := strings.CutPrefix(c.FilesURL, "file://"); ok {
		return p
	}
	return filepath.Join(c.Data, "files")
}

// Describe lists what is in force, without secrets, for `linggong doctor`.
func (c Config) Describe() [][2]string {
	kind := "SQLite"
	if strings.HasPrefix(c.Database(), "postgres") {
		kind = "PostgreSQL"
	}
	or := func(set bool, yes, no string) string {
		if set {
			return yes
		}
		return no
	}
	return [][2]string{
		{"addr", c.Addr},
		{"data", c.Data},
		{"database", kind},
		{"cache", or(c.RedisURL != "", "Redis", "in process")},
		{"search", or(c.MeiliURL != "", "Meilisearch "+c.MeiliURL, "the database's full text")},
		{"files", c.Files()},
		{"keys", c.Keys()},
		{"secure cookies", strconv.FormatBool(c.Secure)},
		{"log level", c.LogLevel},
	}
}
