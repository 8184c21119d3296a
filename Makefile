# Each target sets itself up: a virtual environment in .venv with every version pinned in constraints.txt.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
UPSTREAM := openai-whisper whisperspeech whisperspeech2 vector-quantize-pytorch vocos speechbrain

.PHONY: demo test lint bench chaos clean

demo: $(READY)
	$(BIN)/sayso run demo --to runs/demo
	$(BIN)/sayso verify runs/demo

# Whole runs wait more than they work, so three files of tests at a time; the fixtures of a file stay together. In the
# order of tests/conftest.py, for the files with the fewest tests, which would come last, are the longest. Tests on real
# rows need a folder, `SAYSO_OPEN_DATA=FOLDER make test`; without one, the last lines say how many were left out.
test: $(READY)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations 20

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m tests.benchmarks

# The long forms of what the tests do to input and runs: every worst text at three lengths, hostile rows by the hundred
# thousand, and files, processes and disks that fail, several times in every way.
chaos: $(READY)
	$(BIN)/python -m tests.hostile
	$(BIN)/python -m tests.faults

# The last are what the tests hold our models against. They go in by themselves, for what they require does not install
# together, or brings a GPU compiler that a CPU has no use for.
$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[speech,dev]'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-deps $(UPSTREAM)
	touch $@

clean:
	rm -rf $(VENV) runs .mypy_cache .ruff_cache .pytest_cache
