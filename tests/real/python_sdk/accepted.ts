import { readFile, writeFile } from "node:fs/promises";
import { makePkcs12 } from "../../support/pkcs12.ts";
import { keyAs, type KeyForm, makeClientCertificate } from "../../support/tls.ts";
import type { Vault } from "../../support/azure/world.ts";
import { IDS, SECRETS } from "../../support/azure/world.ts";
import type { Azure } from "../../support/azure/start_azure.ts";
import type { Case } from "./case.ts";

const LATEST = { value: SECRETS.mlflow, version: IDS.versions[1] };
const OLDER = { value: SECRETS.mlflow.replace("canary", "canary-old"), version: IDS.versions[0] };
const PASSWORD = "certificate-password-canary";
const GOVERNMENT = { AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us" };
const CHINA = { AZURE_AUTHORITY_HOST: "https://login.partner.microsoftonline.cn" };

/** Worlds in which the secret is read. */
export const ACCEPTED: readonly Case[] = [
  { name: "a client secret", identity: "client-secret", want: LATEST },
  {
    name: "a client secret, a pinned version",
    identity: "client-secret",
    env: { MLFLOW_AZURE_SECRET_VERSION: IDS.versions[0] },
    want: OLDER,
  },
  { name: "a name in another case", identity: "client-secret", secret: "MLflow", want: LATEST },
  {
    name: "a client secret, in the US Government cloud",
    identity: "client-secret",
    cloud: "us-government",
    env: GOVERNMENT,
    want: LATEST,
  },
  { name: "a client secret, in China", identity: "client-secret", cloud: "china", env: CHINA, want: LATEST },
  { name: "a client secret, on loopback", identity: "client-secret", direct: true, want: LATEST },
  {
    name: "the second of two client secrets",
    identity: "client-secret",
    arrange: ({ world }) => {
      world.tenants[0]?.applications[0]?.secrets.unshift({ id: IDS.connection, value: "another", expiresAtMs: 0 });
    },
    want: LATEST,
  },
  { name: "a certificate", identity: "certificate", want: LATEST },
  {
    name: "a certificate, its chain sent",
    identity: "certificate",
    env: { AZURE_CLIENT_SEND_CERTIFICATE_CHAIN: "true" },
    want: LATEST,
  },
  { name: "a certificate, on loopback", identity: "certificate", direct: true, want: LATEST },
  { name: "a certificate before its key", identity: "certificate", arrange: rewrite("pkcs8", swap), want: LATEST },
  {
    name: "a certificate with line ends of Windows",
    identity: "certificate",
    arrange: rewrite("pkcs8", crlf),
    want: LATEST,
  },
  { name: "a certificate with a PKCS#1 key", identity: "certificate", arrange: rewrite("pkcs1"), want: LATEST },
  {
    name: "a certificate with an encrypted PKCS#8 key",
    identity: "certificate",
    env: { AZURE_CLIENT_CERTIFICATE_PASSWORD: PASSWORD },
    arrange: rewrite("pkcs8-encrypted"),
    want: LATEST,
  },
  ...([
    ["a PKCS#12 file", { password: PASSWORD }],
    ["a PKCS#12 file by RC2 and 3DES", { password: PASSWORD, flags: ["-legacy"] }],
    ["a PKCS#12 file with an empty password", { password: "" }],
    ["a PKCS#12 file with a password of other letters", { password: "pässwörd-€-canary" }],
    ["a PKCS#12 file with a chain, which is sent", { password: PASSWORD, chain: true }],
  ] as const).map(([name, file]): Case => ({
    name,
    identity: "certificate",
    env: {
      AZURE_CLIENT_CERTIFICATE_PASSWORD: file.password,
      AZURE_CLIENT_SEND_CERTIFICATE_CHAIN: "chain" in file ? "true" : "false",
    },
    arrange: async (_, env) => {
      const path = String(env["AZURE_CLIENT_CERTIFICATE_PATH"]);
      const [key = "", certificate = ""] = (await readFile(path, "utf8")).split(/(?=-----BEGIN CERTIFICATE)/);
      const chain = "chain" in file ? (await makeClientCertificate()).certificate : "";
      await writeFile(path, await makePkcs12({ key, certificate }, { ...file, chain }));
    },
    want: LATEST,
  })),
  { name: "a federated token file", identity: "workload-identity", want: LATEST },
  { name: "GitHub Actions OIDC", identity: "github", want: LATEST },
  { name: "Azure Pipelines OIDC", identity: "pipelines", want: LATEST },
  { name: "the machine's identity", identity: "imds", want: LATEST },
  {
    name: "the machine's identity, a pinned version",
    identity: "imds",
    env: { MLFLOW_AZURE_SECRET_VERSION: IDS.versions[0] },
    want: OLDER,
  },
  { name: "a user-assigned identity of the machine", identity: "imds-user-assigned", want: LATEST },
  { name: "the identity of an App Service", identity: "app-service", want: LATEST },
  { name: "a user-assigned identity of an App Service", identity: "app-service-user-assigned", want: LATEST },
  { name: "the identity of a Cloud Shell", identity: "cloud-shell", want: LATEST },
  { name: "the identity of Azure Machine Learning", identity: "azure-ml", want: LATEST },
  { name: "the identity of an Arc machine", identity: "arc", want: LATEST },
  {
    name: "a secret past its expiry date, which Key Vault gives all the same",
    identity: "client-secret",
    arrange: ({ world }) => change(world.vaults, { expires: 1_600_000_000 }),
    want: LATEST,
    ours: "secret-expired",
  },
  {
    name: "a secret that is not valid yet, which Key Vault gives all the same",
    identity: "client-secret",
    arrange: ({ world }) => change(world.vaults, { notBefore: 2_100_000_000 }),
    want: LATEST,
    ours: "secret-not-yet-valid",
  },
  {
    name: "an access policy",
    identity: "client-secret",
    arrange: ({ world }) => {
      for (const vault of world.vaults) vault.access = "access-policy";
    },
    want: LATEST,
  },
];

function change(vaults: readonly Vault[], times: { readonly expires?: number; readonly notBefore?: number }): void {
  for (const vault of vaults) for (const version of vault.secrets.get("mlflow") ?? []) Object.assign(version, times);
}

type Rewrite = (key: string, certificate: string) => string;

function swap(key: string, certificate: string): string {
  return certificate + key;
}

function crlf(key: string, certificate: string): string {
  return (key + certificate).replaceAll("\n", "\r\n");
}

function rewrite(form: KeyForm, join: Rewrite = (key, certificate) => key + certificate) {
  return async (_: Azure, env: Readonly<Record<string, string>>): Promise<void> => {
    const path = String(env["AZURE_CLIENT_CERTIFICATE_PATH"]);
    const [key = "", certificate = ""] = (await readFile(path, "utf8")).split(/(?=-----BEGIN CERTIFICATE)/);
    await writeFile(path, join(keyAs(key, { form, passphrase: PASSWORD }), certificate));
  };
}
