import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pagesOf } from "../../../../scripts/pages.ts";
import { pageText } from "../../../../src/cli/commands/explain.ts";
import pages from "../../../../src/cli/pages.ts";
import { main } from "../../../../src/cli/run.ts";
import { ERRORS } from "../../../../src/core/errors.ts";
import { fakeHost } from "../../../support/host.ts";

test("explain has the pages of docs/errors.md as they are: deno task pages", () => {
  const text = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
  assert.deepEqual(pages, pagesOf(text));
  assert.deepEqual(ERRORS.filter(({ code }) => pages[code] === undefined), []);
});

test("explain prints each code's page, commands to paste indented", () => {
  for (const { code, title } of ERRORS) {
    const text = pageText(code, { pages, columns: undefined, bold: (word) => word });
    assert.ok(text.startsWith(`${code}: ${title}\n\n`));
    assert.doesNotMatch(text, /```|\*\*/);
  }
});

test("explain takes a link's end, lists all codes without one, and suggests the nearest", async () => {
  const host = fakeHost();
  assert.equal(await main(["explain", "docs/errors.md#vault-forbidden"], host), 0);
  assert.match(host.stdout.text(), /^vault-forbidden: /);
  const all = fakeHost();
  assert.equal(await main(["explain"], all), 0);
  assert.equal(all.stdout.text().trimEnd().split("\n").length, ERRORS.length);
  const wrong = fakeHost();
  assert.equal(await main(["explain", "vault-forbiden"], wrong), 2);
  assert.match(wrong.stderr.text(), /try: {2}mlflow-auth explain vault-forbidden/);
  const other = fakeHost();
  assert.equal(await main(["explain", "nope"], other), 2);
  assert.match(other.stderr.text(), /try: {2}see all codes: mlflow-auth explain\n/);
});
