import assert from "node:assert/strict";
import { test } from "node:test";
import { errorCode } from "../../../src/core/error_code.ts";

test("errorCode() gives the code of an error that has one", () => {
  const thrown = [Object.assign(new Error("x"), { code: "EACCES" }), new Error("x"), { code: 5 }, null, "ENOENT"];
  assert.deepEqual(thrown.map(errorCode), ["EACCES", undefined, undefined, undefined, undefined]);
});
