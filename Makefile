# What people do with a checkout. Every target sets up what it needs by itself.

.PHONY: help demo test check style docs lock clean
.DEFAULT_GOAL := help

run := .venv/bin/python -m
TESTS ?= tests
ARGS ?=

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

demo:  ## run a whole hall here (ARGS="--hall boai --speed 60")
	@./yichuang demo $(ARGS)

test: style  ## all checks and all tests, with branch coverage (TESTS=tests/kiosk: a part, without)
	@$(run) pytest $(TESTS) $(if $(filter tests,$(TESTS)),--cov --cov-report=term:skip-covered) $(ARGS)

check: style  ## style, types, floors, documents: before every commit
	@$(run) pytest -q tests/test_house.py tests/test_docs.py

style:
	@sh deploy/setup.sh test
	@$(run) ruff check
	@$(run) ruff format --check
	@$(run) mypy
	@.venv/bin/lint-imports

docs:  ## write the tables in docs/ anew from the code
	@sh deploy/setup.sh test
	@$(run) tests.reference.parts

lock:  ## resolve the dependencies anew
	@sh deploy/lock.sh

clean:  ## forget everything that can be made again
	@rm -rf .venv build dist .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
