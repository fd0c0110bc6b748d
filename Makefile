# `make help` lists what there is. Everything sets itself up first; see scripts/bootstrap.sh.

.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
URLS ?=
MINUTES ?= 10
SEED ?= 1

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  \033[1mmake %-10s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Install everything into .venv, and a browser if there is none
	@scripts/bootstrap.sh

.PHONY: demo
demo: setup ## Audit three sample pages, or URLS="https://a https://b", and show what was found
	@$(BIN)/cynthia demo $(URLS)

.PHONY: dev
dev: setup ## Run everything until Ctrl-C, with the Dagster UI on port 3000
	@$(BIN)/cynthia up

.PHONY: doctor
doctor: setup ## Say what is installed, reachable and migrated
	@$(BIN)/cynthia doctor

.PHONY: test
test: lint pytest ## Lint, types, import contracts and the whole test suite

.PHONY: lint
lint: setup ## Lint, format check, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: pytest
pytest: setup ## The test suite, a process for each core; ARGS="-k queue" picks some
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

.PHONY: faults
faults: setup ## The crash matrix: a whole deployment, killed in the worst places; many minutes
	$(BIN)/pytest -m faults -s $(ARGS) tests/faults

.PHONY: chaos
chaos: setup ## Faults at random under a trickle of sessions; MINUTES=10 SEED=1
	$(BIN)/pytest -m chaos -s $(ARGS) tests/faults --chaos-minutes=$(MINUTES) --chaos-seed=$(SEED)

.PHONY: format
format: setup ## Put the code in its format, and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: lock
lock: ## Write requirements.lock anew from pyproject.toml
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --extra dev \
		--output-file requirements.lock pyproject.toml

.PHONY: audit-deps
audit-deps: setup ## Ask whether a locked package has a known hole; ARGS=--strict fails where that cannot be asked
	@$(BIN)/python scripts/audit_deps.py $(ARGS)

.PHONY: settings
settings: setup ## Write .env.example and docs/settings.md from the code
	@$(BIN)/python scripts/settings_reference.py

.PHONY: rules
rules: setup ## Write docs/rules.md from the code
	@$(BIN)/python scripts/rules_reference.py

.PHONY: clean
clean: ## Remove .venv and caches; .cynthia with its databases stays
	rm -rf .venv .venv-tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
