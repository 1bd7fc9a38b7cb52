# Two commands do everything:  make demo  and  make test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_HOME := var/demo
PORT ?= 8000

.PHONY: help env reader demo test check lint soak bench lock messages clean

help:            ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

env: $(VENV)/.installed  ## the environment: .venv with .venv/bin/lastcall, nothing outside this folder

$(VENV)/.installed: requirements/run.txt pyproject.toml scripts/make_env.py scripts/build_messages.py $(wildcard src/lastcall/locale/*/LC_MESSAGES/*.po)
	@$(PYTHON) scripts/make_env.py $(VENV) requirements/run.txt
	@touch $@

$(VENV)/.tools: $(VENV)/.installed requirements/test.txt
	@$(PYTHON) scripts/make_env.py $(VENV) requirements/test.txt
	@touch $@

$(VENV)/.reader: $(VENV)/.installed requirements/reader.txt
	@$(PYTHON) scripts/make_env.py $(VENV) requirements/reader.txt
	@touch $@

reader: $(VENV)/.reader  ## the environment with card readers (needs a C compiler, swig and the system's PC/SC headers)

demo: env        ## close a line before your eyes, then keep the server up (PORT=8000)
	@LASTCALL_HOME=$(DEMO_HOME) $(BIN)/lastcall demo --port $(PORT)

test: $(VENV)/.tools  ## install what the tests need (Debian and npm packages too) and run them all
	@scripts/install-debian-packages
	@scripts/install-node-packages
	@$(MAKE) --no-print-directory reader check
	@LASTCALL_TEST_REQUIRE_ALL=1 $(BIN)/pytest -n 2 --dist worksteal --durations=25 --durations-min=3

check: $(VENV)/.tools  ## lint, format, types, policy packs, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lastcall policy check >/dev/null
	@LASTCALL_HOME=$$(mktemp -d) DJANGO_SETTINGS_MODULE=lastcall.site.settings $(BIN)/python -m django makemigrations --check --dry-run >/dev/null
	@echo "lint, format, types, policy packs and migrations: good"

soak: $(VENV)/.tools  ## long campaigns: a million histories, properties with input drawn anew, killed workers, indexes and batches again and again
	@$(BIN)/lastcall simulate --histories 1000000 --seed $$(date +%s)
	@LASTCALL_FUZZ=100 LASTCALL_TEST_REQUIRE_ALL=1 $(BIN)/pytest -q -n 2 -m hypothesis
	@for round in 1 2 3 4 5; do LASTCALL_TEST_REQUIRE_ALL=1 $(BIN)/pytest -q tests/whole tests/core/lookup tests/core/telling || exit 1; done

bench: $(VENV)/.tools  ## speed, as ratios taken in one run, with plots in bench/out
	@$(BIN)/lastcall bench all

lock: $(VENV)/.tools  ## write the locked requirements anew from pyproject.toml
	@scripts/lock

messages: $(VENV)/.tools  ## compile the translations
	@$(BIN)/python scripts/build_messages.py

clean:           ## remove the environment and everything made here
	@rm -rf $(VENV) var build dist
