# `make table1` and `make test` need Python only: the environment is created on first use.
#
#   make PYTHON=python3.12 VENV=.venv312 test    another interpreter (default: 3.11)
#   make table1 ARGS="--jobs 4"                  options of the script
#   make test ARGS="-k cache"                    options of pytest
#   make test VENV=.venv-torch TORCH=2.14.1      another torch than that of constraints.txt

PYTHON ?= $(firstword $(foreach name,python3.11 python3 python3.12 python3.13,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
VENV ?= .venv
VENV_MIN ?= .venv-min
BIN := $(VENV)/bin
ARGS ?=
TORCH ?=
# Two tests at a time, each with one thread: more threads would wait for each other.
SIDE_BY_SIDE := -n 2 --dist worksteal
test test-min: export OMP_NUM_THREADS ?= 1

.PHONY: help table1 test test-slow test-min lint format docs clean

help:
	@echo "make table1     a quick Table 1: of 4QAED if it is in the data home, else of synthesised clips"
	@echo "make test       tests and documentation examples"
	@echo "make test-slow  tests marked slow"
	@echo "make test-min   make test with the lowest versions that pyproject.toml allows"
	@echo "make lint       check style and format"
	@echo "make format     format, and apply the automatic fixes of the linter"
	@echo "make docs       build the documentation in build/docs"
	@echo "make clean      remove build outputs and environments"

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
	rm -rf build dist docs/api.rst docs/descriptors.rst docs/api docs/developer/api docs/developer/api.rst docs/gallery docs/generated docs/pictures $(VENV) $(VENV_MIN)

# Install again when the files that list the dependencies are newer than the stamp. The first import
# of librosa compiles for ten seconds; tests use what it leaves in the environment.
$(VENV)/.installed-%: pyproject.toml constraints.txt | $(BIN)/python
	@sed '$(if $(TORCH),s/^torch==.*/torch==$(TORCH)/)' constraints.txt >$(VENV)/constraints.txt
	$(BIN)/python -m pip install -q -c $(VENV)/constraints.txt -e '.[$*]'
	@$(BIN)/python -c 'import librosa.core.pitch'
	@touch $@

$(VENV_MIN)/.installed-%: pyproject.toml constraints-min.txt | $(VENV_MIN)/bin/python
	$(VENV_MIN)/bin/python -m pip install -q -c constraints-min.txt -e '.[$*]'
	@$(VENV_MIN)/bin/python -c 'import librosa.core.pitch'
	@touch $@

$(VENV)/bin/python $(VENV_MIN)/bin/python: %/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer found; name one: make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $* || { rm -rf $*; exit 1; }
