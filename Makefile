PYTHON ?= python3
ARGS ?=

.PHONY: review demo-app test test-all check ranker bench clean

review: ## review the sample, or your own change: make review ARGS="--base main"
	@PYTHON=$(PYTHON) scripts/review $(ARGS)

demo-app: ## show the GitHub App at work on the sample: all real but GitHub
	@PYTHON=$(PYTHON) scripts/demo-app $(ARGS)

test: ## set up all that the tests need, and run them
	@PYTHON=$(PYTHON) scripts/test

test-all: ## the same with what is slow
	@PYTHON=$(PYTHON) scripts/test --all

ranker: ## fit the ranker anew, to the same bytes: make ranker DATA=DIR (pr_train*.jsonl lie there)
	@scripts/ranker $(DATA)

bench: ## measure on real pull requests, without a model: make bench DATA=DIR (pr_dev*.jsonl and trees lie there)
	@scripts/bench $(DATA)

check: ## format, lint, types, imports, docs
	@PYTHON=$(PYTHON) scripts/check
