SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

LINT_VERSION := v2.12.0
LINT         := $(CURDIR)/bin/golangci-lint-$(LINT_VERSION)
NPM          := bench/compat/axios cmd/internal/openapi/testdata/npm examples/javascript
NODE_VERSION := 22.23.3
NODE_FITS    := const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)
PYTHON_NEEDS := import requests, cryptography
FUZZ_COUNT   := 2000x

# The linter's cache names files by where they were; two checkouts must not
# share it.
export GOLANGCI_LINT_CACHE := $(CURDIR)/bin/cache

# deps puts a newer Node.js there where the system's is too old.
export PATH := $(CURDIR)/bin/node/node_modules/.bin:$(PATH)

# each runs a command in the folder of every module that go.work ties together.
each = go list -m -f '{{.Dir}}' | while read -r dir; do (cd "$$dir" && echo "in .$${dir\#$(CURDIR)}: $(1)" && $(1)) || exit 1; done

.PHONY: help demo gen test fuzz lint check bench deps

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

demo: ## let a user sign five contracts on this machine
	go run ./cmd/wxpay demo

gen: ## make the files that are made from spec
	go run ./cmd/wxgen gen

test: deps fuzz ## run all tests with the race detector, the budgets without it, and the fuzz targets
	@$(call each,go test -race ./...)
	go test ./sign
	go test -run TestBudget ./bench

fuzz: ## run each fuzz target for a fixed count of inputs
	@go test -list '^Fuzz' ./... \
	| awk '/^Fuzz/ { name[++n] = $$1 } /^ok/ { for (i = 1; i <= n; i++) print $$2, name[i]; n = 0 }' \
	| while read -r package name; do \
		echo "$$package $$name $(FUZZ_COUNT)"; \
		go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZ_COUNT) "$$package" || exit 1; \
	done

lint: $(LINT) ## run golangci-lint on all modules
	@$(call each,$(LINT) run --config $(CURDIR)/.golangci.yml ./...)

check: lint ## see that everything is formatted, vetted, linted and freshly generated
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "not formatted: $$unformatted"; exit 1; fi
	@$(call each,go vet ./...)
	go run ./cmd/wxgen check

bench: ## measure: wxpay beside its peers, signatures, a cold build
	go test -run '^$$' -bench . ./sign ./seal ./spec ./emulator ./internal/house ./bench ./cmd/wxpay

deps: ## install what the tests need beside Go: Node.js, npm and its packages, Chromium, PHP, Python
	@need=; \
	command -v node >/dev/null && command -v npm >/dev/null || need="nodejs npm"; \
	command -v chromium >/dev/null || need="$$need chromium fonts-noto-cjk"; \
	php -r 'require "GuzzleHttp/autoload.php"; openssl_get_cipher_methods(); curl_version();' >/dev/null 2>&1 || need="$$need php-cli php-curl php-guzzlehttp-guzzle"; \
	python3 -c '$(PYTHON_NEEDS)' 2>/dev/null || /usr/bin/python3 -c '$(PYTHON_NEEDS)' 2>/dev/null || need="$$need python3 python3-requests python3-cryptography"; \
	if [ -z "$$need" ]; then \
		echo "deps: Node.js $$(node --version), npm $$(npm --version), chromium, PHP and Python are there"; \
	else \
		echo "deps: installing $$need with apt-get"; \
		as=; if [ "$$(id -u)" != 0 ]; then as=sudo; fi; \
		$$as apt-get update -q; \
		$$as apt-get install -y -q --no-install-recommends $$need; \
	fi
	@if node -e '$(NODE_FITS)'; then :; else \
		echo "deps: Node.js $$(node --version) is too old for the OpenAPI linter; installing $(NODE_VERSION) into bin/node"; \
		npm install --prefix bin/node --no-save --no-audit --no-fund --ignore-scripts "node-$$(node -p 'process.platform + "-" + process.arch')@$(NODE_VERSION)"; \
		bin/node/node_modules/.bin/node --version; \
	fi
	@for dir in $(NPM); do \
		if [ $$dir/node_modules/.package-lock.json -nt $$dir/package-lock.json ]; then \
			echo "deps: $$dir is there"; \
		else \
			echo "deps: installing into $$dir/node_modules"; \
			npm ci --prefix $$dir --no-audit --no-fund --ignore-scripts && touch $$dir/node_modules/.package-lock.json || exit 1; \
		fi; \
	done

$(LINT):
	@echo "lint: building golangci-lint $(LINT_VERSION) into bin"
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	mv bin/golangci-lint $@
