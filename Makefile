# The Debian packages, the Python packages and the settings a target needs are installed by the target itself.

.DEFAULT_GOAL := help
.PHONY: help run test drill check format messages lock forms bench-book bench-import clean

help: ## list every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## install what is missing and serve the site with its demo data (PORT=9000 for another port)
	@PORT='$(PORT)' bin/run

test: ## run the suite on PostgreSQL, on SQLite and in a browser
	@bin/test

drill: ## kill, starve and restart the site on both databases: nothing may be lost (ONLY=kill_server, SOAK_MINUTES=120)
	@ONLY='$(ONLY)' SOAK_MINUTES='$(SOAK_MINUTES)' bin/drill

check: ## what CI checks before the tests: format, lint, types, templates, migrations, texts, settings, arrows
	@bin/check

format: ## put code and templates into shape
	@bin/setup check
	.venv/bin/ruff check --fix --exit-zero --quiet
	.venv/bin/ruff format
	.venv/bin/djlint --reformat --warn --quiet templates
	.venv/bin/djlint --reformat --warn --quiet templates  # again: a first pass can leave lines that a second one joins

messages: ## collect the texts to translate into locale/ky and locale/ru, and compile them
	@bin/setup check
	@bin/messages collect
	@bin/messages compile

lock: ## write the hash-pinned lock files anew from pyproject.toml
	@bin/setup check
	.venv/bin/uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	.venv/bin/uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --no-header --extra dev -c requirements.lock -o requirements-dev.lock

forms: ## print every paper form of the demo into build/forms
	@bin/prepare
	.venv/bin/python manage.py print_forms build/forms

bench-book: ## time a district's book of 100 schools beside one WeasyPrint process and beside LibreOffice
	@bin/setup run
	@bin/setup bench || echo "LibreOffice is missing: the book is measured without it."
	@bin/messages compile
	@.venv/bin/python -m bench.book

bench-import: ## read, apply and undo a district of 3,000 teachers from one workbook while pages are asked for
	@bin/setup run
	@bin/messages compile
	@.venv/bin/python -m bench.imports

clean: ## remove what can be made again; .venv, .env and the database stay
	rm -rf build var/static .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -path ./.venv -prune -o \( -name __pycache__ -o -path './locale/*.mo' \) -print0 | xargs -0 -r rm -rf
