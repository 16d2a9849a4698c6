# Everything a developer or an office needs: `make` lists the targets.

SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
FROM_INSTALL = $(BIN)/python -m

# The stamps carry a checksum of the pins: an unchanged machine installs nothing, changed pins install at once.
RUN_STAMP := $(VENV)/.run-$(shell cksum < requirements.txt | tr ' ' '-')
DEV_STAMP := $(VENV)/.dev-$(shell cksum < requirements-dev.txt | tr ' ' '-')
PIP_INSTALL = $(FROM_INSTALL) pip install --quiet --disable-pip-version-check --require-hashes

COMPILE = $(BIN)/uv pip compile --upgrade --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-config --no-emit-index-url --no-emit-find-links --custom-compile-command "make upgrade"

.PHONY: help run test lint format types bench pictures audit upgrade clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN_STAMP) ## Install what is needed and start the application on http://localhost:8501
	@$(FROM_INSTALL) services pasang --bila-perlu --alamat http://localhost:$(PORT)
	$(FROM_INSTALL) streamlit run app.py --server.port $(PORT)

test: lint types ## Install the development tools, check style and types, run every test
	@sh tools/system_packages.sh
	$(FROM_INSTALL) pytest -n 3 --dist loadfile --tb=short -rfEsx

lint: $(DEV_STAMP) ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(DEV_STAMP) ## Bring the code into the common format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(DEV_STAMP) ## Check the types
	$(BIN)/mypy

bench: $(DEV_STAMP) ## Measure speed and memory against an empty Streamlit page
	@sh tools/system_packages.sh
	$(FROM_INSTALL) tests.bench

pictures: $(DEV_STAMP) ## Take the pictures of README and docs anew
	@sh tools/system_packages.sh
	$(FROM_INSTALL) tests.pictures

audit: $(DEV_STAMP) ## Ask OSV for published weaknesses of the pinned versions; DATA=all.zip instead of the internet
	$(FROM_INSTALL) tools.audit $(if $(DATA),--data $(DATA))

upgrade: $(DEV_STAMP) ## Pin the newest versions of all dependencies, with hashes
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) --constraints requirements.txt requirements.in requirements-dev.in --output-file requirements-dev.txt

clean: ## Remove the virtual environment and all caches; the data stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@sh tools/make_venv.sh $(PYTHON) $(VENV)

$(RUN_STAMP): | $(BIN)/python
	$(PIP_INSTALL) --requirement requirements.txt
	@rm -f $(VENV)/.run-* $(VENV)/.dev-* && touch $@

# The development pins contain the application's, so this one install serves `make run` as well.
$(DEV_STAMP): | $(BIN)/python
	$(PIP_INSTALL) --requirement requirements-dev.txt
	@rm -f $(VENV)/.run-* $(VENV)/.dev-* && touch $(RUN_STAMP) $@
