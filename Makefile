# Two commands do everything: `make run` and `make test`.
.PHONY: run test release test-rust test-widget test-topics test-browser front lint audit types clean-data

CARGO ?= cargo
BIN = target/debug/ventanilla
DATA ?= data
PORT ?= 8080
# The examples hold no tests, and linking them takes a minute; `lint` compiles them.
TESTS = --lib --test it

## Builds front end and server, starts the demo company and its order service, prints the addresses.
run: front
	$(CARGO) build --bin ventanilla
	@$(BIN) demo-orders --port 8091 & orders=$$!; trap 'kill $$orders 2>/dev/null' EXIT INT TERM; \
	  $(BIN) serve --data $(DATA) --port $(PORT) --intents intents --hours promise_only

## Everything that can be tested, browser tests too; installs what it needs.
test: lint test-rust test-topics test-widget test-browser

## The program for a server: target/release/ventanilla, the pages inside.
release: front
	$(CARGO) build --release --bin ventanilla

front: widget/node_modules/.installed
	cd widget && npm run --silent build

widget/node_modules/.installed: widget/package-lock.json
	cd widget && npm ci --no-audit --no-fund && touch node_modules/.installed

lint:
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings

test-rust:
	@if $(CARGO) nextest --version >/dev/null 2>&1; then $(CARGO) nextest run $(TESTS); else $(CARGO) test $(TESTS); fi

# With `--test it` the program is the one that was tested: without, other features of dependencies would have everything built once more.
test-topics:
	$(CARGO) build --bin ventanilla --test it
	$(BIN) check intents
	$(BIN) test intents

test-widget: front
	cd widget && npm test --silent

test-browser: front
	$(CARGO) build --bin ventanilla --test it
	tests/browser/run

## Licences, sources and advisories of the dependencies; needs cargo-deny (`cargo install cargo-deny --locked`) and the network for the advisories.
audit:
	$(CARGO) deny check

## Writes the TypeScript types of the wire anew.
types:
	UPDATE_TYPES=1 $(CARGO) test --lib typescript

## Forgets the demo's conversations.
clean-data:
	rm -rf $(DATA)
