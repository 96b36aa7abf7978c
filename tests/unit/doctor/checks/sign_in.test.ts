import assert from "node:assert/strict";
import { test } from "node:test";
import { signedNote } from "../../../../src/doctor/checks/sign_in.ts";

const base = new URL("https://mlflow.example");
const rest = {
  type: "application/json",
  end: "whole",
  redirect: undefined,
  challenges: [],
  gateway: undefined,
} as const;

test("signedNote() warns of an API that gives no experiments, as clients take it for an empty list", () => {
  for (const text of ["", '{"hello": 1}']) {
    const note = signedNote({ search: { ...rest, status: 200, text }, user: undefined, version: undefined }, base);
    assert.deepEqual([note.status, note.code], ["warn", "mlflow-not-mlflow"]);
  }
});

test("signedNote() says what it knows and nothing else", () => {
  const search = { ...rest, status: 200, text: "{}" };
  const broken = { ...rest, status: 500, text: "" };
  assert.equal(signedNote({ search, user: broken, version: broken }, base).message, "signed in");
});
