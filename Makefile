# `make demo` and `make test` do all their own set-up, in .venv, from a clean clone.
# They need python3 (3.11 to 3.13) with venv, and a package index that pip can reach.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test lint types contracts unit ml test-ml wheel lock clean

PYTHON ?= python3
INSTALLER ?= uv

VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements
pip = $(BIN)/python -m pip install --quiet --disable-pip-version-check
uv = $(BIN)/uv pip install --quiet --python $(BIN)/python
install = $($(INSTALLER))

help: ## Say what can be made.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: $(VENV)/core.ok ## Draw a picture, find its figures, relate them and ask the graph.
	$(BIN)/iconograph demo

serve: $(VENV)/core.ok ## Serve the demonstration graph as GraphQL.
	$(BIN)/iconograph serve

test: lint types contracts unit ## Run every check.

lint: $(VENV)/dev.ok
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.ok
	$(BIN)/mypy

contracts: $(VENV)/dev.ok
	$(BIN)/lint-imports

unit: $(VENV)/dev.ok
	$(BIN)/python -m pytest

ml: $(VENV)/ml.ok ## Add the model libraries (about 5 GB on Linux, with CUDA).

test-ml: $(VENV)/dev.ok $(VENV)/ml.ok ## Run the tests that need the model libraries.
	$(BIN)/python -m pytest -m ml

wheel: $(VENV)/core.ok ## Build the wheel into dist/.
	$(BIN)/python -m hatchling build -t wheel

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/build.ok: $(LOCKS)/build.txt | $(BIN)/python
	$(pip) --require-hashes -r $<
	touch $@

# %.ok: the locked set of one name is installed, and the project itself, editable.
$(VENV)/%.ok: $(LOCKS)/%.txt $(VENV)/build.ok pyproject.toml
	$(install) --require-hashes -r $<
	$(install) --no-deps --no-build-isolation --editable .
	touch $@

EXTRAS = --extra iconclass --extra lod --extra text

# dev first; every other set is held to its versions, so that sets can be installed over one another.
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--no-annotate --custom-compile-command 'make lock' $(UPGRADE)

lock: $(VENV)/build.ok ## Write requirements/*.txt anew (UPGRADE=--upgrade for newer versions).
	$(COMPILE) $(LOCKS)/build.in --python-version 3.11 -o $(LOCKS)/build.txt
	$(COMPILE) pyproject.toml $(EXTRAS) --extra dev -o $(LOCKS)/dev.txt
	$(COMPILE) pyproject.toml -c $(LOCKS)/dev.txt -o $(LOCKS)/core.txt
	$(COMPILE) pyproject.toml $(EXTRAS) -c $(LOCKS)/dev.txt -o $(LOCKS)/full.txt

clean: ## Remove all that make has made.
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
