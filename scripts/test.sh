#!/bin/sh
# `npm test`: sets up and runs every test; the last line counts them.
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh --system --tests || echo "test: set-up is not complete; tests that need what is missing are skipped and counted"
exec bin/node node_modules/vitest/vitest.mjs run --reporter=./test/count-reporter.ts "$@"
