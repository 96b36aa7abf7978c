import assert from "node:assert/strict";
import { test } from "node:test";
import { explainVault } from "../../../../src/azure/failures/vault_errors.ts";
import { CONTEXT } from "../../../support/failure_context.ts";

const OBJECT = "33333333-aaaa-4000-8000-000000000000";
const token = { tenantId: "t", appId: "a", objectId: OBJECT, expiresAtMs: 0 };
const SCOPE = '"$(az keyvault show --name team --query id --output tsv)"';
const GRANT = `az role assignment create --role "Key Vault Secrets User" --assignee ${OBJECT} --scope ${SCOPE}`;

interface Case {
  readonly status: number;
  readonly code?: string;
  readonly inner?: string;
  readonly expected: readonly [code: string, is: string, remedy: string];
}
const cases: readonly Case[] = [
  {
    status: 403,
    code: "Forbidden",
    inner: "ForbiddenByRbac",
    expected: ["vault-forbidden", "access denied (ForbiddenByRbac)", GRANT],
  },
  {
    status: 403,
    code: "Forbidden",
    inner: "AccessDenied",
    expected: [
      "vault-access-policy",
      "no access policy lets the identity read secrets (AccessDenied)",
      `az keyvault set-policy --name team --object-id ${OBJECT} --secret-permissions get`,
    ],
  },
  {
    status: 403,
    code: "Forbidden",
    inner: "ForbiddenByFirewall",
    expected: [
      "vault-firewall",
      "the vault's firewall refuses this address (ForbiddenByFirewall)",
      "az keyvault network-rule add --name team --ip-address 203.0.113.7",
    ],
  },
  {
    status: 403,
    code: "Forbidden",
    inner: "ForbiddenByConnection",
    expected: [
      "vault-private",
      "the vault is reached through its private endpoint only (ForbiddenByConnection)",
      "az keyvault update --name team --public-network-access Enabled",
    ],
  },
  {
    status: 403,
    code: "Forbidden",
    inner: "SecretDisabled",
    expected: [
      "secret-disabled",
      "the secret is disabled (SecretDisabled)",
      "az keyvault secret set-attributes --id https://team.vault.azure.net/secrets/mlflow --enabled true",
    ],
  },
  {
    status: 403,
    code: "Forbidden",
    inner: "SomethingNew",
    expected: ["vault-forbidden", "access denied (SomethingNew)", GRANT],
  },
  {
    status: 404,
    code: "SecretNotFound",
    expected: [
      "secret-not-found",
      "there is no such secret, or it is deleted (SecretNotFound)",
      "az keyvault secret recover --vault-name team --name mlflow",
    ],
  },
  {
    status: 429,
    code: "Throttled",
    expected: ["vault-throttled", "the vault is asked too often (Throttled)", "--deadline 60"],
  },
  {
    status: 401,
    code: "Unauthorized",
    inner: "AKV10022",
    expected: [
      "vault-token-rejected",
      "the vault does not accept the token (AKV10022)",
      "az keyvault show --name team --query properties.tenantId",
    ],
  },
  {
    status: 500,
    expected: ["vault-failed", "the vault answered with status 500", "https://status.azure.com"],
  },
  {
    status: 503,
    code: "ServiceUnavailable",
    expected: ["vault-failed", "the vault answered with status 503 (ServiceUnavailable)", "try again"],
  },
];
for (const { status, code, inner, expected: [expected, is, remedy] } of cases) {
  test(`explainVault() explains ${status} ${inner ?? code ?? ""}`, () => {
    const error = explainVault({ status, code, inner, address: "203.0.113.7" }, { ...CONTEXT, token });
    assert.deepEqual([error.code, error.message], [
      expected,
      `Cannot read secret "mlflow" from "team.vault.azure.net": ${is}`,
    ]);
    assert.ok(error.remedy.includes(remedy), error.remedy);
  });
}

test("explainVault() grants to the application where the object is not known, else to whom the person knows", () => {
  const refusal = { status: 403, code: "Forbidden", inner: "ForbiddenByRbac", address: undefined };
  assert.match(explainVault(refusal, CONTEXT).remedy, new RegExp(`--assignee ${CONTEXT.clientId} `));
  assert.match(explainVault(refusal, { ...CONTEXT, clientId: undefined }).remedy, /--assignee <object id> /);
});

test("explainVault() names the version that is disabled", () => {
  const vault = { ...CONTEXT.vault, version: "v1" };
  const refusal = { status: 403, code: "Forbidden", inner: "SecretDisabled", address: undefined };
  assert.match(explainVault(refusal, { ...CONTEXT, vault }).remedy, /secrets\/mlflow\/v1 --enabled true/);
});

test("explainVault() has no name for a vault that is none of Azure's", () => {
  const vault = { ...CONTEXT.vault, host: "127.0.0.1:8443", origin: "https://127.0.0.1:8443" };
  const refusal = { status: 404, code: "SecretNotFound", inner: undefined, address: undefined };
  assert.equal(
    explainVault(refusal, { ...CONTEXT, vault }).remedy,
    'look it up: az keyvault secret list --id https://127.0.0.1:8443 --query "[].name"',
  );
  const forbidden = { ...refusal, status: 403, inner: "ForbiddenByPolicy" };
  assert.match(explainVault(forbidden, { ...CONTEXT, vault }).remedy, /--name <vault> /);
});

test("explainVault() says of a version that is not there that it may be the version", () => {
  const vault = { ...CONTEXT.vault, version: "f".repeat(32) };
  const refusal = { status: 404, code: "SecretNotFound", inner: undefined, address: undefined };
  const { message, remedy } = explainVault(refusal, { ...CONTEXT, vault });
  assert.match(message, /: it has no version f{32}, or there is no such secret \(SecretNotFound\)$/);
  assert.match(remedy, /: az keyvault secret list-versions --id https:\/\/team\.vault\.azure\.net\/secrets\/mlflow /);
});
