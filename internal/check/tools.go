package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"linggong/internal/testserver"
)

// The oldest versions that work; the Makefile says the same to whoever runs.
const (
	oldestGoMinor = 26
	oldestNode    = 20
)

// tool is one thing that the checks need from the machine.
type tool struct {
	name     string
	packages []string // Debian's; empty when we must not choose for the owner
	find     func(ctx context.Context) (string, error)
}

func neededTools() []tool {
	return []tool{
		{name: "Go", find: findGo},
		{name: "Node", find: findNode},
		{name: "git", packages: []string{"git"}, find: program("git", "git")},
		{name: "a C compiler", packages: []string{"gcc", "libc6-dev"}, find: program("gcc", "gcc libc6-dev")},
		{name: "PostgreSQL", packages: []string{"postgresql"}, find: testserver.PostgresBin},
		{name: "Redis", packages: []string{"redis-tools"}, find: plain(testserver.RedisProgram)},
		{name: "Chromium", packages: []string{"chromium"}, find: plain(testserver.Chromium)},
		{name: "a Chinese font", packages: []string{"fonts-noto-cjk"}, find: plain(testserver.ChineseFont)},
	}
}

// checkTools finds every tool, installs the missing ones when it may, and
// counts each: present is passed, absent is failed and named in one sentence.
func checkTools(ctx context.Context, j *job) error {
	var missing []string
	for _, t := range neededTools() {
		if _, err := t.find(ctx); err != nil {
			missing = append(missing, t.packages...)
		}
	}
	if len(missing) > 0 {
		if err := install(ctx, j, missing); err != nil {
			j.problems = append(j.problems, err.Error())
		}
	}
	for _, t := range neededTools() {
		where, err := t.find(ctx)
		if err != nil {
			j.fault("%v", err)
			continue
		}
		fmt.Fprintf(j.log, "%s: %s\n", t.name, where)
		j.passed++
	}
	if path, err := testserver.Chromium(); err == nil {
		j.setenv(testserver.EnvChromium, path)
	}
	if len(missing) > 0 && j.failed == 0 {
		j.note = "installed " + strings.Join(missing, ", ")
	}
	return nil
}

// install asks the system's package manager, as root or through a sudo that
// asks nothing. Debian would also set up and start a PostgreSQL service; the
// checks want the programs only, so it is told not to.
func install(ctx context.Context, j *job, packages []string) error {
	if _, err := exec.LookPath("apt-get"); err != nil {
		return errors.New("there is no apt-get here to install what is missing; install it by hand")
	}
	argv := []string{"sh", "-c", installScript, "install"}
	if os.Geteuid() != 0 {
		if exec.CommandContext(ctx, "sudo", "-n", "true").Run() != nil {
			return errors.New("what is missing can only be installed by root; install it by hand or run once as root")
		}
		argv = append([]string{"sudo", "-n"}, argv...)
	}
	j.con.progress(j.step, "installing %s", strings.Join(packages, " "))
	argv = append(argv, packages...)
	return j.sh(ctx, command{}, argv[0], argv[1:]...)
}

const installScript = `
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.d/linggong-check.conf
clean=""
trap 'rm -f $clean' EXIT
if [ ! -e $policy ]; then
	clean="$clean $policy"
	printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy
fi
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
	clean="$clean $cluster"
	mkdir -p "${cluster%/*}" && echo 'create_main_cluster = false' >$cluster
fi
apt-get -q update || echo "the package lists could not be refreshed; trying with the old ones"
apt-get -q install -y --no-install-recommends "$@"
`

// plain adapts a finder that needs no context.
func plain(find func() (string, error)) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return find() }
}

// program finds a command in PATH.
func program(name, packages string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) {
		path, err := exec.LookPath(name)
		if err != nil {
			return "", &testserver.MissingError{What: name, Package: packages}
		}
		return path, nil
	}
}

func findGo(ctx context.Context) (string, error) {
	out, err := output(ctx, "go", "env", "GOVERSION")
	if err != nil {
		return "", errors.New("the go command is missing: see https://go.dev/doc/install")
	}
	if v := version(out); len(v) < 2 || v[0] < 1 || v[0] == 1 && v[1] < oldestGoMinor {
		return "", fmt.Errorf("go 1.%d or newer is needed, %s is here: see https://go.dev/doc/install", oldestGoMinor, out)
	}
	return out, nil
}

func findNode(ctx context.Context) (string, error) {
	out, err := output(ctx, "node", "--version")
	if err == nil {
		_, err = exec.LookPath("npm")
	}
	if err != nil {
		return "", fmt.Errorf("node %d or newer with npm is missing: see https://nodejs.org", oldestNode)
	}
	if v := version(out); len(v) == 0 || v[0] < oldestNode {
		return "", fmt.Errorf("node %d or newer is needed, %s is here: see https://nodejs.org", oldestNode, out)
	}
	return out, nil
}

var digits = regexp.MustCompile(`\d+`)

// version returns the numbers in a version's text: go1.26.8 → 1, 26, 8.
func version(text string) []int {
	var parts []int
	for _, d := range digits.FindAllString(text, -1) {
		n, err := strconv.Atoi(d)
		if err != nil {
			return parts
		}
		parts = append(parts, n)
	}
	return parts
}
