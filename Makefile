# `make demo` and `make test` do all their own set-up, in .venv, from a clean clone.
# They need python3 (3.11 to 3.13) with venv, and a package index that pip can reach.
# The Neo4j tests also need a JDK and Maven; without them they are skipped and say so.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test lint types contracts unit test-models test-mmpose bench neo4j wheel lock clean

PYTHON ?= python3
INSTALLER ?= uv
DEMO ?= demo

VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements
pip = $(BIN)/python -m pip install --quiet --disable-pip-version-check
uv = $(BIN)/uv pip install --quiet --python $(BIN)/python
install = $($(INSTALLER))

help: ## Say what can be made.
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: $(VENV)/full.ok ## Draw pictures, build their graph, ask it five questions.
	$(BIN)/iconograph demo --folder $(DEMO)

serve: $(VENV)/full.ok ## Serve the demonstration graph as GraphQL.
	$(BIN)/iconograph serve --store sqlite:///$(DEMO)/demo.db --development

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

test-models: $(VENV)-ml/ml.ok ## Run the adapters of the large models through their real libraries, on tiny checkpoints.
	$(VENV)-ml/bin/python -m pytest --timeout=300 tests/models

test-mmpose: $(VENV)-mmpose/mmpose.ok ## Run the adapter of mmpose through mmpose itself, in an environment of its own.
	$(VENV)-mmpose/bin/python -m pytest --timeout=300 tests/mmpose

bench: $(VENV)/dev.ok ## Measure speed; prints the tables of the README.
	$(BIN)/python -m pytest -m bench --capture=no --timeout=1800 tests/bench

neo4j: $(VENV)/full.ok ## Start a Neo4j with the demonstration graph and its Browser.
	$(BIN)/python tools/neo4j/demo.py --store sqlite:///$(DEMO)/demo.db

wheel: $(VENV)/full.ok ## Build the wheel into dist/.
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

# The libraries of the large models (some 5 GB) have an environment of their own.
$(VENV)-ml/ml.ok: $(LOCKS)/ml.txt $(VENV)/build.ok pyproject.toml
	$(PYTHON) -m venv $(VENV)-ml
	$(BIN)/uv pip install --quiet --python $(VENV)-ml/bin/python --require-hashes -r $(LOCKS)/build.txt
	$(BIN)/uv pip install --quiet --python $(VENV)-ml/bin/python --require-hashes -r $<
	$(BIN)/uv pip install --quiet --python $(VENV)-ml/bin/python --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)-mmpose/mmpose.ok: $(addprefix tools/mmpose/,install.sh libraries.txt openmmlab.txt mmcv_ext.py) $(LOCKS)/dev.txt $(VENV)/build.ok pyproject.toml
	tools/mmpose/install.sh $(BIN)/uv $(VENV)-mmpose $(PYTHON)
	touch $@

# ml first, then dev; every other set is held to its versions, so that sets can be installed over one another.
EXTRAS = --extra iconclass --extra lod --extra text --extra people
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--no-annotate --custom-compile-command 'make lock' $(UPGRADE)

lock: $(VENV)/build.ok ## Write requirements/*.txt anew (UPGRADE=--upgrade for newer versions).
	$(COMPILE) $(LOCKS)/build.in --python-version 3.11 -o $(LOCKS)/build.txt
	$(COMPILE) pyproject.toml $(EXTRAS) --extra ml --extra evaluate --extra dev -o $(LOCKS)/ml.txt
	$(COMPILE) pyproject.toml $(EXTRAS) --extra dev -c $(LOCKS)/ml.txt -o $(LOCKS)/dev.txt
	$(COMPILE) tools/mmpose/libraries.in --python-version 3.11 -c $(LOCKS)/dev.txt -o tools/mmpose/libraries.txt
	$(COMPILE) --no-deps tools/mmpose/openmmlab.in --python-version 3.11 -o tools/mmpose/openmmlab.txt
	$(COMPILE) pyproject.toml -c $(LOCKS)/dev.txt -o $(LOCKS)/core.txt
	$(COMPILE) pyproject.toml $(EXTRAS) -c $(LOCKS)/dev.txt -o $(LOCKS)/full.txt

clean: ## Remove all that make has made.
	rm -rf $(VENV) $(VENV)-ml $(VENV)-mmpose dist $(DEMO) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
