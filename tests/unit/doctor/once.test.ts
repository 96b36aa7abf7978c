import assert from "node:assert/strict";
import { test } from "node:test";
import { once } from "../../../src/doctor/once.ts";

test("once() works only when it is asked, and once for everybody", async () => {
  let count = 0;
  const next = once(() => Promise.resolve(++count));
  assert.equal(count, 0);
  assert.deepEqual(await Promise.all([next(), next()]), [1, 1]);
});

test("once() gives everybody the same failure, one that is thrown at once too", async () => {
  const error = new Error("broken");
  const fails = once(() => {
    throw error;
  });
  await assert.rejects(fails(), error);
  await assert.rejects(fails(), error);
});
