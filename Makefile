# The two commands a newcomer needs are `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(wildcard minga/locale/*/LC_MESSAGES/django.po minga/locale_of_libraries/*/LC_MESSAGES/django.po)

.PHONY: run install install-test test lint messages screenshots lock clean

run: install
	@$(BIN)/minga up

install: $(VENV)/.installed $(VENV)/.messages

install-test: $(VENV)/.installed-test $(VENV)/.messages

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Minga needs Python 3.11 or newer; this is %s. Name another with: make run PYTHON=python3.12" % sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/.installed: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Minga needs (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.installed-test: requirements/test.txt $(VENV)/.installed
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.messages: $(SOURCES) | $(VENV)/.installed
	@for folder in minga/locale minga/locale_of_libraries; do $(BIN)/pybabel --quiet compile --directory $$folder --domain django || exit 1; done
	@touch $@

test: install-test
	@$(BIN)/python tests/browser.py
	@$(BIN)/ruff check . && $(BIN)/ruff format --quiet --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest

lint: install-test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports --no-cache

# Collects the texts of code and templates into the translation files; then translate them and commit.
messages: install
	@$(BIN)/pybabel extract --mapping minga/locale/babel.cfg --keyword gettext_lazy --keyword ngettext_lazy:1,2 --project Minga --no-location --sort-output --output minga/locale/django.pot .
	@for language in es en fr pt; do \
	  if [ -f minga/locale/$$language/LC_MESSAGES/django.po ]; then $(BIN)/pybabel update --no-fuzzy-matching --no-wrap -D django -i minga/locale/django.pot -d minga/locale -l $$language; \
	  else $(BIN)/pybabel init -D django -i minga/locale/django.pot -d minga/locale -l $$language; fi; done

screenshots: install-test
	@$(BIN)/python tests/browser.py
	@$(BIN)/python docs/screenshots.py

# Names, versions and hashes only: a lock file holds no download addresses.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file requirements/run.txt
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file requirements/test.txt

clean:
	rm -rf $(VENV) build *.egg-info
