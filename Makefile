# The front door. `make handbook` and `make test` need only GNU make and Python 3.11 or newer (and git, to clone).
# Everything is put into .venv and _build; both may be deleted at any time.

PYTHON ?= python3
VENV   ?= .venv
BUILD  ?= _build
PORT   ?= 8000
ARGS   ?=

# A build never asks the clock. 0 and not some later date, because Sphinx takes 0 as "leave the copyright year as
# it is written"; with any other value it would replace this year's number, and next year it would not.
SOURCE_DATE_EPOCH ?= 0
export SOURCE_DATE_EPOCH

PY     := $(VENV)/bin/python
SPHINX := $(PY) -m sphinx -W --keep-going
PDF    := $(BUILD)/pdf/dry-needling-handbook.pdf

# The environment is as good as what it was made from: its stamp is named after the lock, the project file and
# the Python it runs on.
WHICH_PYTHON := import platform, sys; print(sys.base_prefix, platform.python_version())
PYTHON_IS    := $(shell "$(PYTHON)" -c '$(WHICH_PYTHON)' 2>/dev/null)
STAMP        := $(VENV)/.made-$(shell (echo '$(PYTHON_IS)'; cat requirements.txt pyproject.toml) | cksum | cut -d ' ' -f 1)
# A uv that is only in the way (a version manager's shim for another Python) does not answer this.
UV           := $(shell uv --version >/dev/null 2>&1 && echo uv)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# html and pdf share their doctrees.
.NOTPARALLEL:
.PHONY: help setup handbook html pdf zip live check versions links docs screenshots test test-full bench lint lock licences audit wheel schema release clean

help: ## say what can be made
	@echo "make TARGET [PYTHON=python3.12] [ARGS=...]"
	@awk -F ':[^#]*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## set up the environment in .venv (the others do this by themselves)

handbook: zip ## build the handbook: web pages, PDF, and both as a zip
	@echo
	@echo "Web pages  $(BUILD)/html/index.html"
	@echo "PDF        $(PDF)"

html: $(STAMP) ## build the web pages only, without links to PDFs
	$(call build,html,$(BUILD)/html)

pdf: $(STAMP) ## build the PDF only
	$(call build,typstpdf,$(dir $(PDF)))

# The pages once the PDF is there: source/conf.py has them lead to it, and to each sheet's.
zip: export CLINIC_PDFS := $(abspath $(dir $(PDF)))
zip: pdf ## pack web pages and PDF as a zip that opens from any folder, without a network
	$(call build,html,$(BUILD)/html)
	@$(PY) -m clinic_snippets.publishing.site_zip "$(BUILD)/html" --pdf "$(PDF)" --out "$(BUILD)"

# Without the copy in browsers: it would answer for whatever else is served at this port later.
# Its own doctrees: it builds without -W, and Sphinx would not repeat to `make html` a warning it gave here.
live: $(STAMP) ## build, serve on this machine, and rebuild whenever a source changes (PORT=8000)
	$(PY) -m sphinx_autobuild --port $(PORT) --watch clinic_snippets -d $(BUILD)/live/doctrees -D clinic_offline=0 $(ARGS) source $(BUILD)/live/html

# Releases are built once, from their own commits; the network is needed for the packages of a lock not met before.
versions: $(STAMP) ## build every release and the current tree as one site (SITE_URL=https://handbook.example)
	$(PY) -m clinic_snippets.cli versions --out $(BUILD)/site --cache $(BUILD)/versions $(if $(SITE_URL),--site-url "$(SITE_URL)") $(ARGS)

# Not part of the tests: it needs the network, and other people's servers to be well.
links: $(STAMP) ## ask every outside address whether it still answers (needs the network)
	$(PY) -m sphinx -q -b linkcheck -d $(BUILD)/links/doctrees source $(BUILD)/links

# Everything is read each time: Sphinx gives a warning met while reading once.
docs: $(STAMP) ## build the documentation of clinic_snippets in _build/docs
	$(SPHINX) -q -E -b html -d $(BUILD)/docs-doctrees docs $(BUILD)/docs

screenshots: html ## take the pictures in the documentation again (needs Chromium)
	$(PY) docs/_ext/screenshots.py $(BUILD)/html docs/_static

check: $(STAMP) ## check all records, without building
	$(PY) -m clinic_snippets.cli check source

# Files in the order of tests/conftest.py, long ones first, not by the number of their tests.
PYTEST = $(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder

test: $(STAMP) ## run the tests, but for the ones marked "full"
	$(PYTEST) -m "not full" $(ARGS)

test-full: $(STAMP) ## run every test
	$(PYTEST) $(ARGS)

# Not part of the tests, and no test asks a clock. sphinx-needs stands in an environment of its own: BENCH_NEEDS=its/bin/python.
bench: $(STAMP) ## compare what a table of records costs with other ways to make it (ARGS="--sizes 1000 --runs 3")
	$(PY) -m tests.bench $(ARGS)

lint: $(STAMP) ## look for mistakes in the code, and at its layout, without running it
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy

# Universal: one lock for Python 3.11 and newer, and with "fewest" one version of each package on all of them, so
# that every Python builds the same pages. Hashes and no index: it says what, not from where.
lock: $(STAMP) ## resolve pyproject.toml into requirements.txt again (ARGS=--upgrade for newer versions)
	$(VENV)/bin/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --all-extras --group dev \
	  --generate-hashes --no-emit-index-url --no-header $(ARGS) --output-file requirements.txt pyproject.toml

licences: $(STAMP) ## list the licence of every locked package, and fail where one is not free
	@$(PY) .ci/licences.py requirements.txt

# Strict: a package that nobody could be asked about does not count as sound.
audit: $(STAMP) ## ask whether a locked package has a known vulnerability (needs the network)
	$(or $(UV),$(VENV)/bin/uv) tool run pip-audit --strict --disable-pip --require-hashes --requirement requirements.txt $(ARGS)

wheel: $(STAMP) ## pack clinic_snippets as a wheel into dist/
	$(PY) -m build --wheel --no-isolation

schema: $(STAMP) ## write the schemas again, after a change of the models
	@for name in records reviews sign-offs changes; do \
	  $(PY) -m clinic_snippets.cli schema $$name --source source --out .vscode/$$name.schema.json || exit 1; done
	@$(PY) -m clinic_snippets.export.bundle_schema

# All that can be refused is refused before anything is written. A tag leads to pages that name its version.
release: $(STAMP) ## give the records out as a version, and tag it (VERSION=0.3.0 DATE=2026-12-31)
	@test -n "$(VERSION)" -a -n "$(DATE)" || { echo 'Name both: make release VERSION=0.3.0 DATE=2026-12-31' >&2; exit 1; }
	@changed="$$(git status --porcelain)" && test -z "$$changed" || { \
	  echo 'Some files are changed or new (git status); commit them or put them away first.' >&2; exit 1; }
	@test -z "$$(git tag --list "v$(VERSION)")" || { echo 'The tag v$(VERSION) is there already; take the next version.' >&2; exit 1; }
	@$(PY) -c 'import sys, clinic_snippets as c; sys.exit(c.__version__ != sys.argv[1])' "$(VERSION)" || { \
	  echo 'clinic_snippets/__init__.py gives another __version__; write $(VERSION) there and commit it first.' >&2; exit 1; }
	@git var GIT_AUTHOR_IDENT >/dev/null && git var GIT_COMMITTER_IDENT >/dev/null || { \
	  echo 'git does not know who you are; tell it: git config user.name "..." and git config user.email "..."' >&2; exit 1; }
	@draft="$$($(PY) -m towncrier build --draft --version "$(VERSION)" --date "$(DATE)" 2>&1)" || { \
	  echo "$$draft" >&2; echo 'towncrier cannot write CHANGELOG.md from changelog.d/; mend what it says.' >&2; exit 1; }
	$(PY) -m clinic_snippets.cli release "$(VERSION)" --date "$(DATE)" --source source
	$(PY) -m towncrier build --yes --version "$(VERSION)" --date "$(DATE)"
	git add --all
	git commit --quiet --message "Release $(VERSION)"
	git tag --annotate --message "Release $(VERSION)" "v$(VERSION)"
	@echo "Tagged v$(VERSION). To give it out: git push --follow-tags"

clean: ## delete what was built, but not the environment
	rm -rf "$(BUILD)" dist

# Sphinx gives a warning met while reading once: the next run finds the page unchanged, says nothing, and -W would
# pass. So what a run has read counts only if that run ended well, however else it ended.
PASSED = $(BUILD)/doctrees/passed
define build
@test -e $(PASSED) || rm -f $(BUILD)/doctrees/environment.pickle
@rm -f $(PASSED)
$(SPHINX) -b $(1) -d $(BUILD)/doctrees source $(2)
@touch $(PASSED)
endef

# uv where there is one, else the one named in the lock, else pip alone: the same packages every way.
$(STAMP):
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'Python 3.11 or newer is needed; "$(PYTHON)" is $(or $(PYTHON_IS),not there). Name another: make PYTHON=python3.12 ...' >&2; exit 1; }
	@test "$$($(PY) -c '$(WHICH_PYTHON)' 2>/dev/null)" = "$(PYTHON_IS)" || rm -rf $(VENV)
	@echo "Setting up $(VENV) with Python $(lastword $(PYTHON_IS)) ..."
	@uv="$(UV)"; \
	if [ -n "$$uv" ]; then \
	  test -e $(PY) || uv venv --quiet --python "$$("$(PYTHON)" -c 'import sys; print(sys.executable)')" $(VENV) || uv=; \
	else \
	  "$(PYTHON)" -m venv $(VENV) || exit 1; \
	  awk '/^[^ #]/ { wanted = /^uv==/ } wanted' requirements.txt > $(VENV)/uv.txt; \
	  $(PY) -m pip install --quiet --require-hashes -r $(VENV)/uv.txt && uv=$(VENV)/bin/uv; \
	fi; \
	if [ -n "$$uv" ] && $$uv pip sync --link-mode copy --require-hashes --python $(PY) requirements.txt; then \
	  $$uv pip install --quiet --offline --no-deps --no-build-isolation --python $(PY) --editable .; \
	else \
	  echo "Without uv: installing with pip, which takes longer."; \
	  "$(PYTHON)" -m venv $(VENV) && \
	  $(PY) -m pip install --require-hashes -r requirements.txt && \
	  $(PY) -m pip install --quiet --no-deps --no-build-isolation --editable .; \
	fi
	@rm -f $(VENV)/.made-* && touch $@
