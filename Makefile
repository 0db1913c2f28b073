# Everything here works on a fresh clone; what is missing is set up first. `make help` lists it.

VENV := .venv
BIN := $(VENV)/bin

# Locked dependencies, checked by their hashes; quiet, but for what goes wrong.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
INSTALL := $(BIN)/python -m pip install --quiet --quiet --require-hashes --requirement
OURSELVES := $(BIN)/python -m pip install --quiet --quiet --no-deps --no-build-isolation --editable .

# Each process of tests has servers of its own; what one module shares is made once.
PARALLEL := --numprocesses auto --maxprocesses 4 --dist loadscope

.DEFAULT_GOAL := help

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' Makefile

.PHONY: run
run: $(VENV)/installed-runtime ## start everything on this machine; Ctrl-C stops it
	@exec $(BIN)/python -m moderation.embedded

.PHONY: test
test: $(VENV)/installed-dev detoxify browser ## run all tests; PYTEST_ARGS="tests/unit -x" for a part
	@$(BIN)/python -m pytest $(PARALLEL) $(PYTEST_ARGS)

.PHONY: lint
lint: $(VENV)/installed-dev ## check style, types and who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: faults
faults: $(VENV)/installed-dev ## kill and freeze everything under load, count what was lost; FAULTS_ARGS="sqlite --short"
	@$(BIN)/python -m tests.faults.matrix $(FAULTS_ARGS)

.PHONY: bench
bench: $(VENV)/installed-dev detoxify ## measure against the bare classifier and others; BENCH_ARGS="drain --runs 3"
	@$(BIN)/python -m tests.bench $(BENCH_ARGS)

.PHONY: pictures
pictures: $(VENV)/installed-dev browser ## take the pictures in docs/images anew
	@$(BIN)/python -m tests.pictures

.PHONY: translations
translations: $(VENV)/installed-dev ## bring new words of the pages into the catalogs; LANGUAGE=fr begins another one
	@$(BIN)/python -m tests.translations $(LANGUAGE)

.PHONY: compose-test
compose-test: ## build the images and run docker-compose.yml for real
	@tests/compose/run

.PHONY: clean
clean: ## remove the virtual environment and the caches; var/ is kept
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# PyTorch is large and not everywhere to be had: without it the tests of its adapter are skipped.
.PHONY: detoxify
detoxify: $(VENV)/installed-dev
	@test $(VENV)/installed-detoxify -nt requirements/detoxify.txt || { \
	    echo "Installing PyTorch and Detoxify for their tests (once; some minutes) ..."; \
	    if $(INSTALL) requirements/detoxify.txt; \
	    then touch $(VENV)/installed-detoxify; \
	    else echo "!!! PyTorch cannot be installed here: the tests of Detoxify are skipped. !!!" >&2; \
	    fi; \
	}

# The browser tests take a Chromium from the PATH, else Playwright's own; without one they skip.
.PHONY: browser
browser: $(VENV)/installed-dev
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	    echo "Fetching a Chromium for the browser tests (once) ..."; \
	    $(BIN)/playwright install chromium >/dev/null 2>&1 \
	        || echo "!!! No Chromium can be had here: the browser tests are skipped. !!!" >&2; \
	}

$(VENV)/installed-runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	@echo "Installing the locked dependencies (once; about a minute) ..."
	@$(INSTALL) requirements/runtime.txt && $(OURSELVES) \
	    || { echo "Installing the dependencies failed; the reason stands above." >&2; exit 1; }
	@touch $@

$(VENV)/installed-dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing the locked dependencies and the tools for tests (once; some minutes) ..."
	@$(INSTALL) requirements/dev.txt && $(OURSELVES) \
	    || { echo "Installing the dependencies failed; the reason stands above." >&2; exit 1; }
	@touch $@ $(VENV)/installed-runtime

# The first of these that is Python 3.11 or newer and works (a shim may be there for none).
PYTHONS := python3.11 python3.12 python3.13 python3 python

$(BIN)/python:
	@for python in $(PYTHONS); do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	        $$python -m venv $(VENV) >/dev/null 2>&1 && exit 0; \
	        rm -rf $(VENV); \
	        echo "$$python cannot make a virtual environment: on Debian install python3-venv, and is the disk full?" >&2; \
	        exit 1; \
	    fi; \
	done; \
	echo "Copydesk needs Python 3.11 or newer, and none of $(PYTHONS) is." >&2; \
	exit 1
