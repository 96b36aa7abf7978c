import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../../src/core/errors.ts";
import { explainFailure, refusalOf } from "../../../../src/azure/failures/failures.ts";
import { readTokenFacts } from "../../../../src/azure/entra/token_facts.ts";
import { CONTEXT } from "../../../support/failure_context.ts";

const sdkError = (name: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { name, ...more });
const restError = (statusCode: number, error: unknown, message = "canary"): Error =>
  sdkError("RestError", message, { statusCode, code: "Forbidden", request: {}, details: { error } });
const network = { kind: "dns", host: "team.vault.azure.net" } as const;

const expected: readonly (readonly [string, unknown, Partial<typeof CONTEXT>, string])[] = [
  [
    "an own error in the SDK's",
    sdkError("AuthenticationRequiredError", "x", {
      cause: new AuthError("github-oidc-refused", { message: "m", remedy: "r" }),
    }),
    {},
    "github-oidc-refused",
  ],
  [
    "Entra's number in the text",
    sdkError("AuthenticationRequiredError", "invalid_client: 7000215 - AADSTS7000215: canary"),
    {},
    "entra-secret-wrong",
  ],
  [
    "Entra's number below",
    sdkError("AuthenticationRequiredError", "canary", { cause: { errorNo: "700016" } }),
    {},
    "entra-app-unknown",
  ],
  [
    "Entra's number, whatever failed before",
    sdkError("AuthenticationRequiredError", "AADSTS90002"),
    { network },
    "entra-tenant-unknown",
  ],
  [
    "a refusal of the vault",
    restError(403, { code: "Forbidden", innerError: { code: "ForbiddenByRbac" } }),
    {},
    "vault-forbidden",
  ],
  ["a refusal by a page", restError(403, undefined), { network: { ...network, kind: "proxy" } }, "network-proxy"],
  [
    "another service's challenge",
    new Error("The challenge resource 'evil.example' does not match the requested domain."),
    {},
    "vault-challenge",
  ],
  ["a challenge without a scope", new Error("The challenge contains an invalid scope."), {}, "vault-challenge"],
  [
    "another tenant",
    sdkError(
      "CredentialUnavailableError",
      "The current credential is not configured to acquire tokens for tenant 33333333-aaaa-4000-8000-000000000000. canary",
    ),
    {},
    "tenant-mismatch",
  ],
  ["a name that does not resolve", sdkError("RestError", "DNS team", { code: "DNS" }), { network }, "network-dns"],
  ["MSAL's network error", sdkError("AuthenticationRequiredError", "network_error: canary"), {
    network: { kind: "deadline", host: "login.microsoftonline.com" },
  }, "deadline"],
  [
    "an authority that knows no tenant",
    sdkError("CredentialUnavailableError", "endpoints_resolution_error"),
    {},
    "entra-tenant-unknown",
  ],
  ["an answer that is no error of the vault", sdkError("RestError", "canary", { statusCode: 502 }), {}, "vault-failed"],
  ["a challenge that cannot be read", new Error("canary"), { vaultStatus: 401 }, "vault-challenge"],
  ["a refused token of which nothing is said", new TypeError("canary"), {
    vaultStatus: 401,
    token: readTokenFacts({ token: "canary", expiresOnTimestamp: 0 }),
  }, "vault-token-rejected"],
  ["anything else", new TypeError("canary"), {}, "internal"],
  ["no error at all", "canary", {}, "internal"],
];
for (const [what, thrown, more, code] of expected) {
  test(`explainFailure() takes ${what} for ${code}`, () => {
    const error = explainFailure(thrown, { ...CONTEXT, ...more });
    assert.equal(error.code, code);
    assert.doesNotMatch(`${error.message} ${error.remedy}`, /canary/);
  });
}

test("explainFailure() names both tenants of a vault that belongs to another one", () => {
  const thrown = new Error(
    "not configured to acquire tokens for tenant 33333333-aaaa-4000-8000-000000000000. To enable",
  );
  const { message, remedy } = explainFailure(thrown, CONTEXT);
  assert.deepEqual([message, remedy], [
    'Cannot get a token for "team.vault.azure.net": it belongs to tenant 33333333-aaaa-4000-8000-000000000000, ' +
    "the service principal with a client secret to tenant 11111111-aaaa-4000-8000-000000000000",
    "use an identity of the vault's tenant: export AZURE_TENANT_ID=33333333-aaaa-4000-8000-000000000000",
  ]);
});

test("refusalOf() reads the codes of an answer, in both spellings, and the address that the vault saw", () => {
  const message = "Client address is not authorized.\r\nClient address: 203.0.113.7\r\nCaller: canary";
  assert.deepEqual([
    refusalOf(restError(403, { code: "Forbidden", innerError: { code: "ForbiddenByFirewall" } }, message)),
    refusalOf(restError(403, { code: "Forbidden", innererror: { code: "AccessDenied" } })),
    refusalOf(restError(404, { code: "SecretNotFound" })),
    refusalOf(restError(500, { code: "not a word: canary", innererror: "canary" })),
    refusalOf(new Error("x")),
  ], [
    { status: 403, code: "Forbidden", inner: "ForbiddenByFirewall", address: "203.0.113.7" },
    { status: 403, code: "Forbidden", inner: "AccessDenied", address: undefined },
    { status: 404, code: "SecretNotFound", inner: undefined, address: undefined },
    { status: 500, code: "Forbidden", inner: undefined, address: undefined },
    undefined,
  ]);
});
