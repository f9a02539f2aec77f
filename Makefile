# Everything runs in .venv, which `make install` makes. PYTHON chooses the interpreter (>= 3.11).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST_ARGS ?=
GENERATED := crds docs/site/reference

.PHONY: help install demo test lint format generate verify bench docs clean

help: ## Show this help.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## Make .venv and install Titan with everything for development.

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Titan needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

demo: install ## Run a real pipeline on the embedded cluster and watch it.
	@$(BIN)/python examples/demo/demo.py

test: install ## Run all tests: unit, conformance, end to end.
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: install ## Format check, lint, types, import contracts.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## Rewrite the code as the formatter wants it.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

generate: install ## Regenerate crds/ and the docs' reference pages from the code.
	$(BIN)/python tools/generate_crds.py
	$(BIN)/python tools/generate_docs.py

verify: generate ## Fail if a generated file differs from what is committed.
	git diff --exit-code -- $(GENERATED)
	@test -z "$$(git ls-files --others --exclude-standard -- $(GENERATED))" || { echo "generated files are not committed"; exit 1; }

bench: install ## Measure what the README promises, and print a table.
	@$(BIN)/python tests/bench

docs: install ## Build the docs site into build/site.
	$(BIN)/python tools/generate_docs.py
	$(BIN)/python -m zensical build --strict

clean: ## Remove .venv and caches.
	rm -rf $(VENV) build .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
