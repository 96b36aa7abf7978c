import assert from "node:assert/strict";
import { test } from "node:test";
import { clockNote } from "../../../../src/doctor/checks/clock.ts";

test("clockNote() allows what the Date header cannot tell", () => {
  assert.deepEqual(clockNote(-1500, "a.example"), { status: "ok", message: 'agrees with "a.example"' });
});

test("clockNote() tells a difference that tokens allow", () => {
  assert.deepEqual(clockNote(90_000, "a.example"), { status: "ok", message: '90 s ahead of "a.example"' });
});

test("clockNote() fails on five minutes, in either direction", () => {
  assert.equal(
    clockNote(300_000, "a.example").message,
    'Cannot rely on this machine\'s clock: it is 5 minutes ahead of "a.example"',
  );
  assert.equal(
    clockNote(-3_600_000, "a.example").message,
    'Cannot rely on this machine\'s clock: it is 60 minutes behind "a.example"',
  );
  assert.equal(clockNote(300_000, "a.example").code, "clock-skew");
});
