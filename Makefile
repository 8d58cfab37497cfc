# Every command a person needs. Each sets up what it uses; a second run finds it done.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export TEMGOC_MODE ?= demo
export HOST PORT

.PHONY: run setup setup-dev browser test check format bench pictures lock words clean

run: setup
	@$(BIN)/flask --app trace serve

setup: $(VENV)/.run
	@$(BIN)/pybabel -q compile -d trace/translations

setup-dev: $(VENV)/.dev
	@$(BIN)/pybabel -q compile -d trace/translations

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

# A stamp file beside the environment says which lock it was filled from.
$(VENV)/.run: requirements/run.txt | $(VENV)/bin/pip
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/bin/pip
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/.run

browser: setup-dev
	$(BIN)/python tests/get_browser.py

test: browser
	$(BIN)/python -m pytest -n 3 --dist worksteal --reruns 1 $(ARGS)

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/bandit -q -ll -r trace labels -c pyproject.toml

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup-dev
	$(BIN)/python -m pytest -q -s --timeout=0 tests/bench_*.py

pictures: browser
	$(BIN)/python tests/take_pictures.py

lock: setup-dev
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 --no-header pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --python-version 3.11 --no-header --extra dev pyproject.toml -o requirements/dev.txt

words: setup-dev
	$(BIN)/pybabel -q extract -F babel.cfg --no-location --sort-output -k lazy_gettext -k Refused -k notify:2 -k Act:4 -k LabelError:2 -k Verdict:3 -k ngettext:1,2 -o trace/translations/messages.pot .
	$(BIN)/python tests/gather_words.py

clean:
	rm -rf $(VENV) instance
