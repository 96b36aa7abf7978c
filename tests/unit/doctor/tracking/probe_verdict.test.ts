import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../../../../src/doctor/tracking/probe.ts";
import { judgeSigned, judgeUnsigned, readUser, readVersion } from "../../../../src/doctor/tracking/probe_verdict.ts";

const base = new URL("https://mlflow.example/team");
const answer = (status: number, text: string, more: Partial<Answer> = {}): Answer => ({
  status,
  text,
  type: "text/html",
  redirectHost: undefined,
  challenge: undefined,
  ...more,
});

// What MLflow 3.17.2 answers.
const json = { type: "application/json" };
const health = answer(200, "OK", { type: "text/plain" });
const unauthenticated = answer(401, "You are not authenticated. Please see https://www.mlflow.org/docs/latest/auth", {
  challenge: "basic",
});
const invalidToken = answer(401, "bad or missing bearer token", { challenge: "bearer" });
const denied = answer(403, "Permission denied");
const blocked = answer(403, "Invalid Host header - possible DNS rebinding attack detected", { type: "text/plain" });
const experiments = answer(200, '{"experiments": [{"experiment_id": "0", "name": "Default"}]}', json);
const empty = answer(200, "{}", json);
const unknownUser = answer(
  404,
  '{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "User with username=ghost not found"}',
  json,
);
// What others answer.
const flask404 = answer(404, "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>");
const loginPage = answer(200, "<!DOCTYPE html><html><body><form action=/login></form></body></html>");
const loginRedirect = answer(302, "", { type: "", redirectHost: "login.microsoftonline.com" });
const nginx401 = answer(401, "<html><head><title>401 Authorization Required</title></head></html>", {
  challenge: "basic",
});
const nginx403 = answer(403, "<html><head><title>403 Forbidden</title></head></html>");
const nginx502 = answer(502, "<html><head><title>502 Bad Gateway</title></head></html>");

const unsigned = (search: Answer, healthy: Answer = health): string => judgeUnsigned({ health: healthy, search }, base);

test("judgeUnsigned() calls a server guarded that refuses as MLflow does", () => {
  assert.equal(unsigned(unauthenticated), "guarded");
  assert.equal(unsigned(invalidToken), "guarded");
  assert.equal(unsigned(denied), "guarded");
  assert.equal(unsigned(unauthenticated, nginx403), "guarded");
});

test("judgeUnsigned() calls a server open that answers to anybody", () => {
  assert.equal(unsigned(experiments), "open");
  assert.equal(unsigned(empty), "open");
});

test("judgeUnsigned() takes an empty object of who is not healthy for anything else", () => {
  assert.throws(() => unsigned(empty, flask404), { code: "mlflow-not-mlflow" });
});

test("judgeUnsigned() sees what stands in front", () => {
  for (const front of [loginPage, loginRedirect, nginx403]) assert.equal(unsigned(front, front), "redirected");
});

test("judgeUnsigned() leaves nginx's own Basic to the credential", () => {
  assert.equal(unsigned(nginx401, nginx401), "redirected");
});

for (
  const [name, search, code] of [
    ["a blocked Host header", blocked, "mlflow-host-blocked"],
    ["a page that is not found", flask404, "mlflow-not-mlflow"],
    ["a broken gateway", nginx502, "mlflow-failed"],
    ["some other API", answer(200, '{"hello": 1}', json), "mlflow-not-mlflow"],
    ["a text", answer(200, "hello", { type: "text/plain" }), "mlflow-not-mlflow"],
  ] as const
) {
  test(`judgeUnsigned() refuses ${name}`, () => {
    assert.throws(() => unsigned(search), { code });
  });
}

const signed = (search: Answer, kind: "bearer" | "basic" = "bearer") => judgeSigned(search, { base, kind });

test("judgeSigned() passes a list of experiments, an empty one too", () => {
  signed(experiments);
  signed(empty);
});

test("judgeSigned() passes a list that was cut off, as a long one is", () => {
  signed(answer(200, `{"experiments": [{"tags": "${"x".repeat(50)}`, json));
});

for (
  const [name, search, kind, code] of [
    ["a token at MLflow's basic-auth", unauthenticated, "bearer", "mlflow-wrong-scheme"],
    ["a wrong password", unauthenticated, "basic", "mlflow-rejected"],
    ["a wrong token", invalidToken, "bearer", "mlflow-rejected"],
    ["a password where a token is wanted", invalidToken, "basic", "mlflow-wrong-scheme"],
    ["a user who is not known", unknownUser, "bearer", "mlflow-rejected"],
    ["a user without permission", denied, "basic", "mlflow-forbidden"],
    ["a blocked Host header", blocked, "bearer", "mlflow-host-blocked"],
    ["a login page with status 200", loginPage, "bearer", "mlflow-intercepted"],
    ["a redirect to a login", loginRedirect, "bearer", "mlflow-intercepted"],
    ["nginx's 401", nginx401, "bearer", "mlflow-intercepted"],
    ["a firewall's 403", nginx403, "basic", "mlflow-intercepted"],
    ["a broken gateway", nginx502, "bearer", "mlflow-failed"],
    ["a throttled server", answer(429, "slow down"), "bearer", "mlflow-failed"],
    ["a page that is not found", flask404, "bearer", "mlflow-not-mlflow"],
    ["a text with status 200", answer(200, "hello", { type: "text/plain" }), "bearer", "mlflow-not-mlflow"],
    ["a status without meaning", answer(204, ""), "bearer", "mlflow-not-mlflow"],
  ] as const
) {
  test(`judgeSigned() never passes ${name}`, () => {
    assert.throws(() => signed(search, kind), { code });
  });
}

test("judgeSigned() takes a server that falls over a token for one that wants a password", () => {
  const error = answer(500, "<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>");
  assert.throws(() => judgeSigned(error, { base, kind: "bearer", wanted: "basic" }), { code: "mlflow-wrong-scheme" });
  assert.throws(() => judgeSigned(error, { base, kind: "basic", wanted: "basic" }), { code: "mlflow-failed" });
});

test("judgeSigned() takes a permission that is denied below a wrong path for no MLflow", () => {
  assert.throws(() => judgeSigned(denied, { base, kind: "bearer", healthy: false }), { code: "mlflow-not-mlflow" });
});

test("judgeSigned() repeats nothing of what the server wrote", () => {
  assert.throws(() => signed(unknownUser), {
    message:
      'Cannot use tracking server "mlflow.example/team": it takes the credential, but knows no such user (HTTP 404)',
  });
});

test("readUser() gives the name of 3.13 and later, and none of others", () => {
  const user = (username: string) => answer(200, JSON.stringify({ user: { id: 1, is_admin: true, username } }), json);
  assert.equal(readUser(user("ada@corp.example")), "ada@corp.example");
  assert.equal(readUser(user("ada\u001b[31m")), undefined);
  assert.equal(readUser(flask404), undefined);
  assert.equal(readUser(answer(200, "[]", json)), undefined);
});

test("readVersion() gives a version alone", () => {
  assert.equal(readVersion(answer(200, "3.17.2")), "3.17.2");
  assert.equal(readVersion(answer(401, "3.17.2")), undefined);
  assert.equal(readVersion(loginPage), undefined);
});
