# Sayso: everything one does with it. `make` alone says what there is.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

TEMPL    := github.com/a-h/templ/cmd/templ@v0.3.977
LINTER   := v2.15.0
FUZZTIME ?= 30s
FUZZJOBS ?= 2
BENCH    ?= .
CHROMIUM ?= /usr/bin/chromium-headless-shell

# The race detector needs cgo, and cgo a C compiler.
RACE := $(if $(filter 1,$(shell go env CGO_ENABLED)),-race)

# sudo, where we are not root.
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: help run test test-mongo e2e lint generate assets bench fuzz pictures sbom check clean \
	lint-format lint-go lint-generated lint-tidy lint-shell

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start a demonstration with made-up answers
	go run ./app demo

test: ## run all Go tests, with the race detector
	@$(if $(RACE),,echo '*** cgo is missing, so the tests run WITHOUT the race detector: install a C compiler ***' >&2)
	go test $(RACE) -shuffle=on -timeout 30m -json ./... | go run ./internal/skips .ci/skips

test-mongo: ## run the store's tests on FerretDB, or on SAYSO_TEST_MONGODB_URI (a replica set)
ifdef SAYSO_TEST_MONGODB_URI
	{ go test $(RACE) -count=1 -json ./internal/store/mongo/...; go test $(RACE) -count=1 -json -run '^TestMongo' ./app; } | go run ./internal/skips
else
	internal/store/ferretdb/run $(RACE) -count=1 -json | go run ./internal/skips .ci/skips-ferretdb
endif

e2e: $(CHROMIUM) e2e/node_modules bin/sayso ## run the browser tests against the real program
	cd e2e && npm test

pictures: $(CHROMIUM) e2e/node_modules bin/sayso ## draw the pictures of the README
	cd e2e && node pictures.mjs ../docs/pictures

lint: lint-format lint-go lint-generated lint-tidy lint-shell ## check form, borders between packages, and what is generated

lint-format:
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { printf 'not as gofmt writes it:\n%s\n' "$$unformatted"; exit 1; }

lint-go: bin/golangci-lint-$(LINTER)
	go vet ./...
	$< run ./...

lint-generated:
	@before=$$(cat internal/web/view/*_templ.go | cksum); $(MAKE) generate; \
	[ "$$before" = "$$(cat internal/web/view/*_templ.go | cksum)" ] || { echo 'the pages were not generated anew: they are now'; exit 1; }

lint-tidy:
	go mod tidy -diff

lint-shell:
ifneq ($(shell command -v shellcheck),)
	git grep -lzE '^#!/(usr/)?bin/(env )?(ba)?sh' | xargs -0 shellcheck
else
	@echo '*** shellcheck is missing, so the scripts are not checked ***' >&2
endif

generate: ## write the Go code of the pages (templ)
	go run $(TEMPL) generate -log-level warn

assets: ## build style sheets, fonts and pictures into static/
	cd assets && npm ci && npm run build

bench: ## measure what is promised; BENCH=pattern chooses
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

fuzz: ## try every fuzz target for FUZZTIME, FUZZJOBS of them side by side
	@targets=$$(for package in $$(go list ./...); do go test -list '^Fuzz' $$package | awk -v package=$$package '/^Fuzz/ { print package, $$1 }'; done); \
	[ -n "$$targets" ] || { echo 'no fuzz target found'; exit 1; }; \
	xargs -P $(FUZZJOBS) -L 1 .ci/fuzz $(FUZZTIME) <<<"$$targets"

sbom: bin/sayso ## write what the program is made of (CycloneDX) to dist/sbom.cdx.json
	mkdir -p dist
	go run ./internal/sbom bin/sayso >dist/sbom.cdx.json

check: test lint test-mongo e2e fuzz ## run everything that CI runs

clean: ## remove what was built
	rm -rf bin dist e2e/out e2e/node_modules assets/node_modules

.PHONY: bin/sayso
bin/sayso:
	go build -o $@ ./app

bin/golangci-lint-$(LINTER):
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINTER)
	mv bin/golangci-lint $@

e2e/node_modules: e2e/package-lock.json
	cd e2e && npm ci
	touch $@

$(CHROMIUM):
	@[ -z "$(SUDO)" ] || command -v sudo >/dev/null || { echo 'Chromium is missing: install it, or set CHROMIUM to where it is'; exit 1; }
	$(SUDO) apt-get update
	$(SUDO) apt-get install --yes --no-install-recommends chromium-headless-shell
