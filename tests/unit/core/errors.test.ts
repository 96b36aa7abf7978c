import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError, ERRORS } from "../../../src/core/errors.ts";

test("ERRORS holds each code once, in lower case with hyphens", () => {
  const codes: readonly string[] = ERRORS.map((row) => row.code);
  assert.deepEqual(codes.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code)), []);
  assert.deepEqual(codes, [...new Set(codes)]);
});

test("ERRORS titles are sentences without a final period", () => {
  assert.deepEqual(ERRORS.filter((row) => !/^[A-Z~].*[^.]$/.test(row.title)).map((row) => row.code), []);
});

test("AuthError keeps code, message, remedy and cause, and names its page", () => {
  const cause = new Error("below");
  const error = new AuthError("usage", { message: "Cannot go on: a test", remedy: "stop", cause });
  const { name, code, message, remedy, page } = error;
  assert.deepEqual({ name, code, message, remedy, page, cause: error.cause }, {
    name: "AuthError",
    code: "usage",
    message: "Cannot go on: a test",
    remedy: "stop",
    page: "docs/errors.md#usage",
    cause,
  });
});

test("AuthError without a failure below has no cause", () => {
  assert.ok(!("cause" in new AuthError("usage", { message: "m", remedy: "r" })));
});
