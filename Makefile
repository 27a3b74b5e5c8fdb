# Relais. `make help` says what can be done; `make demo` and `make test` are all that a newcomer needs.
#
# Every path is relative, so that a clone may lie anywhere, spaces in its path included.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON := .venv/bin/python
# Named after what it was made from, the clone's own place and Python included: whatever changes, it is made again.
INSTALLED := .venv/installed-$(shell { pwd; python3 -V; cat requirements.lock pyproject.toml; } 2>&1 | cksum | tr -d ' ')
AUDITING := .venv/audit/installed
INSTALLERS := .venv/installers/installed
UV := .venv/installers/bin/uv
LOCKING := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
# Further words for the command behind a target, such as `make demo OPTIONS="--port 8001"`.
OPTIONS ?=
# Where pytest is told more, such as `make test TESTS="tests/domain -x"`.
TESTS ?=

.PHONY: help
help: ## Dit ce que font les cibles
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: assets ## Lance la démonstration et affiche l'adresse et les comptes
	@exec $(PYTHON) -m relais demo $(OPTIONS)

.PHONY: test
test: lint assets chromium installers ## Vérifie tout : style, types, traductions, tests, navigateur
	@echo "→ tests"
	@exec $(PYTHON) -m pytest $(TESTS)

.PHONY: lint
lint: environment ## Vérifie le style, les types, les importations et le verrou
	@echo "→ ruff"
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m ruff format --check --quiet .
	@echo "→ mypy"
	@$(PYTHON) -m mypy --no-error-summary
	@echo "→ import-linter"
	@$(PYTHON) -c "from importlinter.cli import lint_imports_command as lint; lint()" > .venv/imports.txt \
		|| { cat .venv/imports.txt; exit 1; }
	@if grep -nE '://|file:|^ *-[^-]|^ *--[^h]| @ ' requirements.lock tools/*.lock; then \
		echo "Un verrou nomme une adresse ou un chemin."; exit 1; fi

.PHONY: bench
bench: environment ## Mesure les temps promis, en tableaux ; OPTIONS="lists verification" n'en fait qu'une partie
	@exec $(PYTHON) -m tests.bench $(OPTIONS)

.PHONY: chaos
chaos: assets ## Tue les pages, le worker et PostgreSQL pendant que huit personnes écrivent (dix minutes)
	@exec $(PYTHON) -m tests.chaos.kills $(OPTIONS)

.PHONY: coverage
coverage: environment ## Exige que les tests prennent chaque branche du domaine, de la charte et du scellement
	@exec $(PYTHON) -m tests.campaigns.branches

.PHONY: mutation
mutation: environment ## Altère charte, registre et scellement, et nomme ce que les tests ne voient pas (des heures)
	@$(PYTHON) -m tests.campaigns.charter_mutants
	@exec $(PYTHON) -m tests.campaigns.mutation $(OPTIONS)

.PHONY: matrix
matrix: environment ## Refait policies/matrix.md, qui peut quoi selon la charte
	@exec $(PYTHON) -m policies.matrix $(OPTIONS)

.PHONY: lock
lock: installers ## Refait les verrous, avec OPTIONS=--upgrade à neuf (demande le réseau)
	@$(UV) pip compile pyproject.toml --all-extras $(LOCKING) -o requirements.lock $(OPTIONS) > /dev/null
	@$(UV) pip compile tools/audit.in $(LOCKING) -o tools/audit.lock $(OPTIONS) > /dev/null
	@$(UV) pip compile tools/installers.in $(LOCKING) -o tools/installers.lock $(OPTIONS) > /dev/null

.PHONY: digests
digests: ## Épingle les images de base à leur empreinte du jour (demande docker et un registre)
	@sh tools/digests.sh

# What judges the packages is not among them: an environment of its own, from a lock of its own.
.PHONY: audit
audit: $(AUDITING) ## Cherche les failles publiées des paquets du verrou (demande le réseau)
	@.venv/audit/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
		--requirement requirements.lock $(OPTIONS)

.PHONY: sbom
sbom: $(AUDITING) ## Écrit la nomenclature des paquets du verrou, build/sbom.cdx.json (CycloneDX)
	@mkdir -p build
	@.venv/audit/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml \
		--output-reproducible --output-format JSON --output-file build/sbom.cdx.json
	@echo "→ build/sbom.cdx.json"

$(AUDITING): $(INSTALLED) tools/audit.lock
	@sh tools/environment.sh .venv/audit tools/audit.lock
	@touch $@

.PHONY: assets
assets: environment
	@$(PYTHON) web/assets/build.py

.PHONY: chromium
chromium: environment
	@$(PYTHON) -m tests.chromium

.PHONY: environment
environment: $(INSTALLED)

$(INSTALLED):
	@sh tools/environment.sh
	@touch $@

# An old pip and an uv, in an environment of their own.
.PHONY: installers
installers: $(INSTALLERS)

$(INSTALLERS): $(INSTALLED) tools/installers.lock
	@sh tools/environment.sh .venv/installers tools/installers.lock
	@touch $@

.PHONY: clean
clean: ## Supprime l'environnement et ce qui se refait (garde les données de démonstration)
	@rm -rf .venv build relais.egg-info web/static/built web/assets/node_modules test-results \
		.mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage
