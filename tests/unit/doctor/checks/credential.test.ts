import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../../src/core/secret.ts";
import { credentialNotes } from "../../../../src/doctor/checks/credential.ts";

const nowMs = Date.UTC(2026, 0, 1);
const jwt = (claims: unknown) =>
  ({ kind: "bearer", token: new Secret(`e30.${btoa(JSON.stringify(claims))}.x`) }) as const;
const said = (claims: unknown) =>
  credentialNotes(jwt(claims), { name: "mlflow", nowMs }).map(({ status, code, message }) =>
    `${status} ${code ?? message}`
  );

test("credentialNotes() tells the kind and how it was told", () => {
  const basic = { kind: "basic", username: "ada", password: new Secret("pw") } as const;
  assert.deepEqual(credentialNotes(basic, { name: "mlflow", nowMs }), [
    { status: "ok", message: "user name and password, by its shape" },
  ]);
  const bearer = { kind: "bearer", token: new Secret("abc") } as const;
  assert.deepEqual(credentialNotes(bearer, { name: "mlflow", mode: "bearer", nowMs }), [
    { status: "ok", message: "bearer token, as MLFLOW_AZURE_AUTH_MODE=bearer asks for" },
  ]);
});

test("credentialNotes() tells audience and expiry of a JSON Web Token", () => {
  assert.deepEqual(said({ aud: "api://mlflow", exp: nowMs / 1000 + 7200 }), [
    "ok bearer token, by its shape; JSON Web Token for audience api://mlflow",
    "ok valid until 2026-01-01 02:00 UTC",
  ]);
});

test("credentialNotes() fails on a token that has expired", () => {
  assert.deepEqual(said({ exp: nowMs / 1000 - 1 }), [
    "ok bearer token, by its shape; JSON Web Token",
    "fail credential-expired",
  ]);
});

test("credentialNotes() points to the proxy where a token ends within two hours, and warns where it is not valid yet", () => {
  assert.equal(
    said({ exp: nowMs / 1000 + 600 })[1],
    "ok valid until 2026-01-01 00:10 UTC, for 10 minutes; exec --proxy keeps a longer run going",
  );
  assert.equal(said({ exp: nowMs / 1000 + 7200, nbf: nowMs / 1000 + 60 })[1], "warn credential-expired");
});

test("credentialNotes() says nothing of dates where the token has none", () => {
  assert.equal(said({}).length, 1);
});

test("credentialNotes() tells a user and password, or JSON, that is taken as a token", () => {
  const codes = (token: string, mode?: "bearer") =>
    credentialNotes({ kind: "bearer", token: new Secret(token) }, { name: "mlflow", nowMs, mode }).map((note) =>
      [note.code ?? note.status, note.remedy ?? ""].join(" ").trim()
    );
  assert.deepEqual(codes("ada:canary"), ["ok", "credential-mode export MLFLOW_AZURE_AUTH_MODE=basic"]);
  for (
    const other of ["[1,2]", "null", "${canary}", "<token>", "https://canary.example", "MLFLOW_TRACKING_TOKEN=canary"]
  ) {
    assert.match(codes(other)[1] ?? "", /^credential-mode store /, other);
  }
  assert.deepEqual(codes("ada:canary", "bearer"), ["ok"]);
  assert.deepEqual(["opaque", "a:b:c", "QUJD=", "123"].map((token) => codes(token).length), [1, 1, 1, 1]);
});
