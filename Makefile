# Thin: every target is a line or two over the tools. Paths are relative, so any folder will do, also one with a blank.
.DEFAULT_GOAL := help
.PHONY: help run demo test coverage endurance endure test-postgresql books pictures bench bench-documents bench-reminders bench-gateway bench-pages bench-open-orders bench-shop bench-shop-engine bench-storage bench-growth histories mutants lint lock licences sbom vulnerabilities clean environment
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile

run: environment ## start everything and stay (Ctrl-C stops it, data stay in var/)
	@exec $(PY) worker.py --embedded

demo: environment ## live the example orders in skipped time and show them
	@$(PY) starter.py demo

test: environment ## the whole test suite (TESTS=… for a part)
ifdef TESTS
	$(PY) -m pytest $(TESTS)
else
	$(PY) -m pytest -n 2 -q tests/models tests/books tests/lint
	$(PY) -m pytest -n 3 --dist worksteal -q -m "not endurance" tests/rehearsal tests/workflows
	$(PY) -m pytest -n 4 --dist worksteal -q --reruns 1 -rR -m "not endurance" --ignore=tests/models --ignore=tests/books --ignore=tests/lint --ignore=tests/rehearsal --ignore=tests/workflows
endif

coverage: environment ## how much of the models and the workflows their tests reach: at least 95 % of each
	@mkdir -p -m 700 var && mkdir -p var/coverage
	$(PY) -m pytest -n 2 -q --cov=models --cov-report= tests/models
	@$(PY) -m coverage report --include='models/*' --omit='models/tables/*' --fail-under=95
	$(PY) -m pytest -n 3 --dist worksteal -q --cov=workflows --cov-report= tests/rehearsal tests/workflows
	@$(PY) -m coverage report --include='workflows/*' --fail-under=95

test-postgresql: environment ## the door, the pages, webhooks and the command line with the order database on PostgreSQL
	$(PY) -m pytest -n 2 -q --database=postgresql tests/gateway tests/commands

endurance: environment ## what takes minutes: stores put back, a thousand facts under kill -9 (FACTS=…)
	$(PY) -m pytest -q -m endurance tests
	EVERY_LIFE=1 $(PY) -m pytest -q tests/changing/test_growth.py tests/activities/test_lived_orders.py
	FACTS=$(or $(FACTS),1000) $(PY) -m pytest -q tests/gateway/test_loss.py

endure: environment ## random orders while everything is killed, paused, filled up and put back (SEED=1 ORDERS=100 WAYS=11)
	@$(PY) -m tests.endure --seed $(or $(SEED),1) --orders $(or $(ORDERS),100) --ways $(or $(WAYS),11)

bench: environment ## whole lives beside the bare engine, and what else docs/performance.md has (BENCH=--quick, BENCH=replay, …)
	@$(PY) -m tests.benchmark.lives $(BENCH)

bench-documents: environment ## sheets a second, time and memory per scan, recognition rate (SCANS=…)
	@$(PY) -m tests.benchmark.documents --scans $(or $(SCANS),200)

bench-reminders: environment ## reminders of 5,000 open balances
	@$(PY) -m tests.benchmark.reminders

bench-gateway: environment ## the door against the bare update, on one server in one run
	@$(PY) -m tests.benchmark.gateway

bench-pages: environment ## every page with 10,000 open and 100,000 closed orders, on both databases (PAGES='--open 100 --closed 1000')
	@$(PY) -m tests.benchmark.pages $(PAGES)

bench-open-orders: environment ## many open orders on one server: taken in a second, memory, facts, kill -9, jobs (OPEN=20000, WORKERS=2, MINUTES=8 to start no more after so long, LIMIT=40 to give all up after so long, FOLDER=… to go on after a break, REPORT=… for a file)
	@$(PY) -m tests.benchmark.open_orders --open $(or $(OPEN),20000) --minutes $(or $(MINUTES),0) $(if $(WORKERS),--workers $(WORKERS)) $(if $(LIMIT),--most-minutes $(LIMIT)) $(if $(FOLDER),--folder $(FOLDER)) $(if $(REPORT),--json $(REPORT))

bench-shop: environment ## 200 shoppers and the last 60 pieces, processes killed, payments told twice, on both databases
	@$(PY) -m tests.benchmark.shop

bench-shop-engine: environment ## the same with the orders on the engine: workers are killed until every order has ended
	@$(PY) -m tests.benchmark.shop_engine

bench-growth: environment ## how tables and indices grow month by month while rows are changed, on both databases (MONTHS=6 ORDERS=500)
	@$(PY) -m tests.benchmark.growth --months $(or $(MONTHS),6) --orders $(or $(ORDERS),500)

bench-storage: environment ## what an order takes up in the order database, table by table
	@$(PY) -m tests.benchmark.storage

mutants: environment ## faults put into the code, and whether a test notices (MUTANTS=200 SEED=1, AGAIN=var/mutants/1.json; slow)
	$(PY) -m tests.mutation --count $(or $(MUTANTS),200) --seed $(or $(SEED),1) $(if $(AGAIN),--again $(AGAIN))

histories: environment ## record lives of orders that have no history yet (tests/replay)
	$(PY) -m tests.replay.record

pictures: environment ## take the pictures of docs/pictures anew (needs Debian's chromium and fonts-noto-cjk)
	@$(PY) -m tests.pages.pictures

books: environment ## make the pages of docs/ anew that come from the code
	@$(PY) -m books

lint: environment ## style, types, import rules, forbidden calls
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --cache-dir var/cache/imports
	$(PY) .ci/forbidden_calls.py models workflows

environment: ## .venv with exactly what requirements.lock names
	@sh .ci/environment "$(PYTHON)"

# yattag makes cosmic-ray's HTML reports, which nobody asks for here, and comes without a wheel.
lock: ## choose versions anew within pyproject.toml
	"$(PYTHON)" -m venv --clear var/lock-tools
	var/lock-tools/bin/python -m pip install --quiet 'pip-tools>=7.6,<8'
	CUSTOM_COMPILE_COMMAND='make lock' var/lock-tools/bin/python -m piptools compile --quiet --upgrade \
	  --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras \
	  --unsafe-package yattag --extra test --extra lint --output-file requirements.lock pyproject.toml

licences: environment ## under which licence each dependency is (docs/licences.md)
	@mkdir -p -m 700 var; $(PY) .ci/licences.py > var/licences.md && mv var/licences.md docs/licences.md

# Tools that look at the product and are no part of it, in an environment of their own.
var/supply-tools/bin/python:
	"$(PYTHON)" -m venv --clear var/supply-tools
	var/supply-tools/bin/python -m pip install --quiet --disable-pip-version-check 'cyclonedx-bom==7.5.0' 'pip-audit==2.10.1'

sbom: environment var/supply-tools/bin/python ## what the product is made of, as CycloneDX JSON (var/sbom.json)
	var/supply-tools/bin/python -m cyclonedx_py environment --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --of JSON -o var/sbom.json .venv

vulnerabilities: environment var/supply-tools/bin/python ## what is known against the dependencies; exit 3: it could not look at all of them
	$(PY) .ci/vulnerabilities.py var/supply-tools/bin/python -m pip_audit

clean: ## remove what can be made again; var/ with its data stays
	rm -rf .venv var/cache var/coverage var/lock-tools var/supply-tools .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
