# The two commands of the README are `make demo` and `make test`; both do all set-up themselves.
SHELL  := /bin/bash -o pipefail
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test lint bench fuzz kills lock golden clean
.DEFAULT_GOAL := help

help:  ## what each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Warraq needs Python 3.11 or newer; got $$($(PYTHON) --version). Say PYTHON=/path/to/python3.11"; exit 2; }
	@echo "[1/2] making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "[2/2] installing the locked packages (about a minute the first time)"
	@$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements.lock 2>&1 \
		| awk '/^Collecting/ {printf "\r  %d packages", ++n; fflush()} /^Installing/ {printf ", unpacking"; fflush()} /^ERROR/ {print} END {print ""}'
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)  ## the main job on the sample corpus, from pages to a published dataset
	@$(BIN)/warraq demo

test: $(READY)  ## every test, with a real Label Studio
	@$(BIN)/warraq studio install
	@$(BIN)/python -m pytest

lint: $(READY)  ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(READY)  ## speed and memory, as ratios measured in one run
	@$(BIN)/python -m tests.bench

fuzz: $(READY)  ## 60 seconds of mutated input against the readers
	@$(BIN)/python -m tests.fuzz

kills: $(READY)  ## hundreds of kills of push, pull and a real Label Studio: ten minutes
	@$(BIN)/python -m tests.kill_sync

golden: $(READY)  ## write the golden files and the JSON Schemas anew; read the diff
	@$(BIN)/python -m tests.golden

lock: $(READY)  ## resolve the two lock files anew
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --all-extras pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header corpus/labeling/label-studio.in -o corpus/labeling/label-studio.lock

clean:  ## remove the environment and the demo
	rm -rf $(VENV) demo
