# Every command of the project. `make help` lists them.

CONFIGURATION ?= debug
# As the image is built: with Swift's libraries inside, whose functions are called a little faster for it.
RELEASE = --configuration release --static-swift-stdlib
SWIFT_FORMATTED = Package.swift Sources Tests Benchmarks Examples
# How many tests run at a time. All at once, each with databases of its own, a small machine gets nowhere.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 8

.DEFAULT_GOAL := help
.PHONY: help run dev test test-faults coverage lint format openapi contract check-contract docs test-clients bench-store bench-projections bench-http bench-outbox benchmark setup clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-17s  %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## build the service and run it on port 3001, with databases and a Redis of its own in .data
	@echo "==> Building the service ($(CONFIGURATION))"
	@swift build --configuration $(CONFIGURATION) --product invoices
	@echo "==> Starting the service"
	@exec .build/$(CONFIGURATION)/invoices serve

dev: setup ## like run, and built and started anew whenever a source file changes
	@exec scripts/dev

test: ## everything that CI runs: format, build, documents, tests, the service held to the document
	@echo "==> Installing what is missing"
	@scripts/setup checks
	@$(MAKE) --no-print-directory lint
	@echo "==> Building the tests"
	@swift build --build-tests --explicit-target-dependency-import-check error
	@$(MAKE) --no-print-directory openapi
	@$(MAKE) --no-print-directory docs
	@$(MAKE) --no-print-directory check-contract
	@echo "==> Running the tests"
	@swift test --skip-build --disable-xctest

test-faults: ## kill service, worker, Redis and databases 30 times while events leave (5 minutes)
	@scripts/setup checks
	@swift build --build-tests
	@FAULT_ROUNDS=30 swift test --skip-build --disable-xctest --filter FaultRounds

coverage: ## run the tests and show how much of each source file they reach
	@scripts/setup checks
	@swift test --scratch-path .build-coverage --enable-code-coverage --disable-xctest
	@scripts/coverage

lint: ## check the format of the Swift sources
	@echo "==> Checking the format"
	@swift format lint --strict --parallel --recursive $(SWIFT_FORMATTED)

format: ## format the Swift sources
	@swift format --in-place --parallel --recursive $(SWIFT_FORMATTED)

openapi: ## validate openapi.yaml, and look for what it leaves unsaid
	@scripts/setup checks
	@echo "==> Validating openapi.yaml"
	@.venv/bin/openapi-spec-validator openapi.yaml
	@.venv/bin/python scripts/lint-openapi

docs: ## render the documentation of all targets as one site, .build/docs; a broken link is an error
	@echo "==> Rendering the documentation"
	@scripts/docs

contract: ## build the service and hold it to openapi.yaml (a minute)
	@scripts/setup checks
	@swift build --product invoices
	@$(MAKE) --no-print-directory check-contract

check-contract:
	@echo "==> Holding the service to openapi.yaml"
	@scripts/check-contract

test-clients: ## generate clients in Python, Java and TypeScript, and try each with the built service
	@scripts/setup clients
	@swift build --product invoices
	@scripts/test-clients

bench-store: ## measure the event store beside pgbench, COPY and a peer (15 minutes); see Benchmarks/README.md
	@$(MAKE) --no-print-directory benchmark BENCHMARK=store

bench-projections: ## measure projections and subscriptions beside pgbench (5 minutes)
	@$(MAKE) --no-print-directory benchmark BENCHMARK=projections

bench-http: ## measure the service beside Hummingbird alone and a twin on FastAPI (8 minutes)
	@scripts/setup benchmarks
	@swift build $(RELEASE) --product invoices
	@$(MAKE) --no-print-directory benchmark BENCHMARK=http

bench-outbox: ## measure relay, queues and workers on Redis beside redis-benchmark and BullMQ for Python (3 minutes)
	@scripts/setup benchmarks
	@swift build $(RELEASE) --product invoices
	@$(MAKE) --no-print-directory benchmark BENCHMARK=outbox

benchmark:
	@scripts/setup benchmarks
	@echo "==> Building the benchmarks (release)"
	@swift build $(RELEASE) --product Benchmark
	@.build/release/Benchmark $(BENCHMARK) $(ARGUMENTS)

setup: ## install what is missing: libpq, PostgreSQL, Redis, the files of Swagger UI
	@scripts/setup

clean: ## remove what was built and downloaded; data in .data stays
	rm -rf .build .build-clients .build-coverage .venv* .swagger-ui
