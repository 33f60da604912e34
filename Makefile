# `make help` lists the targets. The work is done by ./dev.

.DEFAULT_GOAL := help
.PHONY: help run test test-fast test-long test-postgres choose-for-postgres coverage mutants lint \
  bench docs lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## serve Jifen on 127.0.0.1:8000 (HOST=..., PORT=... change it)
	@./dev run

test: ## lint and every test: SQLite, PostgreSQL, a real browser
	@./dev test

test-fast: ## the tests of what was changed, without a browser
	@./dev test-fast

test-long: ## every test on SQLite, with many random examples, other ones each time
	@./dev test-long

test-postgres: ## only the tests that run on PostgreSQL
	@./dev test-postgres

choose-for-postgres: ## choose these tests anew (tests/second_database.py)
	@./dev choose-for-postgres

coverage: ## which lines and branches no test reaches
	@./dev coverage

mutants: ## do tests notice changes of the source? PACKAGE=policy, facts, ... (ARGS=--help)
	@./dev mutants $(PACKAGE) $(ARGS)

lint: ## ruff, mypy (strict), import-linter
	@./dev lint

bench: ## the measures of docs/performance.md, as ratios within one run
	@./dev bench

docs: ## the site of the documentation, with search, into build/docs
	@./dev docs

lock: ## write the lock files anew from pyproject.toml (UPGRADE=1 takes newer versions)
	@./dev lock

clean: ## remove .venv, build and caches (the database in var/ stays)
	@./dev clean
