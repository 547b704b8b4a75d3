PYTHON ?= python3
ARGS ?=

.PHONY: review test test-all check clean

review: ## review the sample, or your own change: make review ARGS="--base main"
	@PYTHON=$(PYTHON) scripts/review $(ARGS)

test: ## set up all that the tests need, and run them
	@PYTHON=$(PYTHON) scripts/test

test-all: ## the same with what is slow
	@PYTHON=$(PYTHON) scripts/test --all

check: ## format, lint, types, imports, docs
	@PYTHON=$(PYTHON) scripts/check
