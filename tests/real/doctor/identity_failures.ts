import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { IDS } from "../../support/azure/ids.ts";
import { keyAs, makeClientCertificate } from "../../support/tls.ts";
import type { Failure } from "./failure.ts";

const principal = { AZURE_TENANT_ID: IDS.tenants.public, AZURE_CLIENT_ID: IDS.client };
/** A port on which nothing listens. */
const CLOSED = "http://127.0.0.1:9";
const nowhere = { AZURE_POD_IDENTITY_AUTHORITY_HOST: CLOSED };

/** Nobody to be, or somebody only half. */
export const IDENTITY_FAILURES: readonly Failure[] = [
  { name: "nobody to be", code: "identity-none", identity: "nobody", env: nowhere },
  {
    name: "a client secret without a tenant",
    code: "identity-incomplete",
    identity: "nobody",
    env: { AZURE_CLIENT_ID: IDS.client, AZURE_CLIENT_SECRET: "client-secret-canary" },
  },
  {
    name: "an identity that needs a browser",
    code: "identity-unsupported",
    identity: "nobody",
    env: { AZURE_TOKEN_CREDENTIALS: "InteractiveBrowserCredential" },
  },
  {
    name: "Service Fabric",
    code: "identity-unsupported",
    identity: "nobody",
    env: { IDENTITY_ENDPOINT: CLOSED, IDENTITY_HEADER: "header-canary", IDENTITY_SERVER_THUMBPRINT: "00" },
  },
  {
    name: "a certificate that is not there",
    code: "certificate-unreadable",
    identity: "nobody",
    env: { ...principal, AZURE_CLIENT_CERTIFICATE_PATH: "/no.pem" },
  },
  {
    name: "a certificate file without a key",
    code: "certificate-invalid",
    identity: "nobody",
    arrange: async ({ folder }) => {
      const path = join(folder, "sp.pem");
      await writeFile(path, (await makeClientCertificate()).certificate);
      return { ...principal, AZURE_CLIENT_CERTIFICATE_PATH: path };
    },
  },
  {
    name: "an encrypted key without a password",
    code: "certificate-password",
    identity: "nobody",
    arrange: async ({ folder }) => {
      const path = join(folder, "sp.pem");
      const { key, certificate } = await makeClientCertificate();
      await writeFile(path, keyAs(key, { form: "pkcs8-encrypted", passphrase: "password-canary" }) + certificate);
      return { ...principal, AZURE_CLIENT_CERTIFICATE_PATH: path };
    },
  },
  {
    name: "a federated token file that is not there",
    code: "federated-token-unreadable",
    identity: "nobody",
    env: { ...principal, AZURE_FEDERATED_TOKEN_FILE: "/no/token" },
  },
  {
    name: "a GitHub job without the permission",
    code: "github-oidc-unavailable",
    identity: "nobody",
    env: { ...principal, ...nowhere, GITHUB_ACTIONS: "true" },
  },
  {
    name: "a GitHub job of Dependabot",
    code: "github-oidc-unavailable",
    identity: "nobody",
    env: { ...principal, ...nowhere, GITHUB_ACTIONS: "true", GITHUB_ACTOR: "dependabot[bot]" },
  },
  {
    name: "a GitHub job to which GitHub gives no token",
    code: "github-oidc-refused",
    identity: "github",
    env: { GITHUB_ACTIONS: "true" },
    arrange: ({ world }) => {
      world.github.allowed = false;
    },
  },
  {
    name: "a pipeline's step without its access token",
    code: "pipelines-oidc-unavailable",
    identity: "pipelines",
    env: { TF_BUILD: "True", SYSTEM_ACCESSTOKEN: "" },
  },
  {
    name: "a machine without a managed identity endpoint",
    code: "managed-identity-unavailable",
    identity: "nobody",
    env: { ...nowhere, AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential" },
  },
  {
    name: "a machine without the Azure CLI",
    code: "developer-tool-missing",
    identity: "nobody",
    env: { AZURE_TOKEN_CREDENTIALS: "AzureCliCredential", PATH: "/nowhere" },
  },
  ...([
    ["in which nobody is signed in", "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1"],
    ["whose session has ended", "echo 'ERROR: AADSTS70043: The refresh token has expired' >&2; exit 1"],
    [
      "that a job's token signed in",
      "echo 'AADSTS700024: Client assertion is not within its valid time range.' >&2; exit 1",
    ],
    ["that reaches nobody", "echo 'ERROR: Failed to establish a new connection' >&2; exit 1"],
    ["without its interpreter", undefined],
  ] as const).map(([name, does]): Failure => ({
    name: `an Azure CLI ${name}`,
    code: "developer-tool-failed",
    identity: "nobody",
    env: { AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" },
    arrange: async ({ folder }) => {
      const bin = join(folder, "bin");
      await mkdir(bin);
      await writeFile(join(bin, "az"), does === undefined ? "#!/opt/gone/python3\n" : `#!/bin/sh\n${does}\n`);
      await chmod(join(bin, "az"), 0o755);
      return { PATH: `${bin}:/usr/bin:/bin` };
    },
  })),
];
