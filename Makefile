# make demo    the site with the demonstration province       make lint   style of code and templates
# make test    all tests                                      make types  type annotations
# make bench   the figures of the README                      make clean  forget what was installed; data in var/ stay
# make load    how the site answers to 16, 40, 80 people (LOAD="--people 40 --seconds 60 --source ANOTHER_CHECKOUT")
# make mutate  changes the source in some hundred places: a test must fail each time (MUTATE="periods" for those alone)
# make torture imports the workbooks of other projects' tests
#
# The first of them installs into .venv, again only when a requirements file changes. PYTHON=… names another interpreter.

.PHONY: demo test lint types bench bench-collect load mutate torture clean chromium
.DEFAULT_GOAL := demo
export PYTHONUTF8 := 1
# What is compiled is kept, whatever the machine says: the tests start some hundred processes.
unexport PYTHONDONTWRITEBYTECODE

# The system's own Python first: one that was compiled by hand is mostly compiled without its profile, and a third slower.
PYTHON ?= $(shell for python in /usr/bin/python3 python3.11 python3 python3.12 python3.13 python3.14; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
	{ echo "$$python"; break; }; done)
PY := .venv/bin/python
checksum = $(shell cat $(1) | cksum | cut -d' ' -f1)
SITE := .venv/site-$(call checksum,requirements.txt)
TESTS := .venv/tests-$(call checksum,requirements.txt tests/requirements.txt)
BENCH := .venv/bench-$(call checksum,requirements.txt tests/requirements.txt tests/benchmarks/requirements.txt)
LOADED := .venv/load-$(call checksum,requirements.txt tests/requirements.txt tests/load/requirements.txt)

demo: $(SITE)
	@$(PY) manage.py demo

test: $(TESTS) chromium
	@$(PY) -m pytest -n auto --dist worksteal

lint: $(TESTS)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m djhtml --check --tabwidth 2 templates

types: $(TESTS)
	@$(PY) -m mypy

bench: $(BENCH)
	@$(PY) -m pytest -o addopts= -q -s -rs tests/benchmarks

# That every benchmark can be started, without running it: part of .ci/run.
bench-collect: $(BENCH)
	@collected=$$($(PY) -m pytest -o addopts= -q --collect-only tests/benchmarks 2>&1) || { echo "$$collected"; exit 1; }

load: $(LOADED)
	@$(PY) -m tests.load $(LOAD)

mutate: $(TESTS)
	@$(PY) -m tests.mutations $(MUTATE)

torture: $(TESTS)
	@$(PY) -m tests.benchmarks.torture

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

.venv/made:
	@test -n "$(PYTHON)" || { echo "Cần Python từ bản 3.11, có venv (Debian, Ubuntu: apt-get install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) thiếu venv (Debian, Ubuntu: apt-get install python3-venv)." >&2; exit 1; }
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@touch $@

$(SITE): requirements = requirements.txt
$(TESTS): requirements = tests/requirements.txt
$(BENCH): requirements = tests/benchmarks/requirements.txt
$(LOADED): requirements = tests/load/requirements.txt
$(SITE) $(TESTS) $(BENCH) $(LOADED): | .venv/made
	@echo "Cài các gói của $(requirements) vào .venv (có thể mất vài phút)…" >&2
	@$(PY) -m pip install -qq --disable-pip-version-check --root-user-action=ignore -r $(requirements)
	@touch $@

# The browser tests need Chromium; without it and without root they fail with a line that names this command.
chromium:
	@command -v chromium-headless-shell >/dev/null || test "$$(id -u)" != 0 || ! command -v apt-get >/dev/null || { \
		echo "Cài Chromium cho các kiểm thử bằng trình duyệt (apt-get install chromium-headless-shell)…" >&2; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq; \
		apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null 2>&1 || \
			command -v chromium >/dev/null || apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	} || true
