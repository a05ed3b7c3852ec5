# `make table1` and `make test` need nothing but Python: the environment is made on first use.
#
#   make PYTHON=python3.12 test    another interpreter (the tested one is 3.11)
#   make table1 ARGS="--jobs 4"    options for the script; make test ARGS="-k cache" for pytest

PYTHON ?= $(firstword $(foreach name,python3.11 python3 python3.12 python3.13,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
VENV ?= .venv
VENV_MIN ?= .venv-min
BIN := $(VENV)/bin
ARGS ?=
# Most tests keep one core busy.
SIDE_BY_SIDE := -n 2 --dist worksteal

.PHONY: help table1 test test-slow test-min lint format docs clean

help:
	@echo "make table1     Table 1, quickly: 4QAED where it is, else synthesised clips"
	@echo "make test       tests and the examples of the documentation"
	@echo "make test-slow  the tests that take minutes"
	@echo "make test-min   make test, with the lowest versions that pyproject.toml allows"
	@echo "make lint       what the linter and the formatter object to"
	@echo "make format     format, and mend what can be mended"
	@echo "make docs       the documentation, in build/docs"
	@echo "make clean      remove what was built, and the environments"

table1: $(VENV)/.installed-test
	$(BIN)/python benchmarks/table1.py --quick $(ARGS)

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

test-slow: $(VENV)/.installed-test
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m slow $(ARGS)

test-min: $(VENV_MIN)/.installed-test
	$(VENV_MIN)/bin/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

lint: $(VENV)/.installed-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(VENV)/.installed-docs
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs $(ARGS)
	@echo "build/docs/index.html"

clean:
	rm -rf build dist docs/api.rst docs/descriptors.rst docs/results.rst docs/gallery docs/generated $(VENV) $(VENV_MIN)

# A stamp is newer than the files that say what to install, or the install is done again.
$(VENV)/.installed-%: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[$*]'
	@touch $@

$(VENV_MIN)/.installed-%: pyproject.toml constraints-min.txt | $(VENV_MIN)/bin/python
	$(VENV_MIN)/bin/python -m pip install -q -c constraints-min.txt -e '.[$*]'
	@touch $@

$(VENV)/bin/python $(VENV_MIN)/bin/python: %/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer found: name one, make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $* || { rm -rf $*; exit 1; }
