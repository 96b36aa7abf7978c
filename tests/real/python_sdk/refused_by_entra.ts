import { writeFile } from "node:fs/promises";
import { assertion } from "../../support/azure/oidc_issuers.ts";
import type { Azure } from "../../support/azure/start_azure.ts";
import { type Application, IDS } from "../../support/azure/world.ts";
import { makeClientCertificate } from "../../support/tls.ts";
import type { Case, Refused } from "./case.ts";

const HOUR_MS = 3_600_000;
const UNKNOWN = "eeeeeeee-0000-4000-8000-eeeeeeeeeeee";
/** For a secret or a certificate the SDK leaves the answer to MSAL, which forgets its status; for an assertion it has one. */
const refused = (aadsts: number, status?: 400 | 401): Refused => ({
  type: "ClientAuthenticationError",
  ...(status === undefined ? {} : { status }),
  aadsts,
});

/** Worlds in which no token is issued. */
export const REFUSED_BY_ENTRA: readonly Case[] = [
  {
    name: "a wrong client secret",
    identity: "client-secret",
    env: { AZURE_CLIENT_SECRET: "wrong-canary" },
    want: refused(7000215),
    ours: "entra-secret-wrong",
  },
  {
    name: "the id of a client secret in place of its value",
    identity: "client-secret",
    env: { AZURE_CLIENT_SECRET: IDS.secretId },
    want: refused(7000215),
    ours: "entra-secret-wrong",
  },
  {
    name: "an expired client secret",
    identity: "client-secret",
    arrange: each((application) => {
      for (const secret of application.secrets) secret.expiresAtMs = Date.now() - HOUR_MS;
    }),
    want: refused(7000222),
    ours: "entra-secret-expired",
  },
  {
    name: "an unknown tenant",
    identity: "client-secret",
    env: { AZURE_TENANT_ID: UNKNOWN },
    // The vault's challenge names its own tenant, so that both say which one to use.
    want: { type: "ClientAuthenticationError" },
    ours: "tenant-mismatch",
  },
  {
    name: "an unknown tenant that the vault names too",
    identity: "client-secret",
    env: { AZURE_TENANT_ID: UNKNOWN },
    arrange: ({ world }) => {
      for (const vault of world.vaults) vault.tenantId = UNKNOWN;
    },
    // The SDK asks for the tenant's configuration first, and keeps the answer's number to itself.
    want: { type: "ClientAuthenticationError" },
    ours: "entra-tenant-unknown",
  },
  {
    name: "an application of another tenant",
    identity: "client-secret",
    env: { AZURE_CLIENT_ID: UNKNOWN },
    want: refused(700016),
    ours: "entra-app-unknown",
  },
  {
    name: "a certificate that is not registered",
    identity: "certificate",
    arrange: each((application) => application.certificates.splice(0)),
    want: refused(700027),
    ours: "entra-certificate-unknown",
  },
  {
    name: "a registered certificate that has expired",
    identity: "certificate",
    arrange: async (azure, env) => {
      const { certificate, key } = await makeClientCertificate({ days: [-30, -2] });
      await azure.register(certificate);
      await writeFile(String(env["AZURE_CLIENT_CERTIFICATE_PATH"]), key + certificate);
    },
    want: refused(700027),
    ours: "certificate-date",
  },
  {
    name: "an assertion of a machine whose clock is behind",
    identity: "certificate",
    arrange: ({ world }) => {
      world.clockOffsetMs = 2 * HOUR_MS;
    },
    want: refused(700024),
    ours: "clock-skew",
  },
  {
    name: "a federated token that has expired",
    identity: "workload-identity",
    arrange: ({ world }, env) => federated(world, env, { nowMs: Date.now() - HOUR_MS }),
    want: refused(700024, 401),
    ours: "entra-assertion-expired",
  },
  {
    name: "a federated token of another issuer",
    identity: "workload-identity",
    arrange: each((application) => {
      for (const one of application.federated) one.issuer += "other/";
    }),
    want: refused(700211, 401),
    ours: "entra-federation-mismatch",
  },
  {
    name: "a federated token for another audience",
    identity: "workload-identity",
    arrange: ({ world }, env) => federated(world, env, { audience: "https://kubernetes.default.svc" }),
    want: refused(700212, 401),
    ours: "entra-federation-mismatch",
  },
  {
    name: "a federated token of another subject",
    identity: "workload-identity",
    arrange: ({ world }, env) => federated(world, env, { subject: "system:serviceaccount:default:other" }),
    want: refused(700213, 401),
    ours: "entra-federation-mismatch",
  },
  {
    name: "a GitHub repository whose name differs in case",
    identity: "github",
    arrange: ({ world }) => {
      world.github.subject = "repo:Contoso/training:ref:refs/heads/main";
    },
    want: refused(7002138, 401),
    ours: "entra-federation-mismatch",
  },
  {
    name: "another branch of a GitHub repository",
    identity: "github",
    arrange: ({ world }) => {
      world.github.subject = "repo:contoso/training:ref:refs/heads/topic";
    },
    want: refused(700213, 401),
    ours: "entra-federation-mismatch",
  },
  {
    name: "another service connection of Azure Pipelines",
    identity: "pipelines",
    arrange: ({ world }) => {
      world.pipelines.connections.set(IDS.connection, "sc://contoso/other/azure");
    },
    want: refused(700213, 401),
    ours: "entra-federation-mismatch",
  },
  {
    name: "a wrong access token of Azure Pipelines",
    identity: "pipelines",
    env: { SYSTEM_ACCESSTOKEN: "wrong-canary" },
    want: { type: "ClientAuthenticationError", status: 401 },
    ours: "pipelines-oidc-unavailable",
  },
  ...([
    [70021, "an assertion that no federated credential fits, in the older words", "entra-federation-mismatch"],
    [
      7002137,
      "an assertion whose subject is not of the expected form",
      "entra-federation-mismatch",
    ],
    [700021, "an assertion of another client", "entra-assertion-audience"],
    [
      700023,
      "an assertion for another authority",
      "entra-assertion-audience",
    ],
    [53003, "a sign-in that Conditional Access blocks", "entra-refused"],
  ] as const).map((
    [code, name, ours],
  ): Case => ({
    name,
    identity: code === 53003 ? "client-secret" : "workload-identity",
    arrange: ({ world }) => void world.faults.push({ kind: "entra", code }),
    want: code === 53003 ? refused(code) : refused(code, 401),
    ours,
  })),
];

function each(act: (application: Application) => unknown): (azure: Azure) => void {
  return ({ world }) => {
    for (const tenant of world.tenants) for (const application of tenant.applications) act(application);
  };
}

async function federated(
  world: Azure["world"],
  env: Readonly<Record<string, string>>,
  claims: { readonly subject?: string; readonly audience?: string; readonly nowMs?: number },
): Promise<void> {
  const usual = { ...world.workload, audience: "api://AzureADTokenExchange", nowMs: Date.now() };
  await writeFile(String(env["AZURE_FEDERATED_TOKEN_FILE"]), assertion(world, { ...usual, ...claims }));
}
