import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { VERSION } from "../../../src/cli/version.ts";

test("VERSION is the one of deno.json", () => {
  assert.equal(VERSION, JSON.parse(readFileSync(new URL("../../../deno.json", import.meta.url), "utf8")).version);
});
