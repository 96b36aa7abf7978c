import assert from "node:assert/strict";
import { test } from "node:test";
import { explainIdentity } from "../../../../src/azure/failures/identity_errors.ts";
import { CONTEXT } from "../../../support/failure_context.ts";

const as = (name: string, more: Partial<typeof CONTEXT> = {}) => ({
  ...CONTEXT,
  clientId: undefined,
  ...more,
  identity: { name, title: "managed identity" },
});

const expected: readonly (readonly [string, string, string | undefined])[] = [
  [
    "azure-pipelines",
    "AzurePipelinesCredential: Authentication Failed. oidcToken field not detected",
    "pipelines-oidc-unavailable",
  ],
  [
    "managed-identity",
    "ManagedIdentityCredential: Authentication failed. Message Identity not found",
    "managed-identity-not-found",
  ],
  ["managed-identity", "ManagedIdentityCredential: Network unreachable.", "managed-identity-unavailable"],
  [
    "managed-identity",
    "user-assigned managed identity is not supported for CloudShell at runtime",
    "identity-unsupported",
  ],
  ["managed-identity", "something of the vault's", undefined],
  ["client-secret", "anything", undefined],
];
for (const [name, text, code] of expected) {
  test(`explainIdentity() takes ${JSON.stringify(text)} as ${name} for ${code ?? "nothing of its own"}`, () => {
    const error = explainIdentity(`${text} canary`, as(name));
    assert.equal(error?.code, code);
    assert.doesNotMatch(`${error?.message} ${error?.remedy}`, /canary/);
  });
}

test("explainIdentity() names the managed identity that is missing", () => {
  const text = "Identity not found";
  assert.match(
    explainIdentity(text, as("managed-identity"))?.message ?? "",
    /the system-assigned identity is not assigned/,
  );
  assert.match(
    explainIdentity(text, as("managed-identity", { clientId: "c-1" }))?.message ?? "",
    /user-assigned identity c-1 is not/,
  );
  const half = as("managed-identity", { clientId: "c-1", tenantId: "t-1" });
  assert.match(explainIdentity(text, half)?.remedy ?? "", /^as a service principal, set AZURE_CLIENT_SECRET; /);
});

test("explainIdentity() names the endpoint that does not answer, but leaves the vault's failures to the vault", () => {
  const failing = (host: string) =>
    explainIdentity("network_error", as("managed-identity", { network: { kind: "refused", host } }));
  assert.equal(
    failing("127.0.0.1:9")?.message,
    'Cannot get a token as "managed identity": its endpoint at 127.0.0.1:9 does not answer',
  );
  assert.equal(failing("team.vault.azure.net"), undefined);
});
