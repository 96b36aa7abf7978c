import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../src/core/errors.ts";
import { errorOf } from "../../../src/doctor/error_of.ts";

test("errorOf() gives the error of a step, and none of one that works", async () => {
  const error = new AuthError("disabled", { message: "Cannot start: disabled", remedy: "enable it" });
  assert.equal(await errorOf(() => Promise.reject(error)), error);
  assert.equal(await errorOf(() => Promise.resolve(error)), undefined);
});

test("errorOf() lets a defect through", async () => {
  await assert.rejects(errorOf(() => Promise.reject(new TypeError("broken"))), TypeError);
});
