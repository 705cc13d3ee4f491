# `make run` and `make test` are all a newcomer needs; both may be repeated at will.
PYTHON ?= python3
BIN := .venv/bin
# Tests wait for clocks and processes more than they compute: more of them than there are cores.
WORKERS ?= 5
# Compiled once, also where the caller does without: each worker and each process of the bot is a start.
unexport PYTHONDONTWRITEBYTECODE
PYTEST = $(BIN)/pytest -n $(WORKERS) --dist worksteal
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run install semantic test test-postgres quick bench bench-long bench-rest pictures texts format lock

run: install
	@$(BIN)/tocsin start

install: .venv/.installed

# What SEMANTIC=on needs.
semantic: install
	$(PIP) install --require-hashes -r requirements-semantic.lock

test: .venv/.installed-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST)

# `make test` tries storage, pipeline and some journeys on PostgreSQL; this all of them.
test-postgres: .venv/.installed-test
	TEST_ENGINE=postgres $(PYTEST) tests/storage tests/pipeline tests/actions tests/handlers tests/journey

# They wait for little, and each process costs what it takes to collect them. Journeys and what opens
# the page are all slow.
quick: WORKERS = 2
quick: .venv/.installed-test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PYTEST) --hypothesis-profile=quick -m "not slow" --ignore=tests/journey --ignore-glob="tests/playground/test_page*"

# Writes docs/performance.md, in some ten minutes; peers are installed into .venv-peers.
bench: .venv/.installed-bench
	$(BIN)/python -m benchmarks.speed

# The same with a million stories and a hundred thousand feeds, on a page of its own: half an hour.
bench-long: .venv/.installed-bench
	$(BIN)/python -m benchmarks.speed --long

# Most other measurements of which docs/ tells: hours. Those that need a server or data run by name.
bench-rest: .venv/.installed-bench
	$(BIN)/python -m benchmarks

# Takes the README's pictures anew, in Chromium.
pictures: .venv/.installed-test
	TOCSIN_SCREENSHOTS=docs/images $(BIN)/pytest -n 0 tests/journey/test_readme_pictures.py

# Lets the template and the catalogues of languages follow what the code says.
texts: .venv/.installed-test
	$(BIN)/python -m bot.texts update

format: .venv/.installed-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Resolves the dependencies anew; the results are committed.
lock: .venv/.installed-test
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --extra test --output-file requirements-test.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --extra semantic --output-file requirements-semantic.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --extra test --extra bench --output-file requirements-bench.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --output-file benchmarks/peers.txt benchmarks/peers.in

.venv/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tocsin needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: .venv/.created requirements.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --editable .
	@touch $@

.venv/.installed-test: .venv/.installed requirements-test.lock
	$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

.venv/.installed-bench: .venv/.installed-test requirements-bench.lock
	$(PIP) install --require-hashes -r requirements-bench.lock
	@touch $@
