# 零工通 Linggong. Two commands matter: `make run` and `make test`.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.PHONY: help run build test fmt lint gen bench bench-book bench-match bench-search torture torture-planted clean web need need-go need-node need-git

# Build what the folder holds, not what git says, so that a plain copy works too.
export GOFLAGS ?= -buildvcs=false
LINT := go tool -modfile=tools.mod golangci-lint

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: build ## build everything and start the demo city on 127.0.0.1:8080
	@exec var/bin/linggong demo

build: need web ## build the browser apps and the program, var/bin/linggong
	CGO_ENABLED=0 go build -trimpath -o var/bin/linggong ./cmd/linggong

test: need-go ## run every check; ONLY="go tests" runs one, `make test ONLY=?` lists them
	@go build -o var/bin/check ./internal/check
	@exec var/bin/check $(if $(filter ?,$(ONLY)),-list,$(if $(ONLY),-only "$(ONLY)"))

fmt: need-go ## format the Go code
	$(LINT) fmt

lint: need-go ## run golangci-lint (its first build takes a minute and a half)
	$(LINT) run ./...

gen: need-go web/node_modules ## write api/openapi.json and the web's types from the program
	go run -tags=noweb ./cmd/linggong openapi >var/openapi.json
	mv var/openapi.json api/openapi.json
	cd web && node_modules/.bin/openapi-typescript ../api/openapi.json -o src/api/schema.d.ts

bench: need-go ## run every benchmark, into var/bench.txt
	@mkdir -p var
	go test -run '^$$' -bench . -benchmem ./... >var/bench.txt || { cat var/bench.txt; exit 1; }
	@grep -E '^(pkg:|cpu:|Benchmark)' var/bench.txt || echo "no benchmark yet"

bench-match: need-go ## measure matching: full graphs as they double, listed and dense problems, one change (LEMON beside it where it is installed)
	go test -run '^$$' -bench 'Greedy|Dense|Pool|Explicit|Change' -benchtime 3x -timeout 60m ./internal/matching/assign

bench-search: need-go ## measure search through HTTP beside the engine alone: 100,000 postings, 300,000 workers, both databases (about 25 minutes)
	@mkdir -p var
	LINGGONG_TEST_SEARCH_POSTINGS=$${POSTINGS:-100000} LINGGONG_TEST_SEARCH_WORKERS=$${WORKERS:-300000} \
	LINGGONG_TEST_SEARCH_SAMPLES=$${SAMPLES:-10000} LINGGONG_TEST_SEARCH_FRESH=$${FRESH:-1500} \
	LINGGONG_TEST_TITLES=$(if $(TITLES),$(abspath $(TITLES))) go test -tags=noweb -count=1 -timeout 120m -v -run HowFast ./internal/app/searchbench | tee var/bench-search.txt
	@grep -q '^ok' var/bench-search.txt

bench-book: need-go ## measure booking through HTTP beside the same rows written by pgbench, and on SQLite at FULL (about 10 minutes)
	@mkdir -p var
	LINGGONG_TEST_BOOK_WORKERS=$${WORKERS:-20000} LINGGONG_TEST_BOOK_PAIRS=$${PAIRS:-9} LINGGONG_TEST_BOOK_SECONDS=$${SECONDS_EACH:-4} \
	LINGGONG_TEST_BOOK_CLIENTS=$${CLIENTS:-64} go test -tags=noweb -count=1 -timeout 60m -v -parallel 1 ./internal/app/bookbench | tee var/bench-book.txt

torture: need-go ## break everything around the program 400 times under load, and compare what it said with what it kept (20 minutes; SEED=n makes the same faults)
	LINGGONG_TEST_TORTURE=$${ROUNDS:-400} LINGGONG_TEST_SEED=$(SEED) go test -tags=noweb -count=1 -timeout 120m -v -run 'NothingAcknowledged' ./internal/torture

torture-planted: need-go ## plant each known mistake in a copy of the program, and show that the torture finds it
	LINGGONG_TEST_PLANTED=all go test -tags=noweb -count=1 -timeout 60m -v -run Planted ./internal/torture

clean: ## remove what was built; the data of the demo stays
	rm -rf var/bin var/check web/node_modules web/dist/assets web/dist/*.html

# The browser apps, built again when a source is newer than the last build.
web: web/node_modules
	@if [ ! -f web/dist/index.html ] || [ ! -f web/node_modules/.built ] || [ -n "$$(find web \
		\( -path web/node_modules -o -path web/dist -o -path web/e2e \) -prune -o \
		-newer web/node_modules/.built -print | head -n 1)" ]; then \
		(cd web && npm run build) && touch web/node_modules/.built; \
	fi

# Installed exactly as package-lock.json says; the copy inside is the proof.
.PHONY: web/node_modules
web/node_modules: need-node
	@mkdir -p var
	@cmp -s web/package-lock.json web/node_modules/.installed-lock.json || { \
		(cd web && npm ci --no-audit --no-fund) && \
		cp web/package-lock.json web/node_modules/.installed-lock.json; }

need: need-go need-node need-git

need-go:
	@command -v go >/dev/null || { echo "Go 1.26 or newer is missing: see https://go.dev/doc/install"; exit 1; }
	@go env GOVERSION | awk -F '[go.]+' '{ if ($$2 < 1 || ($$2 == 1 && $$3 < 26)) { \
		print "Go 1.26 or newer is needed, " $$0 " is here: see https://go.dev/doc/install"; exit 1 } }'

need-node:
	@command -v node >/dev/null && command -v npm >/dev/null || { \
		echo "Node 20 or newer with npm is missing: see https://nodejs.org"; exit 1; }
	@node --version | awk -F '[v.]' '{ if ($$2 < 20) { \
		print "Node 20 or newer is needed, " $$0 " is here: see https://nodejs.org"; exit 1 } }'

need-git:
	@command -v git >/dev/null || { echo "git is missing: apt-get install git"; exit 1; }
