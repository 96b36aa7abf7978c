import assert from "node:assert/strict";
import { test } from "node:test";
import { isResponse } from "../../../../src/azure/http/message.ts";

test("isResponse() tells an answer of any status from a reason why there is none", () => {
  assert.ok(isResponse({ status: 503, headers: new Headers(), body: "" }));
  assert.ok(!isResponse({ kind: "dns", host: "login.corp" }));
});
