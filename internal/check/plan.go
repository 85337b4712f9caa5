package main

import "time"

// plan is every check, in the order in which they start when nothing holds
// them up: what others wait for comes first, the browser tests come last and
// alone, because they watch the clock.
func plan() []*step {
	return []*step{
		{
			name: "tools", does: "what the checks need is installed, or installed now",
			limit: 15 * time.Minute, run: checkTools,
		},
		{
			name: "lint tool", does: "build golangci-lint (a minute and a half the first time)",
			limit: 10 * time.Minute, run: buildLinter,
		},
		{name: "web install", does: "npm ci, when package-lock.json has changed", limit: 10 * time.Minute, run: webInstall},
		{name: "format", does: "gofmt", run: checkFormat},
		{name: "servers", does: "private PostgreSQL and Redis", after: []string{"tools"}, run: startServers},
		{name: "web build", does: "the browser apps", needs: []string{"web install"}, run: webBuild},
		{
			name: "go tests", does: "every Go test, with the race detector, in random order",
			after: []string{"servers", "web build"}, limit: 40 * time.Minute, run: goTests,
		},
		{
			name: "plain go tests", does: "those that take minutes under the race detector, without it",
			after: []string{"go tests"}, run: plainGoTests,
		},
		{name: "web types", does: "vue-tsc", needs: []string{"web install"}, run: webTypes},
		{name: "web units", does: "vitest", needs: []string{"web install"}, run: webUnits},
		{name: "vet", does: "go vet", after: []string{"web build"}, run: goVet},
		{
			name: "lint", does: "golangci-lint", needs: []string{"lint tool"}, after: []string{"web build"},
			limit: 10 * time.Minute, run: lint,
		},
		{
			name: "generated", does: "OpenAPI document and TypeScript types are what the program says",
			needs: []string{"web install"}, after: []string{"web build"}, run: generated,
		},
		{name: "binary", does: "the program with its browser apps inside", needs: []string{"web build"}, run: buildBinary},
		{
			name: "browser tests", does: "the journeys in a real browser against the built program",
			needs: []string{"binary"}, after: []string{"tools", "go tests", "plain go tests"}, alone: true,
			limit: 15 * time.Minute, run: browserTests,
		},
	}
}
