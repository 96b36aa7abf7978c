import assert from "node:assert/strict";
import { test } from "node:test";
import type { OddAnswer } from "../../../../src/azure/failures/odd_answer.ts";
import { explainOdd } from "../../../../src/azure/failures/odd_errors.ts";
import { CONTEXT } from "../../../support/failure_context.ts";

const machine = { ...CONTEXT, identity: { name: "managed-identity", title: "managed identity" }, clientId: undefined };
const explain = (odd: Partial<OddAnswer>, context = { ...machine, clientId: undefined as string | undefined }) => {
  const whole = {
    service: "managed-identity",
    host: "169.254.169.254",
    status: 400,
    body: "json",
    identity: undefined,
  } as const;
  const { code, message, remedy } = explainOdd({ ...whole, ...odd }, context);
  return { code, message, remedy };
};

test("explainOdd() asks for the client id where there are several identities", () => {
  const { code, remedy } = explain({ identity: "several" });
  assert.equal(code, "managed-identity-ambiguous");
  assert.match(remedy, /^name one: export AZURE_CLIENT_ID=/);
});

test("explainOdd() calls an identity that was named unknown, in any wording", () => {
  const named = { ...machine, clientId: "c-1" };
  for (const identity of ["several", "unknown"] as const) {
    assert.equal(explain({ identity }, named).code, "managed-identity-not-found");
  }
});

test("explainOdd() says with which status no token came", () => {
  assert.equal(
    explain({ status: 302, body: "empty" }).message,
    'Cannot get a token as "managed identity": its endpoint at 169.254.169.254 gave no token, but an answer with status 302 and nothing in it',
  );
  assert.equal(explain({ identity: "updating", status: 404 }).code, "managed-identity-busy");
});

test("explainOdd() blames a page on who stands between, but not at this machine's own endpoint", () => {
  assert.equal(explain({ service: "vault", host: "team.vault.azure.net", body: "page" }).code, "network-proxy");
  assert.equal(explain({ service: "entra", host: "login.microsoftonline.com", body: "page" }).code, "network-proxy");
  assert.equal(explain({ body: "page" }).code, "managed-identity-unavailable");
});

test("explainOdd() keeps what a status of Key Vault means without a body", () => {
  const codes = [403, 404, 429, 401, 500, 302, 200].map((status) =>
    explainOdd({ service: "vault", host: "team.vault.azure.net", status, body: "empty", identity: undefined }, CONTEXT)
      .code
  );
  assert.deepEqual(codes, [
    "vault-forbidden",
    "secret-not-found",
    "vault-throttled",
    "vault-token-rejected",
    "vault-failed",
    "vault-failed",
    "vault-failed",
  ]);
});

test("explainOdd() names Entra ID and Azure Pipelines", () => {
  assert.equal(explain({ service: "entra", status: 503, body: "empty" }).code, "entra-failed");
  assert.equal(explain({ service: "pipelines", status: 401, body: "empty" }).code, "pipelines-oidc-unavailable");
});
