# Two commands need nothing before them: make demo, make test. Each makes its own environment
# in .venv; an interrupted set-up is noticed and done again.

PYTHON ?= python3
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
CORE := $(VENV)/.ready-core
MODEL := $(VENV)/.ready-model
DEV := $(VENV)/.ready-dev
DOCS := $(VENV)/.ready-docs
LAB := $(VENV)/.ready-lab
UNFINISHED := $(VENV)/.unfinished

# Renaming first: an environment half deleted would pass for a whole one.
DISCARD := rm -rf $(VENV).old; if [ -e $(VENV) ]; then mv $(VENV) $(VENV).old; fi; rm -rf $(VENV).old

# One process per worker already fills the cores; threads inside each would only compete.
PYTEST := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS)
# A busy machine may take three times as long as an idle one.
NBMAKE := $(PYTEST) --timeout=900 --nbmake --nbmake-timeout=900
NOTEBOOKS ?= notebooks/*.ipynb
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test test-slow notebooks refresh-notebooks lab check format format-check lint \
	types layers spelling docstrings files figures docs docs-links setup clean

help: ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 25

demo: $(MODEL) ## the whole chain on embedded data: report, figures and records in results/demo
	$(BIN)/jscgc demo --out results/demo
	@echo "Results of the demonstration: results/demo"

test: $(DEV) ## every test but the slow calibrations; record in test-results
	@mkdir -p test-results
	@status=0; $(PYTEST) -m "not slow and not weights" --junitxml=test-results/junit.xml \
		|| status=$$?; echo "Results of the tests: test-results/junit.xml"; exit $$status

test-slow: $(DEV) ## the statistical calibrations: coverage of intervals over many seeds
	@mkdir -p test-results
	@status=0; $(PYTEST) -m "slow and not weights" --junitxml=test-results/junit-slow.xml \
		|| status=$$?; echo "Results of the calibrations: test-results/junit-slow.xml"; exit $$status

notebooks: $(DEV) ## run every notebook, whose assertions judge it; record in test-results
	@mkdir -p test-results
	@status=0; $(NBMAKE) $(NOTEBOOKS) --junitxml=test-results/junit-notebooks.xml \
		|| status=$$?; echo "Results of the notebooks: test-results/junit-notebooks.xml"; \
		exit $$status

# The version of Python and the times of cells belong to the machine, not to the notebook.
refresh-notebooks: $(DEV) ## run notebooks and keep what they print (one: NOTEBOOKS=notebooks/04_*)
	$(NBMAKE) --overwrite $(NOTEBOOKS)
	$(BIN)/nbstripout --keep-output --keep-count --keep-id --extra-keys metadata.language_info \
		$(NOTEBOOKS)

lab: $(LAB) ## open the notebooks in the browser (adds JupyterLab to the environment, once)
	$(BIN)/jupyter lab notebooks

check: format-check lint types layers spelling docstrings files ## every check that runs no test

format: $(DEV) ## rewrite the sources in the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --select I --fix .

format-check: $(DEV) ## ruff format
	$(BIN)/ruff format --check .

lint: $(DEV) ## ruff
	$(BIN)/ruff check .

types: $(DEV) ## mypy, strict
	$(BIN)/mypy

layers: $(DEV) ## import-linter: who may import whom
	$(BIN)/lint-imports

spelling: $(DEV) ## codespell
	git ls-files -z | xargs -0 $(BIN)/codespell

docstrings: $(DEV) ## pydoclint: docstrings agree with signatures
	$(BIN)/pydoclint --quiet jscgc_theory jscgc_model

files: $(DEV) ## no large file, no merge marker
	git ls-files -z | xargs -0 $(BIN)/check-added-large-files --enforce-all --maxkb=2000
	git ls-files -z | xargs -0 $(BIN)/check-merge-conflict --assume-in-merge

figures: $(CORE) ## every figure of paper_figs, drawn from its committed records
	$(BIN)/jscgc figures --out results/figures

docs: $(DOCS) figures ## the site, in results/docs; a warning is an error
	$(BIN)/sphinx-build -q -n -W --keep-going -c docs -d results/.doctrees . results/docs
	@echo "The site: results/docs/index.html"

docs-links: docs ## every link within the site, and every public name in it
	$(BIN)/python docs/check_site.py results/docs
	$(BIN)/python docs/check_names.py results/docs

setup: $(DEV) ## the environment for development, nothing else

clean: ## remove what make made: environment, results, caches
	@$(DISCARD)
	rm -rf results test-results build dist *.egg-info .pytest_cache .mypy_cache \
		.ruff_cache .import_linter_cache .hypothesis

$(CORE): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is older than 3.11; run: make PYTHON=/path/to/newer/python" >&2; exit 1; }
	@echo "Setting up $(VENV); this happens once and takes a minute or two."
	@if [ -e $(UNFINISHED) ]; then $(DISCARD); fi
	@mkdir -p $(VENV) && touch $(UNFINISHED)
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@$(PIP_INSTALL) setuptools
	@$(PIP_INSTALL) --no-build-isolation -e .
	@rm -f $(UNFINISHED)
	@touch $@

# Where there is no NVIDIA GPU a CPU build (2.13.0+cpu), if the index offers one, satisfies "==";
# with a GPU, "===" asks for the ordinary wheel and nothing else.
$(MODEL): $(CORE)
	@echo "Adding what the trained system and the notebooks need to $(VENV)."
	@touch $(UNFINISHED)
	@torch=$$(sed -n 's/^torch==//p' constraints.txt); \
		if nvidia-smi >/dev/null 2>&1; then pin="torch===$$torch"; else pin="torch==$$torch"; fi; \
		$(PIP_INSTALL) --no-build-isolation "$$pin" -e '.[model,notebooks]'
	@rm -f $(UNFINISHED)
	@touch $@

$(DEV): $(MODEL)
	@echo "Adding the tools for tests and checks to $(VENV)."
	@touch $(UNFINISHED)
	@$(PIP_INSTALL) --no-build-isolation -e '.[dev]'
	@rm -f $(UNFINISHED)
	@touch $@

$(DOCS): $(DEV)
	@echo "Adding what the site is built with to $(VENV)."
	@touch $(UNFINISHED)
	@$(PIP_INSTALL) --no-build-isolation -e '.[docs]'
	@rm -f $(UNFINISHED)
	@touch $@

$(LAB): $(MODEL)
	@echo "Adding JupyterLab to $(VENV)."
	@touch $(UNFINISHED)
	@$(PIP_INSTALL) --no-build-isolation -e '.[lab]'
	@rm -f $(UNFINISHED)
	@touch $@
