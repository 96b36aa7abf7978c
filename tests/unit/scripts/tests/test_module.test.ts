import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../../../scripts/build/build.ts";
import { testModule } from "../../../../scripts/tests/test_module.ts";

test("testModule() fails by the name of a file that is not read to its end, after those before it", () => {
  const lines = testModule(["a", "b c"].map((name) => join(ROOT, "tests", `${name}.test.ts`))).split("\n");
  assert.deepEqual(lines.map((line) => /Deno\.test\("(.*?)"/.exec(line)?.[1]), [
    "tests/a.test.ts is read to its end",
    "tests/b c.test.ts is read to its end",
    undefined,
  ]);
  assert.ok(lines[1]?.includes("/tests/b%20c.test.ts"));
});
