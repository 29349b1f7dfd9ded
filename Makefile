SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE :=  # modules are compiled once, when they are first imported
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-annotate --no-header \
    --no-emit-package daybook-protos --quiet

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.venv/ready: requirements.lock pyproject.toml protos/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Daybook needs Python 3.11 or later: make PYTHON=python3.11 ..."; exit 1; }
	@echo "setup 1/4: a virtual environment in .venv"
	@$(PYTHON) -m venv .venv
	@echo "setup 2/4: $$(grep -c == requirements.lock) packages of requirements.lock, which takes some minutes"
	@$(BIN)/pip install -qq --no-compile --require-hashes --no-deps -r requirements.lock
	@echo "setup 3/4: daybook and its contracts"
	@$(BIN)/pip install -qq --no-deps --no-build-isolation -e protos -e .
	@echo "setup 4/4: the embedded MongoDB"
	@$(BIN)/python -m services.cli.mongod --check
	@touch $@

.venv/bench: .venv/ready benchmarks/requirements.lock
	$(BIN)/pip install --quiet --no-compile --require-hashes --no-deps -r benchmarks/requirements.lock
	@touch $@

.PHONY: setup
setup: .venv/ready ## Make .venv with everything in it

.PHONY: lock
lock: setup ## Pin the dependencies anew: requirements.lock, that of images, that of benchmarks
	$(BIN)/pip install --quiet uv
	$(COMPILE) --group dev --extra embedded --extra dask --upgrade --output-file requirements.lock
	$(COMPILE) --constraint requirements.lock --output-file requirements-production.lock
	$(COMPILE) --extra dask --constraint requirements.lock --output-file requirements-dask.lock
	$(COMPILE) --group bench --extra embedded --extra dask --constraint requirements.lock --output-file benchmarks/requirements.lock

.PHONY: demo
demo: setup ## Run the main job: a small fleet, a trips report, five files in demo-output/
	$(BIN)/python -m services.cli.demo

.PHONY: up
up: setup ## Start MongoDB and the three services; Ctrl-C stops them
	$(BIN)/daybook up

.PHONY: page
page: setup ## Start the same with a demo account and print how to look at its reports in a browser
	$(BIN)/daybook up --demo

.PHONY: test
test: setup ## Run all tests
	$(BIN)/pytest

.PHONY: test-fast
test-fast: setup ## Run the unit tests that take no time, with few examples, in under a minute
	$(BIN)/pytest tests/unit -m "not slow" --hypothesis-profile fast

.PHONY: properties
properties: setup ## Search the laws of properties for a counterexample with 1,000 new examples of each
	$(BIN)/pytest -m hypothesis --hypothesis-profile search --timeout 0

.PHONY: words
words: setup ## Bring the page's catalogues up to date: new words at their places, without a translation
	$(BIN)/python -m tests.builders.page_words

.PHONY: golden
golden: setup ## Write the golden files of the formats anew, to be reviewed as a diff
	$(BIN)/python -m tests.golden

.PHONY: chaos
chaos: setup ## Break two stacks under load for 10 rounds each, and deliveries: nothing may be lost or doubled
	$(BIN)/python -m tests.chaos --rounds 10
	$(BIN)/python -m tests.chaos --rounds 10 --stack up
	$(BIN)/python -m tests.chaos.deliveries
	$(BIN)/python -m tests.chaos.deliveries --in-doubt hold
	$(BIN)/python -m tests.chaos.deliveries --gently
	$(BIN)/python -m tests.chaos.deliveries --load

.PHONY: soak
soak: setup ## Load `daybook up` for 30 minutes: nothing may be lost, the memory of each process stays flat
	$(BIN)/python -m tests.chaos --soak 30

.PHONY: bench
bench: .venv/bench ## Measure against references and write benchmarks/README.md
	$(BIN)/python -m benchmarks

.PHONY: load
load: .venv/bench ## Put a stack under the load of 200 clients for 3 minutes and write benchmarks/README.md
	$(BIN)/python -m benchmarks.load

.PHONY: fuzz
fuzz: setup ## Send 200,000 odd requests and 50,000 calls to a running stack and judge every answer
	$(BIN)/python -m tests.fuzz

VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
CONTEXT := Dockerfile .dockerignore docker-compose.yml pyproject.toml README.md NOTICE CHANGELOG.md \
    requirements.lock requirements-production.lock requirements-dask.lock protos services gateway docs

.PHONY: vendor
vendor: setup ## Fetch the files of others in gateway/web/vendor anew (needs npm) and write their digests
	$(BIN)/python -m gateway.web.vendor

.PHONY: wheels
wheels: setup
	rm -rf dist build protos/build
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist ./protos .
	rm -rf build protos/build

.PHONY: dist
dist: wheels ## Build the wheels and the image's context in dist/, and try the wheels in an empty environment
	tar --create --gzip --file dist/daybook-$(VERSION)-image.tar.gz --transform 's,^,daybook-$(VERSION)/,' \
	    --exclude __pycache__ --exclude '*.egg-info' $(CONTEXT)
	$(PYTHON) -m venv dist/try
	dist/try/bin/pip install --quiet --require-hashes --no-deps --requirement requirements-production.lock
	dist/try/bin/pip install --quiet --no-deps --no-index dist/*.whl
	dist/try/bin/pip check
	cd dist/try && bin/daybook --version
	rm -rf dist/try
	@echo "dist/: $$(cd dist && ls | tr '\n' ' ')"

.PHONY: lint
lint: setup ## Check contracts, style, types and imports
	$(BIN)/buf lint
	$(BIN)/buf format --diff --exit-code
	@release=$$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null); \
	if [ -n "$$release" ]; then \
	    $(BIN)/buf breaking --against ".git#tag=$$release"; \
	else \
	    echo "buf breaking: no release is tagged yet, nothing to compare with"; \
	fi
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: docs
docs: demo ## Write the tables of docs/ anew, and its pictures from the files of the demo
	$(BIN)/python -m docs.settings
	$(BIN)/python -m docs.metrics
	$(BIN)/python -m docs.inputs
	$(BIN)/python -m docs.detection
	$(BIN)/python -m docs.pictures
	$(BIN)/python -m docs.page_picture

.PHONY: fmt
fmt: setup ## Format contracts and code
	$(BIN)/buf format -w
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: proto
proto: setup ## Generate protos/gen anew
	rm -rf protos/gen/daybook
	$(BIN)/python -m grpc_tools.protoc -I protos \
	    --python_out=protos/gen --grpc_python_out=protos/gen \
	    --mypy_out=quiet:protos/gen --mypy_grpc_out=quiet,only_async:protos/gen \
	    --plugin=protoc-gen-mypy=$(BIN)/protoc-gen-mypy --plugin=protoc-gen-mypy_grpc=$(BIN)/protoc-gen-mypy_grpc \
	    $$(find protos/daybook -name '*.proto' | sort)
	touch protos/gen/daybook/py.typed

.PHONY: check-proto
check-proto: proto ## Fail when protos/gen is not what the contracts give
	@test -z "$$(git status --porcelain -- protos/gen)" || \
	    { git status --short -- protos/gen; echo "protos/gen differs from the contracts: run make proto and commit"; exit 1; }
