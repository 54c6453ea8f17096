# make demo   set up, run the main job on corpus/, show the table
# make test   set up, pass every check
# make test-scale   the tests with a Ray on this machine
# make test-review   the tests with a real Label Studio (the first time installs it, about 1 GB)
# Needs Python >= 3.11, git and make; everything else comes from the package index.

VENV ?= .venv
BIN := $(VENV)/bin
# The first Python that is new enough and can make environments, whatever it is called.
PYTHON ?= $(shell for p in python3 python python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo "$$p" && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install

.PHONY: demo test test-scale test-review label-studio browser check lint types unit smoke audit floors rule-coverage mutants benchmark benchmark-peers clean

demo: $(VENV)/.runtime
	@$(BIN)/claimtable extract corpus --format table

test: lint types unit smoke
	@echo "All checks passed."

# The quick part of `test`, to run while working: no trained pipeline, no shared data, no wheel.
check: lint types
	$(BIN)/python -m pytest -q -m "not pipeline and not shared and not slow and not ray and not label_studio"

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

unit: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not ray and not label_studio"

# Apart from `test`: starting a cluster takes long.
test-scale: $(VENV)/.dev
	$(BIN)/python -m pytest -q -m ray

# Apart from `test`, which would take more than ten minutes with them.
test-review: label-studio browser
	CLAIMTABLE_NEEDS_LABEL_STUDIO=1 $(BIN)/python -m pytest -q -m label_studio

label-studio: $(VENV)/.dev
	$(BIN)/python tests/review/label_studio_server.py

# Chromium for the tests of the screen; where apt cannot install it, it says so, and they are skipped.
browser: $(VENV)/.dev
	$(BIN)/python tests/review/chromium.py

# The built sdist and wheel in environments of their own, run from another folder, on the oldest and newest Python here.
smoke: $(VENV)/.dev
	.ci/smoke $(BIN)/python

# Licences of what is installed, and its known vulnerabilities, where the service can be reached.
audit: $(VENV)/.dev
	.ci/audit $(BIN)/python

# Writes today's scores as floors. Raises only; LOWER=1 lowers too, in a commit of its own.
floors: $(VENV)/.dev
	$(BIN)/python tests/evaluate/floors.py $(if $(LOWER),--lower)

# Small changes of meaning, and whether the tests notice; takes hours. What tests/mutants.jsonl has is not tried again.
mutants: $(VENV)/.dev
	$(BIN)/python tools/mutants.py

# For each line of each table how often it proposed, won, was right and wrong, on all gold and on texts; takes some minutes.
rule-coverage: $(VENV)/.dev
	@$(BIN)/python tools/rule_coverage.py

benchmark: $(VENV)/.dev
	$(BIN)/python benchmarks/speed.py --chart benchmarks/speed.svg

# An environment is made again when what it holds may have changed.
$(VENV)/.runtime: pyproject.toml
	@$(MAKE) --no-print-directory $(BIN)/python
	@echo "Installing claimtable ..." >&2
	@$(PIP) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml
	@$(MAKE) --no-print-directory $(BIN)/python
	@echo "Installing claimtable and its tools ..." >&2
	@$(PIP) --editable ".[dev]"
	@touch $@ $(VENV)/.runtime

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 with venv found: install one (on Debian also python3-venv), or run make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# The same beside other libraries, in a folder of their own: recognizers-text wants an emoji below 2.
PEERS := .cache/peers
benchmark-peers: $(VENV)/.dev
	$(PIP) --no-deps --upgrade --target $(PEERS) quantulum3 inflect num2words dateparser timexy recognizers-text \
		recognizers-text-number recognizers-text-number-with-unit recognizers-text-date-time "emoji<2" datedelta \
		regex multipledispatch grapheme
	PYTHONPATH=$(PEERS) $(BIN)/python benchmarks/speed.py

clean:
	rm -rf build dist $(VENV)
