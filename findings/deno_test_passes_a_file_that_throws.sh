#!/bin/sh
# deno test passes a file that throws at its top, once one test of node:test is registered.
#
# Program:   deno 2.9.6, of npm (the package deno, which brings the executable of this platform)
# Behaviour: A file that imports node:test, registers a test, and then throws (or rejects in a top-level await) is reported as passed
#            with the tests before the error; the tests after it are not run and not counted, nothing names the error, and the exit
#            status is 0. So one mistake at the top of a file takes its other tests, and those of every file that the same entry
#            imports after it, out of a suite without a word.
# Expected:  What deno test does where the test is registered by Deno.test ("Uncaught error … FAILED", status 1), and what node --test
#            does with the same file (status 1).
# Seen:      node:test:  "ok | 1 passed | 0 failed", status 0
#            Deno.test:  "FAILED | 0 passed | 1 failed", status 1
#
# Needs node with npm, and the npm registry. Fails where the behaviour is another.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --no-audit --no-fund --silent deno@2.9.6
export NO_COLOR=1 DENO_NO_UPDATE_CHECK=1 DENO_DIR="$folder/deno"
deno=$folder/node_modules/.bin/deno

cat > node_test.test.mjs <<'JS'
import { test } from "node:test";
test("before the error", () => {});
throw new Error("this file is broken");
test("after the error", () => { throw new Error("never run"); });
JS

cat > deno_test.test.mjs <<'JS'
Deno.test("before the error", () => {});
throw new Error("this file is broken");
JS

run() { # prints what a command says, then its status
  status=0
  "$@" > said 2>&1 || status=$?
  cat said
  echo "status $status"
}

"$deno" --version | head -1
echo "--- deno test, node:test"
run "$deno" test --no-config --no-lock node_test.test.mjs
[ "$status" -eq 0 ] && grep -q "1 passed | 0 failed" said && ! grep -q "this file is broken" said || { echo "CHANGED"; exit 1; }
echo "--- deno test, Deno.test"
run "$deno" test --no-config --no-lock deno_test.test.mjs
[ "$status" -ne 0 ] && grep -q "this file is broken" said || { echo "CHANGED"; exit 1; }
echo "--- node --test, the same file"
run node --test node_test.test.mjs
[ "$status" -ne 0 ] || { echo "CHANGED"; exit 1; }
echo "as described"
