import assert from "node:assert/strict";
import { test } from "node:test";
import { wrapText } from "../../../src/core/wrap.ts";

test("wrapText() keeps words whole, a URL wider than the line too", () => {
  const line = "try it: curl -v https://team-vault.vault.azure.net/secrets/a/very/long/path now";
  const lines = wrapText(line, { columns: 40, indent: 4 }).split("\n");
  assert.deepEqual(lines, [
    "try it: curl -v",
    "    https://team-vault.vault.azure.net/secrets/a/very/long/path",
    "    now",
  ]);
});

test("wrapText() counts no colours, and leaves alone what fits or is no terminal's", () => {
  const line = "\x1b[31mfail\x1b[0m  it is just so wide as it may be";
  assert.equal(wrapText(line, { columns: 37, indent: 4 }), line);
  const long = "word ".repeat(40);
  assert.equal(wrapText(long, { columns: undefined, indent: 4 }), long);
  assert.equal(wrapText(long, { columns: 20, indent: 4 }), long);
});

test("wrapText() keeps the blanks that align columns", () => {
  assert.equal(
    wrapText("ok    vault      lets the identity read secrets", { columns: 34, indent: 17 }),
    "ok    vault      lets the identity\n                 read secrets",
  );
});
