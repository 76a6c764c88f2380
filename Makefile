# The Debian packages, the Python packages and the settings a target needs are installed by the target itself.

PIP_AUDIT := 2.10.1
CYCLONEDX := 7.5.0

.DEFAULT_GOAL := help
.PHONY: help run test accessibility drill crawl check format messages permissions lock audit sbom forms bench bench-book bench-import clean

help: ## list every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## install what is missing and serve the site with its demo data (PORT=9000 for another port)
	@PORT='$(PORT)' bin/run

test: ## run the suite on PostgreSQL, on SQLite and in a browser
	@bin/test

accessibility: ## look at every page in both languages, on a phone and on a desk: barriers, width, focus, print (an hour)
	@bin/setup test
	@bin/messages compile
	@. bin/settings && export DJANGO_ALLOW_ASYNC_UNSAFE=true THOROUGH=yes DATABASE_URL=sqlite:///var/accessibility.sqlite3 \
	  && .venv/bin/pytest tests/browser/test_every_page.py tests/browser/test_keyboard.py --numprocesses 2

drill: ## kill, starve and restart the site on both databases: nothing may be lost (ONLY=kill_server, SOAK_MINUTES=120)
	@ONLY='$(ONLY)' SOAK_MINUTES='$(SOAK_MINUTES)' bin/drill

crawl: ## ask every address for what nobody would ask, as every role: never an error of the server (an hour)
	@bin/setup test
	@bin/messages compile
	@. bin/settings && export CRAWL=whole \
	  && bin/with-postgres .venv/bin/pytest tests/web/test_crawl.py --numprocesses 2

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

audit: ## ask for known holes in the pinned packages; needs the network, so CI runs it and not make check
	@bin/setup check
	.venv/bin/uv tool run --from pip-audit==$(PIP_AUDIT) pip-audit --strict --disable-pip --require-hashes -r requirements.lock

sbom: ## write build/sbom.json, the list of all packages the site is made of (CycloneDX)
	@bin/setup check
	@mkdir -p build
	.venv/bin/uv tool run --from cyclonedx-bom==$(CYCLONEDX) cyclonedx-py requirements requirements.lock \
	  --pyproject pyproject.toml --mc-type application --output-reproducible --of JSON -o build/sbom.json

permissions: ## write docs/permissions.md from tests/permissions/table.md
	@bin/setup run
	@.venv/bin/python -m tests.permissions.document

forms: ## print every paper form of the demo into build/forms
	@bin/prepare
	.venv/bin/python manage.py print_forms build/forms

bench: ## time the main pages on a small country beside bare pages; say what got worse (KEEP=yes writes it down)
	@bin/setup test
	@bin/messages compile
	@. bin/settings && bin/with-postgres .venv/bin/python -m bench.short $(if $(KEEP),--keep)

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
