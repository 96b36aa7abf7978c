import { IDS, type Vault } from "../../support/azure/world.ts";
import type { Azure } from "../../support/azure/start_azure.ts";
import type { Case, Refused } from "./case.ts";

const forbidden = (inner: string): Refused => ({ type: "HttpResponseError", status: 403, code: "Forbidden", inner });
const notFound: Refused = { type: "ResourceNotFoundError", status: 404, code: "SecretNotFound" };
const unauthorized: Refused = { type: "ClientAuthenticationError", status: 401, code: "Unauthorized" };

/** Worlds in which the vault, a managed identity endpoint or the network does not give the secret. */
export const REFUSED_BY_VAULT: readonly Case[] = [
  {
    name: "an identity without a role",
    identity: "client-secret",
    arrange: each((vault) => vault.readers.clear()),
    want: forbidden("ForbiddenByRbac"),
    ours: "vault-forbidden",
  },
  {
    name: "an identity that the access policy does not name",
    identity: "imds",
    arrange: each((vault) => {
      vault.access = "access-policy";
      vault.readers.clear();
    }),
    want: forbidden("AccessDenied"),
    ours: "vault-access-policy",
  },
  {
    name: "an address outside the vault's firewall",
    identity: "client-secret",
    arrange: each((vault) => vault.network = "firewall"),
    want: forbidden("ForbiddenByFirewall"),
    ours: "vault-firewall",
  },
  {
    name: "an address outside the vault's firewall, before any challenge",
    identity: "client-secret",
    arrange: each((vault) => vault.network = "firewall-before-challenge"),
    want: forbidden("ForbiddenByFirewall"),
    ours: "vault-firewall",
  },
  {
    name: "an address outside the vault's private network",
    identity: "client-secret",
    arrange: each((vault) => vault.network = "private-only"),
    want: forbidden("ForbiddenByConnection"),
    ours: "vault-private",
  },
  {
    name: "a disabled secret",
    identity: "client-secret",
    arrange: each((vault) => {
      for (const version of vault.secrets.get("mlflow") ?? []) version.enabled = false;
    }),
    want: forbidden("SecretDisabled"),
    ours: "secret-disabled",
  },
  {
    name: "a secret that is not there",
    identity: "client-secret",
    secret: "mlfow",
    want: notFound,
    ours: "secret-not-found",
  },
  {
    name: "a version that is not there",
    identity: "client-secret",
    env: { MLFLOW_AZURE_SECRET_VERSION: "0".repeat(32) },
    want: notFound,
    ours: "secret-not-found",
  },
  {
    name: "too many requests, with a Retry-After",
    identity: "client-secret",
    arrange: ({ world }) => void world.faults.push({ kind: "throttle", retryAfterSec: 1 }),
    want: { type: "HttpResponseError", status: 429, code: "Throttled" },
    ours: "vault-throttled",
  },
  {
    name: "too many requests, without a Retry-After",
    identity: "client-secret",
    arrange: ({ world }) => void world.faults.push({ kind: "throttle" }),
    want: { type: "HttpResponseError", status: 429, code: "Throttled" },
    ours: "vault-throttled",
  },
  ...([500, 503] as const).map((status): Case => ({
    name: `a vault that answers ${status}`,
    identity: "client-secret",
    arrange: ({ world }) => {
      const body = { error: { code: "InternalError", message: "An error occurred while processing your request." } };
      world.faults.push({ kind: "answer", service: "vault", status, body });
    },
    want: { type: "HttpResponseError", status, code: "InternalError" },
    ours: "vault-failed",
  })),
  {
    name: "a token that has expired on the way",
    identity: "client-secret",
    arrange: ({ world }) => {
      world.tokenLifetimeSec = -60;
    },
    want: unauthorized,
    ours: "vault-token-rejected",
  },
  {
    name: "a token of another tenant",
    identity: "imds",
    arrange: each((vault) => vault.tenantId = "dddddddd-0000-4000-8000-dddddddddddd"),
    want: unauthorized,
    ours: "vault-token-rejected",
  },
  {
    name: "a vault of another tenant, by its challenge",
    identity: "client-secret",
    arrange: each((vault) => vault.tenantId = "dddddddd-0000-4000-8000-dddddddddddd"),
    want: { type: "ClientAuthenticationError" },
    ours: "tenant-mismatch",
  },
  {
    name: "a challenge for another domain",
    identity: "client-secret",
    arrange: ({ world }) => void world.faults.push({ kind: "challenge", resource: "https://vault.example.com" }),
    want: { type: "ValueError" },
    ours: "vault-challenge",
  },
  {
    name: "a user-assigned identity that is not there",
    identity: "imds-user-assigned",
    env: { AZURE_CLIENT_ID: IDS.connection },
    want: { type: "CredentialUnavailableError" },
    ours: "managed-identity-not-found",
  },
  {
    name: "a user-assigned identity that an App Service does not have",
    identity: "app-service-user-assigned",
    env: { AZURE_CLIENT_ID: IDS.connection },
    want: { type: "CredentialUnavailableError" },
    ours: "managed-identity-not-found",
  },
  {
    name: "a page of a proxy in place of Entra ID's answer",
    identity: "client-secret",
    arrange: ({ world }) => void world.faults.push({ kind: "html", status: 403, service: "entra" }),
    want: { type: "ClientAuthenticationError" },
    ours: "network-proxy",
  },
  {
    name: "a connection to the vault that breaks",
    identity: "client-secret",
    arrange: ({ world }) => void world.faults.push({ kind: "reset", service: "vault" }),
    want: { type: "ServiceRequestError" },
    ours: "network-reset",
  },
  ...([["untrusted", "tls-untrusted"], ["wrong-name", "tls-name"], ["expired", "tls-date"], [
    "not-yet-valid",
    "tls-date",
  ], [
    "plain",
    "tls-failed",
  ]] as const).map(([vaultTls, ours]): Case => ({
    name: `a vault whose certificate is bad: ${vaultTls}`,
    identity: "client-secret",
    options: { vaultTls },
    want: { type: "ServiceRequestError" },
    ours,
  })),
];

function each(act: (vault: Vault) => unknown): (azure: Azure) => void {
  return ({ world }) => {
    for (const vault of world.vaults) act(vault);
  };
}
