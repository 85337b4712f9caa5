package deploy_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sources is the text of a package's Go files, without its tests.
func sources(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no Go files in %s: %v", dir, err)
	}
	var text strings.Builder
	for _, f := range files {
		if !strings.HasSuffix(f, "_test.go") {
			text.WriteString(read(t, f))
		}
	}
	return text.String()
}

// A setting that the program does not know would silently do nothing.
func TestEverySettingNamedHereExists(t *testing.T) {
	t.Parallel()
	config := sources(t, "../internal/config")
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	setting := regexp.MustCompile(`LINGGONG_[A-Z0-9_]+`)
	for _, f := range files {
		if f.IsDir() || strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		for _, name := range setting.FindAllString(read(t, f.Name()), -1) {
			if name == "LINGGONG_TAG" { // of the image, read by compose
				continue
			}
			if !strings.Contains(config, `"`+name+`"`) {
				t.Errorf("%s names %s, which internal/config does not know", f.Name(), name)
			}
		}
	}
}

// Commands that the files start must exist, with their flags.
func TestEveryCommandStartedHereExists(t *testing.T) {
	t.Parallel()
	cli := sources(t, "../internal/cli")
	for _, word := range []string{"serve", "migrate", "doctor", "healthz", "backup", "restore", "reindex", "verify"} {
		if !regexp.MustCompile(`"` + word + `[" ]`).MatchString(cli) {
			t.Errorf("internal/cli has no command or flag %q, which deploy/ uses", word)
		}
	}
}

type dockerfile [][]string // instruction and its arguments, continuation lines joined

func parseDockerfile(text string) dockerfile {
	text = regexp.MustCompile(`(?m)^\s*#.*\n`).ReplaceAllString(text, "")
	text = strings.ReplaceAll(text, "\\\n", " ")
	var d dockerfile
	for line := range strings.SplitSeq(text, "\n") {
		if words := strings.Fields(line); len(words) > 0 {
			d = append(d, words)
		}
	}
	return d
}

func (d dockerfile) all(instruction string) [][]string {
	var found [][]string
	for _, words := range d {
		if words[0] == instruction {
			found = append(found, words[1:])
		}
	}
	return found
}

// last returns the arguments that count: those of the final stage.
func (d dockerfile) last(instruction string) string {
	all := d.all(instruction)
	if len(all) == 0 {
		return ""
	}
	return strings.Join(all[len(all)-1], " ")
}

func TestTheImageRunsWithoutRoot(t *testing.T) {
	t.Parallel()
	d := parseDockerfile(read(t, "Dockerfile"))
	uid, _, _ := strings.Cut(d.last("USER"), ":")
	if n, err := strconv.Atoi(uid); err != nil || n < 1000 {
		t.Errorf("USER %q: want a number of 1000 or more", d.last("USER"))
	}
	for _, from := range d.all("FROM") {
		if from[0] != "scratch" && (!strings.Contains(from[0], ":") || strings.HasSuffix(from[0], ":latest")) {
			t.Errorf("FROM %s names no version", from[0])
		}
	}
	for instruction, want := range map[string]string{
		"HEALTHCHECK": "doctor", "VOLUME": "/var/lib/linggong", "ENTRYPOINT": "/usr/bin/linggong",
		"CMD": "serve", "EXPOSE": "8080", "STOPSIGNAL": "SIGTERM",
	} {
		if got := d.last(instruction); !strings.Contains(got, want) {
			t.Errorf("%s is %q, want %s in it", instruction, got, want)
		}
	}
}

func TestTheImageIsBuiltFromWhatIsThere(t *testing.T) {
	t.Parallel()
	d := parseDockerfile(read(t, "Dockerfile"))
	ignored := read(t, "Dockerfile.dockerignore")
	for _, args := range d.all("COPY") {
		if slices.ContainsFunc(args, func(a string) bool { return strings.HasPrefix(a, "--from=") }) {
			continue
		}
		for _, source := range args[:len(args)-1] {
			if _, err := os.Stat(filepath.Join("..", source)); err != nil {
				t.Errorf("COPY %s: %v", source, err)
			}
			first, _, _ := strings.Cut(source, "/")
			if !strings.Contains(ignored, "\n!"+first+"\n") {
				t.Errorf("COPY %s: Dockerfile.dockerignore leaves it out", source)
			}
		}
	}
}

func TestTheImageIsBuiltWithOurGoAndNode(t *testing.T) {
	t.Parallel()
	d := parseDockerfile(read(t, "Dockerfile"))
	froms := map[string]string{}
	for _, from := range d.all("FROM") {
		name, tag, _ := strings.Cut(from[0], ":")
		froms[name] = tag
	}
	goVersion := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "../go.mod"))
	if len(goVersion) < 2 || !strings.HasPrefix(froms["golang"], goVersion[1]) {
		t.Errorf("golang:%s, but go.mod says %v", froms["golang"], goVersion)
	}
	var pkg struct {
		Engines struct {
			Node string `json:"node"`
		} `json:"engines"`
	}
	if err := json.Unmarshal([]byte(read(t, "../web/package.json")), &pkg); err != nil {
		t.Fatal(err)
	}
	oldest := regexp.MustCompile(`\d+`).FindString(pkg.Engines.Node)
	have := regexp.MustCompile(`^\d+`).FindString(froms["node"])
	if oldest == "" || have == "" || atoi(t, have) < atoi(t, oldest) {
		t.Errorf("node:%s, but web/package.json wants %s", froms["node"], pkg.Engines.Node)
	}
}

func atoi(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

type composeFile struct {
	Services map[string]composeService `yaml:"services"`
	Volumes  map[string]any            `yaml:"volumes"`
	Networks map[string]struct {
		Internal bool `yaml:"internal"`
	} `yaml:"networks"`
}

type composeService struct {
	Image       string            `yaml:"image"`
	User        string            `yaml:"user"`
	Privileged  bool              `yaml:"privileged"`
	ReadOnly    bool              `yaml:"read_only"`
	CapDrop     []string          `yaml:"cap_drop"`
	SecurityOpt []string          `yaml:"security_opt"`
	Restart     string            `yaml:"restart"`
	Ports       []string          `yaml:"ports"`
	Volumes     []string          `yaml:"volumes"`
	Environment map[string]string `yaml:"environment"`
	Networks    yaml.Node         `yaml:"networks"`
	DependsOn   map[string]struct {
		Condition string `yaml:"condition"`
	} `yaml:"depends_on"`
	Healthcheck struct {
		Test    []string `yaml:"test"`
		Disable bool     `yaml:"disable"`
	} `yaml:"healthcheck"`
}

// networks are given as a list, or as a map with options.
func (s composeService) networks() []string {
	var names []string
	for i, n := range s.Networks.Content {
		if s.Networks.Kind == yaml.SequenceNode || i%2 == 0 {
			names = append(names, n.Value)
		}
	}
	return names
}

func compose(t *testing.T) composeFile {
	t.Helper()
	var c composeFile
	if err := yaml.Unmarshal([]byte(read(t, "compose.yaml")), &c); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"proxy", "linggong", "postgres", "redis", "meilisearch"} {
		if _, ok := c.Services[name]; !ok {
			t.Fatalf("compose.yaml has no service %s", name)
		}
	}
	return c
}

func TestEveryContainerIsLockedDown(t *testing.T) {
	t.Parallel()
	for name, s := range compose(t).Services {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if s.Privileged || !s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
				t.Error("want read_only, cap_drop ALL, no-new-privileges and no privileges")
			}
			if !strings.Contains(s.Image, ":") || strings.HasSuffix(s.Image, ":latest") {
				t.Errorf("image %q names no version", s.Image)
			}
			if len(s.Healthcheck.Test) == 0 && !s.Healthcheck.Disable {
				t.Error("no healthcheck")
			}
			if s.Restart == "" {
				t.Error("no restart policy")
			}
		})
	}
}

func TestOnlyTheProxyIsReachable(t *testing.T) {
	t.Parallel()
	c := compose(t)
	for name, s := range c.Services {
		for _, port := range s.Ports {
			if name != "proxy" || port != "80:80" && port != "443:443" {
				t.Errorf("%s publishes %s", name, port)
			}
		}
	}
	for _, store := range []string{"postgres", "redis", "meilisearch"} {
		for _, network := range c.Services[store].networks() {
			if !c.Networks[network].Internal {
				t.Errorf("%s is on %s, which reaches outside", store, network)
			}
		}
	}
}

func TestWhatComposeNamesIsDefined(t *testing.T) {
	t.Parallel()
	c := compose(t)
	for name, s := range c.Services {
		for _, v := range s.Volumes {
			source, _, _ := strings.Cut(v, ":")
			if strings.HasPrefix(source, "./") {
				if _, err := os.Stat(source); err != nil {
					t.Errorf("%s mounts %s: %v", name, source, err)
				}
			} else if _, ok := c.Volumes[source]; !ok {
				t.Errorf("%s mounts volume %s, which is not declared", name, source)
			}
		}
		if len(s.networks()) == 0 {
			t.Errorf("%s names no network", name)
		}
		for _, network := range s.networks() {
			if _, ok := c.Networks[network]; !ok {
				t.Errorf("%s is on network %s, which is not declared", name, network)
			}
		}
		for other, d := range s.DependsOn {
			target, ok := c.Services[other]
			if !ok {
				t.Errorf("%s waits for %s, which is not there", name, other)
			}
			if d.Condition == "service_healthy" && target.Healthcheck.Disable {
				t.Errorf("%s waits for %s to be healthy, which is never asked", name, other)
			}
		}
	}
}

func TestNoSecretStandsInTheFiles(t *testing.T) {
	t.Parallel()
	example := read(t, ".env.example")
	for name, s := range compose(t).Services {
		for key, value := range s.Environment {
			if regexp.MustCompile(`PASSWORD|KEY$|SECRET|_URL`).MatchString(key) &&
				regexp.MustCompile(`PASSWORD|KEY$|SECRET|@`).MatchString(key+value) && !strings.Contains(value, ":?") {
				t.Errorf("%s: %s must come from .env, with ${…:?…}", name, key)
			}
		}
	}
	for _, m := range regexp.MustCompile(`\$\{([A-Z_]+)`).FindAllStringSubmatch(read(t, "compose.yaml"), -1) {
		if !regexp.MustCompile(`(?m)^#?` + m[1] + `=`).MatchString(example) {
			t.Errorf(".env.example does not name %s", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^([A-Z_]*(?:PASSWORD|KEY))=(.+)$`).FindAllStringSubmatch(example, -1) {
		t.Errorf(".env.example gives a value to %s: somebody would keep it", m[1])
	}
}

// A forwarded address is believed only from where the proxy really is.
func TestTheProgramBelievesOnlyTheProxy(t *testing.T) {
	t.Parallel()
	c := compose(t)
	address := c.Services["linggong"].Environment["LINGGONG_PROXIES"]
	if address == "" || !strings.Contains(read(t, "compose.yaml"), "ipv4_address: "+address) {
		t.Errorf("LINGGONG_PROXIES is %q, which is not the proxy's address", address)
	}
	if c.Services["linggong"].Environment["LINGGONG_SECURE"] != "true" {
		t.Error("behind TLS the cookies must be kept to TLS")
	}
	caddy := read(t, "Caddyfile")
	if !strings.Contains(caddy, "reverse_proxy linggong:8080") || strings.Count(caddy, "{") != strings.Count(caddy, "}") {
		t.Error("Caddyfile: want reverse_proxy linggong:8080 and balanced braces")
	}
}

func TestTheUnitIsHardenedAndValid(t *testing.T) {
	t.Parallel()
	unit := map[string][]string{}
	section := regexp.MustCompile(`^\[(Unit|Service|Install)\]$`)
	for line := range strings.SplitSeq(read(t, "linggong.service"), "\n") {
		key, value, ok := strings.Cut(line, "=")
		switch {
		case line == "" || strings.HasPrefix(line, "#") || section.MatchString(line):
		case !ok:
			t.Errorf("not a setting: %q", line)
		default:
			unit[key] = append(unit[key], value)
		}
	}
	for key, want := range map[string]string{
		"User": "linggong", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes",
		"PrivateTmp": "yes", "CapabilityBoundingSet": "", "StateDirectory": "linggong", "UMask": "0077",
		"EnvironmentFile": "-/etc/linggong/linggong.env", "ExecStart": "/usr/bin/linggong serve", "WantedBy": "multi-user.target",
	} {
		if !slices.Contains(unit[key], want) {
			t.Errorf("%s is %q, want %q", key, unit[key], want)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("systemd-analyze is not here: the unit was only read")
		return
	}
	// The program and its account are not on this machine; all else is checked.
	text := strings.NewReplacer("/usr/bin/linggong serve", "/bin/true",
		"User=linggong\n", "", "Group=linggong\n", "").Replace(read(t, "linggong.service"))
	copied := filepath.Join(t.TempDir(), "linggong.service")
	if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), analyze, "verify", "--man=no", "--recursive-errors=no", copied).CombinedOutput()
	if err != nil || strings.Contains(string(out), "linggong.service:") {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}
