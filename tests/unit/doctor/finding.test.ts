import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../src/core/errors.ts";
import { exitStatus, failed, ok, skip, type Status, warn } from "../../../src/doctor/finding.ts";

const finding = (status: Status) => ({ check: "vault", status, message: "seen", durationMs: 1 });

test("exitStatus() is 0 for ok and warn, whatever was skipped", () => {
  assert.equal(exitStatus([finding("ok"), finding("warn"), finding("skip")]), 0);
});

test("exitStatus() is 1 as soon as one check failed", () => {
  assert.equal(exitStatus([finding("ok"), finding("fail")]), 1);
});

test("exitStatus() is 1 where nothing was looked at", () => {
  assert.equal(exitStatus([finding("skip")]), 1);
  assert.equal(exitStatus([]), 1);
});

test("failed() keeps the error, by which a later check knows that it was told", () => {
  const error = new AuthError("disabled", { message: "Cannot start: disabled", remedy: "enable it" });
  assert.deepEqual(failed(error), {
    status: "fail",
    code: "disabled",
    message: "Cannot start: disabled",
    remedy: "enable it",
    error,
  });
  assert.equal(failed(error, "warn").status, "warn");
});

test("ok(), warn() and skip() make notes of their own status", () => {
  assert.deepEqual(ok("seen"), { status: "ok", message: "seen" });
  assert.deepEqual(skip("no server"), { status: "skip", message: "not checked", reason: "no server" });
  assert.deepEqual(warn("netrc-wins", { message: "it wins", remedy: "remove it" }), {
    status: "warn",
    code: "netrc-wins",
    message: "it wins",
    remedy: "remove it",
  });
});
