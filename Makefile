# Everything runs in .venv, which `make install` makes. PYTHON chooses the interpreter (>= 3.11).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST_ARGS ?=
# A worker for each core, each with an embedded cluster of its own, up to eight; PYTEST_ARGS may say otherwise (-n0).
PARALLEL := --numprocesses logical --maxprocesses 8 --dist loadfile
GENERATED := README.md crds docs/site/reference charts/titan/templates/crd-*.yaml dashboard/src/api/schema.ts
# The cluster of the end-to-end tests: TITAN_E2E_KUBECONFIG or KUBECONFIG, else the one that cluster-up or kind-up made.
E2E_KUBECONFIG = $(or $(TITAN_E2E_KUBECONFIG),$(KUBECONFIG),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/titan/cluster/admin.kubeconfig)
# How many nodes that only pretend stand beside the real one.
FAKE_NODES ?= 3

.PHONY: help install images dashboard test-dashboard screenshots demo test lint format generate verify bench docs clean binaries cluster-up cluster-down kind-up kind-down e2e agreement

help: ## Show this help.
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## Make .venv and install Titan with everything for development.

$(STAMP): pyproject.toml constraints.txt hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit("Titan needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

demo: install ## Run a real pipeline on the embedded cluster and watch it.
	@$(BIN)/python examples/demo/demo.py

test: install ## Run all tests: unit, conformance, end to end.
	$(BIN)/python -m pytest $(PARALLEL) $(PYTEST_ARGS)

lint: install ## Format check, lint, types, import contracts.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## Rewrite the code as the formatter wants it.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

generate: install ## Regenerate crds/, reference pages, the README's commands and the dashboard's types.
	$(BIN)/python tools/generate_crds.py
	$(BIN)/python tools/generate_docs.py
	$(BIN)/python -m tools.page_types

verify: generate ## Fail if a generated file differs from what is committed.
	git diff --exit-code -- $(GENERATED)
	@test -z "$$(git ls-files --others --exclude-standard -- $(GENERATED))" || { echo "generated files are not committed"; exit 1; }

binaries: ## Build the test cluster's programs from pinned Go modules into the user's cache; needs Go only.
	$(PYTHON) -m tools.binaries

images: install ## Build the operator's, the store's and the runner's image into the user's cache, if sources changed.
	$(BIN)/python -m tools.images
	$(BIN)/python -m tools.test_images

dashboard: install ## Build the dashboard's page into the store's package, if its sources changed.
	$(BIN)/python -m tools.dashboard

test-dashboard: install ## Types, lint and components of the page; then its browser tests, with Chromium.
	$(BIN)/python -m tools.dashboard --check
	$(BIN)/python -m pytest tests/browser $(PYTEST_ARGS)

screenshots: dashboard ## Make the pictures in docs/images anew, with Chromium.
	$(BIN)/python tests/browser/screenshots.py

agreement: install ## Conformance suite on the embedded and on a real API server; writes docs/agreement.md.
	@PYTHONPATH=tests $(BIN)/python tests/conformance/agreement.py

cluster-up: install ## Start a real single-node Kubernetes of plain processes, and import images; needs root and Go.
	$(BIN)/python -m tools.cluster up --fake-nodes $(FAKE_NODES)

cluster-down: install ## Stop it; nothing is left behind.
	$(BIN)/python -m tools.cluster down

kind-up: install ## The same cluster by docker and kind.
	$(BIN)/python -m tools.cluster kind-up --fake-nodes $(FAKE_NODES)

kind-down: install ## Delete the kind cluster.
	$(BIN)/python -m tools.cluster kind-down

e2e: install ## End-to-end tests on a real cluster: that of cluster-up or kind-up, or of TITAN_E2E_KUBECONFIG.
	TITAN_E2E_KUBECONFIG=$(E2E_KUBECONFIG) $(BIN)/python -m pytest tests/e2e/cluster $(PYTEST_ARGS)

bench: install ## Measure what the README promises, and print a table.
	@$(BIN)/python tests/bench

docs: install ## Build the docs site into build/site.
	$(BIN)/python tools/generate_docs.py
	$(BIN)/python -m zensical build --strict

clean: ## Remove .venv, caches and the built page.
	rm -rf $(VENV) dashboard/node_modules tools/page_types/node_modules store/titan_store/dashboard build .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
