import assert from "node:assert/strict";
import { test } from "node:test";
import { readUser, readVersion } from "../../../../src/doctor/tracking/who.ts";

test("readUser() takes no name that a terminal would act on", () => {
  assert.equal(readUser({ status: 200, text: JSON.stringify({ user: { username: "\u001b[2J" } }) }), undefined);
  assert.equal(readUser({ status: 200, text: '{"user": null, "username": "ada"}' }), "ada");
  for (const text of ["[]", "null", "{}", '{"user": 1}', "<html>"]) {
    assert.equal(readUser({ status: 200, text }), undefined);
  }
});

test("readVersion() takes a version alone", () => {
  assert.equal(readVersion({ status: 200, text: "3.18.0.dev0\n" }), "3.18.0.dev0");
  assert.equal(readVersion({ status: 200, text: "<html>3.17.2" }), undefined);
  assert.equal(readVersion({ status: 401, text: "3.17.2" }), undefined);
});
