# Every command of the project. `make` alone lists them.
# Settings are environment variables (settings.py); `make run POPCON_DATA=/srv/popcon` works too.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
FILE ?=

.DEFAULT_GOAL := help
.PHONY: help run demo refresh rebuild-views exports import-log export-log check-log purge salvage test test-faults \
	test-privacy test-pythons test-sender check format bench pictures lock register sender-wheel sender-deb sender-rpm clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## run receiver, refresh, dashboard and explorer in the foreground; Ctrl-C stops all
	@exec $(BIN)/python -m launcher

demo: $(VENV)/run.stamp ## fill an empty log with a simulated community of three years
	@$(BIN)/python -m launcher.demo

refresh: $(VENV)/run.stamp ## bring views.db and public.db up to date with the log
	@$(BIN)/python -m transforms refresh

rebuild-views: $(VENV)/run.stamp ## build views.db and public.db from the log, from scratch
	@$(BIN)/python -m transforms rebuild

exports: $(VENV)/run.stamp ## archive every published week as CSV, JSON and Parquet; `make run` does so by itself
	@$(BIN)/python -m transforms exports

import-log: $(VENV)/run.stamp ## append uploads from FILE=…, one JSON object per line
	@$(need_file)
	@$(BIN)/python -m receiver import-log "$(FILE)"

export-log: $(VENV)/run.stamp ## write the whole log to FILE=…, one JSON object per line
	@$(need_file)
	@$(BIN)/python -m receiver export-log "$(FILE)"

check-log: $(VENV)/run.stamp ## read the whole log and name everything that is damaged
	@$(BIN)/python -m receiver check-log

purge: $(VENV)/run.stamp ## purge the log now, while no receiver runs: delete what is erased or too old
	@$(BIN)/python -m receiver purge

salvage: $(VENV)/run.stamp ## save the intact uploads of a damaged log to FILE=…
	@$(need_file)
	@$(BIN)/python -m receiver salvage "$(FILE)"

test: $(VENV)/dev.stamp ## run the whole test suite, on every core
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(PYTEST_ARGS)

test-faults: $(VENV)/dev.stamp ## run the fault campaigns at full length
	@POPCON_FAULTS=full $(BIN)/python -m pytest -s tests/faults tests/receiver tests/transforms tests/rights tests/browser $(PYTEST_ARGS)

test-privacy: $(VENV)/dev.stamp ## attack the published figures of larger communities; prints what each attack wins
	@POPCON_FAULTS=full $(BIN)/python -m pytest -s tests/privacy $(PYTEST_ARGS)

test-pythons: ## run the test suite on every installed Python from 3.11 on
	@for python in python3.11 python3.12 python3.13 python3.14; do \
		$$python -c '' 2>/dev/null || continue; \
		echo "== $$python"; \
		$(MAKE) --no-print-directory test PYTHON=$$python VENV=.venv-$$python || exit 1; \
	done

test-sender: $(VENV)/dev.stamp ## run the tests of the sender on every installed Python from 3.6 on
	@POPCON_SENDER_PYTHONS=all $(BIN)/python -m pytest tests/sender $(PYTEST_ARGS)

check: $(VENV)/dev.stamp ## check format, lint, types and SQL
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy .
	@$(BIN)/sqlfluff lint --disable-progress-bar .

format: $(VENV)/dev.stamp ## fix what `make check` finds, where a tool can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/sqlfluff fix --disable-progress-bar .

bench: $(VENV)/dev.stamp ## run the benchmarks; prints one JSON object per line
	@$(BIN)/python -m benchmarks

pictures: $(VENV)/dev.stamp ## renew the pictures of the dashboard in docs/ from the databases in POPCON_DATA
	@$(BIN)/python -m tests.browser.pictures

lock: $(VENV)/dev.stamp ## pin the newest versions of dependencies that pyproject.toml allows
	@$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile $(LOCK_OPTIONS) --group dev pyproject.toml -o requirements-dev.lock

LOCK_OPTIONS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

register: $(VENV)/run.stamp ## write generated texts into the sender and the documents
	@$(BIN)/python -m launcher.register

sender-wheel: $(VENV)/run.stamp ## package the sender for pip, in build/sender/
	@$(BIN)/python -m sender.packaging.build wheel

sender-deb: $(VENV)/run.stamp ## package the sender for Debian and Ubuntu (needs dpkg-deb)
	@$(BIN)/python -m sender.packaging.build deb

sender-rpm: $(VENV)/run.stamp ## package the sender for Enterprise Linux (needs rpmbuild)
	@$(BIN)/python -m sender.packaging.build rpm

clean: ## remove what make installed; keeps the databases
	rm -rf build .venv* .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

$(VENV)/run.stamp: requirements.lock
	@$(call install,requirements.lock)

$(VENV)/dev.stamp: requirements-dev.lock requirements.lock
	@$(call install,requirements-dev.lock)
	@touch $(VENV)/run.stamp

define need_file
test -n "$(FILE)" || { echo 'Name the file: make $@ FILE=uploads.ndjson' >&2; exit 2; }
endef

define install
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo 'Python 3.11 or later is needed, but "$(PYTHON)" is older or missing. Name another: make PYTHON=python3.12' >&2; exit 1; }
$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	{ echo 'The Python module venv is missing. On Debian: apt install python3-venv' >&2; exit 1; }
echo 'Installing $(1) into $(VENV) ...' >&2
$(PYTHON) -m venv $(VENV)
$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(1)
touch $@
endef

# --no-deps: a lock is complete, and without it pip stops at an extra that a package asks for (`coverage[toml]`) where
# the lock pins the same package without it.
