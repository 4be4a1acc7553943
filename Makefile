# setup · demo · test · test-web · check · bench · pictures · serve · worker: each sets up what it needs. Nothing asks for input.

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-web check bench pictures serve worker
.DELETE_ON_ERROR:

# The newest line of Python the libraries were pinned for comes first; python3 is taken where it is new enough.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
RUN := .venv/bin/python
RUN_WEB := .venv-web/bin/python

# Each process of the tests has services of its own; services that an address names are one set, for one process.
TEST_PROCESSES ?= $(if $(DATABASE_URL)$(BROKER_URL)$(BRANCHWISE_DATA),0,logical)

export PIP_NO_INPUT := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

help:
	@echo "make setup     environment in .venv, pinned packages"
	@echo "make demo      everything with demo data; prints the address and a one-time sign-in link"
	@echo "make test      every test, a real browser included"
	@echo "make test-web  the web's tests in an environment without torch"
	@echo "make check     every gate: format, lint, types, contracts, migrations, JavaScript"
	@echo "make bench     the performance table and bench.json (ONLY=name,name for some)"
	@echo "make pictures  take the pictures of docs/images anew"
	@echo "make serve     the web server alone;  make worker: beat and one worker alone"

# The stamp is newer than what it was made from, so that a second make starts at once.
.venv/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and no python3 was found." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and f"Python 3.11 or newer is needed; {sys.executable} is {v[0]}.{v[1]}.")'
	test -x $(RUN) || $(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet --constraint requirements.lock --editable '.[web,gpu,dev]' </dev/null
	touch $@

.venv-web/.ready: requirements.lock pyproject.toml
	test -x $(RUN_WEB) || $(PYTHON) -m venv .venv-web
	$(RUN_WEB) -m pip install --quiet --constraint requirements.lock --editable '.[web,dev]' </dev/null
	touch $@

setup: .venv/.ready

# In the shell's place (exec): a shell that waits would not hand on the signal that ends make, and all would go on.
demo: setup
	@exec $(RUN) manage.py demo </dev/null

test: setup
	@$(RUN) -m tests.browser.chromium </dev/null
	$(RUN) -m pytest --numprocesses $(TEST_PROCESSES) --maxprocesses 4 --dist loadfile </dev/null

test-web: .venv-web/.ready
	@$(RUN_WEB) -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") and "torch is installed in .venv-web; remove that folder and run make test-web again.")'
	$(RUN_WEB) -m pytest -m "not torch and not gpu and not slow_models and not browser" </dev/null

check: setup
	@.ci/check

bench: setup
	@ONLY="$(ONLY)" $(RUN) -m tests.bench </dev/null

pictures: setup
	@$(RUN) -m tests.browser.chromium </dev/null
	@$(RUN) -m tests.pictures </dev/null

serve: setup
	@exec $(RUN) manage.py up web </dev/null

worker: setup
	@exec $(RUN) manage.py up beat worker </dev/null
