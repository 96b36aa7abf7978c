import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../../../../src/doctor/tracking/answer.ts";
import { readChallenges } from "../../../../src/doctor/tracking/challenges.ts";
import { type Asked, isTaken, judgeSearch } from "../../../../src/doctor/tracking/judge.ts";

const base = new URL("https://mlflow.example/team");
const answer = (status: number, text: string, more: Partial<Answer> & { readonly asks?: string } = {}): Answer => {
  const { asks = "", ...rest } = more;
  return {
    status,
    text,
    type: "text/html",
    end: "whole",
    redirect: undefined,
    gateway: undefined,
    challenges: readChallenges(asks),
    ...rest,
  };
};
const judge = (search: Answer, asked: Partial<Asked> = {}): string => {
  const error = judgeSearch(search, { base, kind: "bearer", isHealthy: true, ...asked });
  return error === undefined ? "taken" : error.code;
};

// What MLflow 3.17.2 and mlflow-oidc-auth 11.0.2 answer.
const json = { type: "application/json" };
const unauthenticated = answer(401, "You are not authenticated. Please see https://www.mlflow.org/docs/latest/auth", {
  asks: 'Basic realm="mlflow"',
});
const denied = answer(403, "Permission denied");
const nowhere = answer(404, '{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"Workspace \'x\' not found"}', json);
const ghost = answer(404, '{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"User with username=x not found"}', json);
const page = "<!DOCTYPE html><html><body><form action=/login></form></body></html>";
const pair = { kind: "basic" } as const;

for (
  const [name, search, code, asked] of [
    ["a list of experiments", answer(200, '{"experiments": [{"experiment_id": "0"}]}', json), "taken"],
    ["an empty list", answer(200, "{}", json), "taken"],
    ["an empty body, as the client does", answer(200, ""), "taken"],
    ["a token at basic-auth", unauthenticated, "mlflow-wrong-scheme"],
    ["a wrong password", unauthenticated, "mlflow-rejected", pair],
    ["a pair where tokens are wanted", answer(401, "no", { asks: "Bearer" }), "mlflow-wrong-scheme", pair],
    ["nginx's Basic with a page", answer(401, page, { asks: 'Basic realm="x"' }), "mlflow-wrong-scheme"],
    ["both schemes in one header", answer(401, page, { asks: 'Basic realm="a, b", Bearer' }), "mlflow-rejected"],
    ["Kerberos alone", answer(401, page, { asks: "Negotiate, NTLM" }), "mlflow-wrong-scheme"],
    ["a token without a scope", answer(403, "{}", { asks: 'Bearer error="insufficient_scope"' }), "mlflow-forbidden"],
    ["a bad token by 403", answer(403, "{}", { ...json, asks: 'Bearer error="invalid_token"' }), "mlflow-rejected"],
    ["no permission", denied, "mlflow-forbidden"],
    ["no permission below a wrong path", denied, "mlflow-not-mlflow", { isHealthy: false }],
    ["no permission as JSON", answer(403, '{"error_code":"PERMISSION_DENIED"}', json), "mlflow-forbidden"],
    ["no permission of mlflow-oidc-auth", answer(403, '{"message":"Permission denied"}', json), "mlflow-forbidden"],
    ["Databricks' number", answer(403, '{"error_code":403,"message":"Invalid access token"}', json), "mlflow-rejected"],
    ["JSON without a challenge", answer(401, '{"detail":"Authentication required"}', json), "mlflow-rejected"],
    ["a page without a challenge", answer(401, page), "mlflow-intercepted"],
    ["a page that forbids", answer(403, page), "mlflow-intercepted"],
    ["a page in its place", answer(200, page), "mlflow-intercepted"],
    ["a blocked Host header", answer(403, "Invalid Host header - possible DNS rebinding"), "mlflow-host-blocked"],
    ["a user whom it does not know", ghost, "mlflow-rejected"],
    ["a workspace that it does not know", nowhere, "mlflow-workspace", { workspace: "x" }],
    ["a proxy's password", answer(407, page), "network-proxy"],
    ["too many requests", answer(429, page), "mlflow-throttled"],
    ["http at a TLS port", answer(400, "Client sent an HTTP request to an HTTPS server."), "mlflow-wrong-address"],
    ["nginx without a certificate", answer(400, "No required SSL certificate was sent"), "mlflow-client-certificate"],
    ["a broken gateway", answer(502, page), "mlflow-failed"],
    ["headers too large", answer(431, page), "mlflow-failed"],
    ["an answer that broke off", answer(200, '{"experi', { ...json, end: "cut" }), "mlflow-failed"],
    ["gzip that is none", answer(200, "", { ...json, end: "garbled" }), "mlflow-failed"],
    ["a page that is not found", answer(404, page), "mlflow-not-mlflow"],
    ["a list", answer(200, "[]", json), "mlflow-not-mlflow"],
    [
      "a login elsewhere",
      answer(302, "", { redirect: new URL("https://login.example/authorize") }),
      "mlflow-intercepted",
    ],
    [
      "the same path over another scheme",
      answer(301, "", { redirect: new URL("http://mlflow.example/team/api/2.0/mlflow/experiments/search") }),
      "mlflow-wrong-address",
    ],
  ] as const
) {
  test(`judgeSearch() tells ${name}: ${code}`, () => assert.equal(judge(search, asked ?? {}), code));
}

test("judgeSearch() says of Kerberos that no token and no password can work", () => {
  const error = judgeSearch(answer(401, page, { asks: "Negotiate" }), { base, kind: "bearer", isHealthy: false });
  assert.match(error?.remedy ?? "", /no token and no password/);
});

test("judgeSearch() repeats no scheme that it does not know, and no scope that is no plain word", () => {
  const odd = answer(403, "", { asks: 'Bearer error="insufficient_scope", scope="\u001b[31mcanary"' });
  assert.doesNotMatch(JSON.stringify(judgeSearch(odd, { base, kind: "bearer", isHealthy: true })?.remedy), /canary/);
  const strange = judgeSearch(answer(401, "", { asks: "canary-scheme" }), { base, kind: "bearer", isHealthy: true });
  assert.doesNotMatch(strange?.message ?? "", /canary/);
});

test("isTaken() takes any JSON object, as MLflow's client does", () => {
  assert.ok(isTaken({ status: 200, text: '{"hello": 1}' }));
  assert.ok(!isTaken({ status: 201, text: "{}" }));
  assert.ok(!isTaken({ status: 200, text: "hello" }));
});
