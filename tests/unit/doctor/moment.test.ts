import assert from "node:assert/strict";
import { test } from "node:test";
import { moment } from "../../../src/doctor/moment.ts";

test("moment() leaves seconds out", () => {
  assert.equal(moment(Date.UTC(2026, 11, 31, 23, 59, 59)), "2026-12-31 23:59 UTC");
});

test("moment() survives a number that is no date", () => {
  assert.equal(moment(1e300), "no date");
  assert.equal(moment(NaN), "no date");
});
