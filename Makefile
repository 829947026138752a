# What someone working on crm-tui runs. `make help` lists it; ARGS="..." is handed on to the program behind a target.

VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
# One word to use a particular interpreter: make run PYTHON=python3.13
PYTHON ?=
INSTALL := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq install --constraint requirements.lock

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check format bench soak docs screenshots lock build clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.core ## open crm-tui (make run ARGS="--workspace acme.db clients")
	@$(BIN)/crm-tui $(ARGS)

test: $(VENV)/.dev ## the test suite, on SQLite and on a PostgreSQL of its own (ARGS="-k import")
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev ## formatting, lint, types, layers, and whether the generated pages are up to date
	@$(BIN)/ruff format --check --quiet . || { echo "Some files are not formatted: run 'make format'."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m crm_tui.docs --check

format: $(VENV)/.dev ## format the code and put right what lint can
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

bench: $(VENV)/.dev ## the speed and memory budgets, measured (ARGS="--only cursor --runs 5")
	@$(BIN)/python -m tests.bench $(ARGS)

soak: $(VENV)/.dev ## the worker for ten thousand occurrences, killed at random, with clocks that jump
	@$(BIN)/python -m tests.worker.storm

docs: $(VENV)/.dev ## write the generated pages anew
	@$(BIN)/python -m crm_tui.docs

screenshots: $(VENV)/.dev ## take the README's pictures anew, from the real program
	@$(BIN)/python -m tests.screenshots

build: $(VENV)/.dev ## the wheel, in dist/
	@$(BIN)/python -m pip --disable-pip-version-check --no-input -qq wheel --no-deps --wheel-dir dist .

# The newest versions pyproject.toml allows, taken from an environment made for it, so nothing stray gets in.
lock: | $(BIN)/python ## take the newest versions of every library into requirements.lock
	@rm -rf $(VENV)/lock && $(BIN)/python -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip --disable-pip-version-check --no-input -qq install -e '.[postgres,dev]'
	@{ echo '# Every library at the version the suite was last run with; pip reads it as constraints. `make lock` writes it.'; \
	   $(VENV)/lock/bin/python -m pip --disable-pip-version-check freeze --exclude-editable | \
	   sed -e 's/^psycopg-binary==.*/&; implementation_name != "pypy"/' \
	       -e 's/^librt==.*/&; platform_python_implementation != "PyPy"/'; } > requirements.lock.new
	@mv requirements.lock.new requirements.lock && rm -rf $(VENV)/lock
	@echo "requirements.lock is written: run 'make check test' before committing it."

clean: ## remove what the other targets made, except the virtual environment
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .bench build dist *.egg-info snapshot_report.html
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# A stamp file says what is installed: a second call costs nothing, a change of either file installs again.
$(VENV)/.core: pyproject.toml requirements.lock | $(BIN)/python
	@echo "Installing crm-tui into $(VENV) ..."
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.dev: pyproject.toml requirements.lock | $(BIN)/python
	@echo "Installing crm-tui with its test tools into $(VENV) ..."
	@$(INSTALL) -e '.[postgres,dev]'
	@touch $@ $(VENV)/.core

$(BIN)/python:
	@for name in $(or $(PYTHON),python3.11 python3 python3.12 python3.13 python3.14); do \
	   if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$name; break; fi; \
	 done; \
	 if [ -z "$$found" ]; then \
	   echo "crm-tui needs Python 3.11 or newer, and $(or $(PYTHON),python3) is $$($(or $(PYTHON),python3) --version 2>&1)." >&2; \
	   echo "Install one, or name it: make run PYTHON=/path/to/python3.11" >&2; exit 1; \
	 fi; \
	 "$$found" -m venv $(VENV) || { rm -rf $(VENV); \
	   echo "$$found could not make a virtual environment (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
