import assert from "node:assert/strict";
import { test } from "node:test";
import { readClaims } from "../../../src/credential/claims.ts";

const token = (claims: unknown): string =>
  `e30.${btoa(JSON.stringify(claims)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.sig`;

test("readClaims() reads audience and dates", () => {
  assert.deepEqual(readClaims(token({ aud: "api://mlflow", exp: 20, nbf: 10 })), {
    audience: "api://mlflow",
    expiresAtMs: 20_000,
    notBeforeMs: 10_000,
  });
});

test("readClaims() takes the first of several audiences", () => {
  assert.equal(readClaims(token({ aud: ["one", "two"] }))?.audience, "one");
});

test("readClaims() gives no claim that a terminal could mistake", () => {
  assert.deepEqual(readClaims(token({ aud: "\u001b[31mred", exp: "soon", nbf: null })), {
    audience: undefined,
    expiresAtMs: undefined,
    notBeforeMs: undefined,
  });
});

for (const text of ["", "opaque", "a.b", "a.%%%.c", `e30.${btoa("not json")}.c`, `e30.${btoa("1")}.c`, "a.b.c.d"]) {
  test(`readClaims() takes ${JSON.stringify(text)} for no token of this kind`, () => {
    assert.equal(readClaims(text), undefined);
  });
}
