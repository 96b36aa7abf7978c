import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError, type ErrorCode } from "../../../../src/core/errors.ts";
import { explainOwnToken, type OwnToken } from "../../../../src/doctor/tracking/own_token.ts";

const TENANT = "11111111-aaaa-4000-8000-000000000000";
const OTHER = "22222222-aaaa-4000-8000-000000000000";
const facts = {
  tenantId: TENANT,
  appId: undefined,
  objectId: undefined,
  audience: OTHER,
  version: "2.0",
  expiresAtMs: 60_000,
};
const error = (code: ErrorCode) =>
  new AuthError(code, {
    message: "Cannot use it: it refuses a token from the secret (HTTP 401)",
    remedy: "try another",
  });
const explain = (code: ErrorCode, own: Partial<OwnToken> = {}) =>
  explainOwnToken(error(code), { facts, challenges: [], nowMs: 0, ...own });
const bearer = (parameters: Readonly<Record<string, string>>) => [{ scheme: "bearer", parameters }];

const cases: readonly (readonly [what: string, code: ErrorCode, own: Partial<OwnToken>, so: RegExp, remedy: RegExp])[] =
  [
    [
      "the audience of another application",
      "mlflow-rejected",
      { challenges: bearer({ resource_id: TENANT }) },
      new RegExp(`its audience is ${OTHER}, the gate's is ${TENANT}$`),
      new RegExp(`^export MLFLOW_AZURE_TOKEN_SCOPE=api://${TENANT}/\\.default$`),
    ],
    [
      "an application of one tenant alone",
      "mlflow-rejected",
      {
        challenges: bearer({
          resource_id: `api://${OTHER}/`,
          authorization_uri: `https://login.windows.net/${OTHER}/oauth2/authorize`,
        }),
      },
      new RegExp(`its tenant is ${TENANT}, the gate takes tokens of ${OTHER}$`),
      new RegExp(`AZURE_TENANT_ID=${OTHER}$`),
    ],
    [
      "no role",
      "mlflow-forbidden",
      {},
      /it holds no application role$/,
      /docs\/entra\.md#the-application-and-its-role/,
    ],
    [
      "a role that does not do",
      "mlflow-forbidden",
      { facts: { ...facts, roles: ["Tracking.Read"] } },
      /it holds the application role Tracking\.Read$/,
      /the role that the gate asks for/,
    ],
    ["an end that has passed", "mlflow-rejected", { nowMs: 60_000 }, /the token has ended$/, /timedatectl/],
    [
      "nothing that the gate tells",
      "mlflow-intercepted",
      {},
      new RegExp(`its audience is ${OTHER}, its version 2\\.0, its tenant ${TENANT}$`),
      /--skip-jwt-bearer-tokens/,
    ],
  ];

for (const [what, code, own, so, remedy] of cases) {
  test(`explainOwnToken() tells ${what}`, () => {
    const explained = explain(code, own);
    assert.equal(explained.code, code);
    assert.match(explained.message, /^Cannot use it: it refuses the identity's token \(HTTP 401\): /);
    assert.match(explained.message, so);
    assert.match(explained.remedy, remedy);
  });
}

test("explainOwnToken() repeats no word of a challenge that is not an id or an address", () => {
  const { message } = explain("mlflow-rejected", { challenges: bearer({ resource_id: "a b\n", realm: "canary" }) });
  assert.doesNotMatch(message, /a b|canary/);
});

test("explainOwnToken() leaves what is not about the token", () => {
  const other = error("mlflow-throttled");
  assert.equal(explainOwnToken(other, { facts, challenges: [], nowMs: 0 }), other);
});
