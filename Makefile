# `make help` lists the targets. The work is done by ./dev.

.DEFAULT_GOAL := help
.PHONY: help run test mutants lint bench docs lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## serve Jifen on 127.0.0.1:8000 (HOST=..., PORT=... change it)
	@./dev run

test: ## lint, then every test: SQLite, PostgreSQL, a real browser
	@./dev test

mutants: ## do tests notice changes of the source? PACKAGE=policy, facts, ... (ARGS=--help)
	@./dev mutants $(PACKAGE) $(ARGS)

lint: ## ruff, mypy (strict), import-linter
	@./dev lint

bench: ## the measures of docs/performance.md, as ratios within one run
	@./dev bench

docs: ## the policy book of every city and version, into build/docs
	@./dev docs

lock: ## write the lock files anew from pyproject.toml (UPGRADE=1 takes newer versions)
	@./dev lock

clean: ## remove .venv, build and caches (the database in var/ stays)
	@./dev clean
