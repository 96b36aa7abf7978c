import { X509Certificate } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { IDS } from "../../support/azure/ids.ts";
import type { Azure } from "../../support/azure/start_azure.ts";
import { makePkcs12 } from "../../support/pkcs12.ts";
import { keyAs, makeClientCertificate, type Pair } from "../../support/tls.ts";
import type { State } from "./state.ts";

const PASSWORD = "canary";
const MLFLOW = "http://127.0.0.1:9";

/** A setting of an env file, and none of the environment. */
const inFile = (name: string, text: string): Pick<State, "env" | "shell"> => ({
  env: { [name]: "" },
  shell: `cd "$HOME"\n[ -e 'my settings.env' ] || cat >'my settings.env' <<'END'\n${text}\nEND\n` +
    `exec "$@" --env-file 'my settings.env'`,
});

/** A certificate file of another form than the program wants. */
const certificate = (name: string, text: (pair: Pair) => string | Promise<string>, more: Partial<State>): State => ({
  name,
  code: "certificate-invalid",
  identity: "nobody",
  arrange: async (azure) => {
    const pair = await makeClientCertificate();
    await azure.register(pair.certificate);
    const path = join(azure.folder, "sp.pem");
    await writeFile(path, await text(pair));
    await writeFile(join(azure.folder, "key.pem"), pair.key);
    await writeFile(join(azure.folder, "certificate.pem"), pair.certificate);
    return { ...await azure.identity("client-secret"), AZURE_CLIENT_SECRET: "", AZURE_CLIENT_CERTIFICATE_PATH: path };
  },
  ...more,
});

/** What a client of the tracking server shows. */
const client = (name: string, text: (pair: Pair) => string, more: Partial<State> = {}): State => ({
  name,
  code: "setting-invalid",
  arrange: async ({ folder, origins }) => {
    const pair = await makeClientCertificate();
    const path = join(folder, "own.pem");
    await writeFile(path, text(pair));
    await writeFile(join(folder, "client.key"), pair.key);
    await writeFile(join(folder, "client.crt"), pair.certificate);
    return { MLFLOW_TRACKING_URI: origins.tls, MLFLOW_TRACKING_CLIENT_CERT_PATH: path };
  },
  ...more,
});

const roots = (name: string, text: string): State => ({
  name,
  code: "setting-invalid",
  arrange: async ({ folder, caPath }: Azure) => {
    const path = join(folder, "roots.pem");
    await writeFile(path, text);
    return { MLFLOW_AUTH_CA_BUNDLE: path, SSL_CERT_FILE: caPath };
  },
});

/** Settings as they are pasted and misspelled, and files of another form. */
export const SETTING_STATES: readonly State[] = [
  { name: "a misspelled word", code: "setting-invalid", env: { MLFLOW_AZURE_AUTH_MODE: "bearrer" } },
  { name: "a word of a file", code: "setting-invalid", ...inFile("X", "export MLFLOW_AZURE_TTL_SEC=5m\nA=1") },
  { name: "a misspelled word of a file", code: "setting-invalid", ...inFile("X", "MLFLOW_AZURE_AUTH_MODE=bearrer") },
  {
    name: "a cloud of a file that is not the vault's",
    code: "setting-conflict",
    ...inFile("X", "AZURE_CLOUD_ENVIRONMENT=AzureChinaCloud"),
  },
  {
    name: "a vault under a neighbour's name",
    code: "setting-missing",
    env: { MLFLOW_AZURE_KEY_VAULT_URL: "", KEY_VAULT_URI: "https://team.vault.azure.net" },
  },
  {
    name: "a misspelled vault of a file",
    code: "setting-missing",
    ...inFile("MLFLOW_AZURE_KEY_VAULT_URL", "MLFLOW_AZURE_KEYVAULT_URL=https://team.vault.azure.net"),
  },
  {
    name: "a secret that is not named",
    code: "setting-missing",
    env: { MLFLOW_AZURE_SECRET_NAME: "" },
    fill: { "<name>": "mlflow" },
  },
  {
    name: "a secret named twice",
    code: "setting-conflict",
    env: { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/secrets/mlflow", MLFLOW_AZURE_SECRET_NAME: "x" },
  },
  {
    name: "a key of a vault",
    code: "setting-invalid",
    env: { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/keys/x" },
  },
  { name: "a version that is none", code: "setting-invalid", env: { MLFLOW_AZURE_SECRET_VERSION: "newest" } },
  {
    name: "a scope beside a vault",
    code: "setting-conflict",
    env: { MLFLOW_AZURE_TOKEN_SCOPE: `api://${IDS.api}` },
    lines: { "unset MLFLOW_AZURE_KEY_VAULT_URL": { next: "setting-conflict" } },
  },
  { name: "a switch that is off", code: "disabled", env: { MLFLOW_SECRETS_AUTH_ENABLE_AZURE_KEY_VAULT: "no" } },
  {
    name: "an authority without TLS",
    code: "setting-invalid",
    env: { AZURE_AUTHORITY_HOST: "http://login.microsoftonline.com" },
  },
  roots("an empty file of roots", ""),
  roots("a damaged root", "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n"),
  {
    name: "a root in DER",
    code: "setting-invalid",
    arrange: async ({ folder, caPath }) => {
      const path = join(folder, "root.cer");
      await writeFile(path, new Uint8Array(new X509Certificate(await readFile(caPath)).raw));
      return { MLFLOW_AUTH_CA_BUNDLE: path };
    },
    before: "export MLFLOW_AUTH_CA_BUNDLE=roots.pem",
  },
  {
    name: "a root that no variable names",
    code: "tls-untrusted",
    env: { MLFLOW_AUTH_CA_BUNDLE: "" },
    fill: ({ caPath }) => ({ "<PEM file>": caPath }),
  },
  {
    name: "a server's root that is another",
    code: "tls-untrusted",
    arrange: async ({ folder, origins }) => {
      await writeFile(join(folder, "other.pem"), (await makeClientCertificate()).certificate);
      const path = join(folder, "other.pem");
      return { MLFLOW_TRACKING_URI: origins.tls, MLFLOW_TRACKING_SERVER_CERT_PATH: path, MLFLOW_AUTH_CA_BUNDLE: "" };
    },
    lines: {
      "export MLFLOW_TRACKING_SERVER_CERT_PATH": {
        fill: ({ caPath }) => ({ "<PEM file with the root that signed the server's certificate>": caPath }),
        before: 'export MLFLOW_AUTH_CA_BUNDLE="$HOME/ca.pem"',
      },
      "export MLFLOW_AUTH_CA_BUNDLE": {
        fill: ({ caPath }) => ({ "<PEM file>": caPath }),
        before: 'export MLFLOW_TRACKING_SERVER_CERT_PATH="$HOME/ca.pem"',
      },
    },
  },
  {
    name: "roots in a variable that is not read",
    code: "tls-untrusted",
    arrange: async ({ folder, caPath }) => {
      const { certificate } = await makeClientCertificate();
      await writeFile(join(folder, "other.pem"), certificate);
      return { MLFLOW_AUTH_CA_BUNDLE: "", SSL_CERT_FILE: join(folder, "other.pem"), REQUESTS_CA_BUNDLE: caPath };
    },
  },
  {
    name: "a client secret with a line break",
    code: "entra-secret-wrong",
    arrange: async (azure) => ({
      AZURE_CLIENT_SECRET: `${(await azure.identity("client-secret"))["AZURE_CLIENT_SECRET"]}\n`,
    }),
  },
  {
    name: "an identity that is misspelled",
    code: "setting-invalid",
    env: { AZURE_TOKEN_CREDENTIALS: "EnvironmentCredentials" },
  },
  {
    name: "half of App Service's variables",
    code: "identity-incomplete",
    identity: "nobody",
    env: { IDENTITY_ENDPOINT: "http://127.0.0.1:9" },
  },
  ...(["-legacy", "-certpbe"] as const).map((flag) =>
    certificate(`a PKCS#12 file, by ${flag === "-legacy" ? "RC2" : "AES"}, without its password`, () => "", {
      code: "certificate-password",
      arrange: async (azure) => {
        const pair = await makeClientCertificate();
        await azure.register(pair.certificate);
        const path = join(azure.folder, "sp.pfx");
        const flags = flag === "-legacy" ? [flag] : [flag, "aes-256-cbc"];
        await writeFile(path, await makePkcs12(pair, { password: PASSWORD, flags }));
        const who = await azure.identity("client-secret");
        return { ...who, AZURE_CLIENT_SECRET: "", AZURE_CLIENT_CERTIFICATE_PATH: path };
      },
      fill: { "<password>": PASSWORD },
      ...(flag === "-legacy" ? { lines: { "openssl": { types: PASSWORD, shows: /./ } } } : {
        lines: { "openssl": { types: PASSWORD, shows: /^Enter Import Password:$/ } },
      }),
    })
  ),
  certificate("a certificate in DER", () => "", {
    arrange: async (azure) => {
      const { certificate: pem } = await makeClientCertificate();
      const path = join(azure.folder, "sp.cer");
      await writeFile(path, new Uint8Array(new X509Certificate(pem).raw));
      const who = await azure.identity("client-secret");
      return { ...who, AZURE_CLIENT_SECRET: "", AZURE_CLIENT_CERTIFICATE_PATH: path };
    },
    shows: /SEQUENCE/,
  }),
  certificate("a certificate file of words", () => "hello\n", { shows: /ASCII text/ }),
  certificate("a certificate without its key", ({ certificate }) => certificate, {}),
  certificate("a certificate file without its certificate", ({ key }) => key, {}),
  certificate(
    "a certificate file of another key",
    async ({ key }) => key + (await makeClientCertificate()).certificate,
    {
      shows: /BEGIN PUBLIC KEY/,
    },
  ),
  certificate("an elliptic key", async () => {
    const { key, certificate } = await makeClientCertificate({ kind: "ec" });
    return key + certificate;
  }, { fill: { "<app>": "app" }, next: "entra-certificate-unknown" }),
  certificate("a broken key", ({ key, certificate }) => key.replace(/MII.{20}/, "AAAA") + certificate, {
    shows: /Could not|unable/,
  }),
  certificate(
    "an encrypted key",
    ({ key, certificate }) => keyAs(key, { form: "pkcs8-encrypted", passphrase: PASSWORD }) + certificate,
    {
      code: "certificate-password",
      fill: { "<password>": PASSWORD },
      lines: { "openssl": { types: PASSWORD, shows: /^Enter pass phrase[^\n]*$/ } },
    },
  ),
  client("a client certificate without its key", ({ certificate }) => certificate),
  client("a client key without its certificate", ({ key }) => key),
  client(
    "a client key with a password",
    ({ key, certificate }) => keyAs(key, { form: "pkcs8-encrypted", passphrase: PASSWORD }) + certificate,
    { types: PASSWORD },
  ),
  client("a client file of text", () => "-----BEGIN NOTHING-----\n"),
  {
    name: "a page of MLflow in place of its address",
    code: "setting-invalid",
    env: { MLFLOW_TRACKING_URI: `${MLFLOW}/#/experiments/1` },
  },
  { name: "an address without its scheme", code: "setting-invalid", env: { MLFLOW_TRACKING_URI: "127.0.0.1:9" } },
  {
    name: "a proxy without a tracking server",
    code: "setting-missing",
    args: ["exec", "--proxy", "--", "true"],
    fill: { "https://HOST": MLFLOW },
  },
  {
    name: "a proxy before a server without TLS",
    code: "tracking-plain-http",
    env: { MLFLOW_TRACKING_URI: "http://mlflow.invalid" },
    args: ["exec", "--proxy", "--", "true"],
  },
  {
    name: "a proxy before another registry",
    code: "registry-elsewhere",
    env: { MLFLOW_TRACKING_URI: MLFLOW, MLFLOW_REGISTRY_URI: "https://registry.invalid" },
    args: ["exec", "--proxy", "--", "true"],
  },
  {
    name: "a proxy that trusts every server",
    code: "tls-untrusted",
    env: { MLFLOW_TRACKING_URI: "https://mlflow.invalid", MLFLOW_TRACKING_INSECURE_TLS: "true" },
    args: ["exec", "--proxy", "--", "true"],
    fill: ({ caPath }) => ({ "<PEM file with the server's root>": caPath }),
  },
  {
    name: "a cache that there is not",
    code: "setting-invalid",
    env: { MLFLOW_AUTH_CACHE: "keyrings" },
  },
  {
    name: "a terminal that proxy's key would be shown at",
    code: "terminal-refused",
    env: { MLFLOW_TRACKING_URI: MLFLOW },
    args: ["proxy"],
    shell: 'script -qec "$(printf "\'%s\' " "$@")" /dev/null >&2',
    fill: { "<path>": "key" },
    background: true,
  },
  {
    name: "a proxy that does not listen",
    code: "network-refused",
    env: { HTTPS_PROXY: "http://127.0.0.1:9" },
    shows: /Connection refused|Failed to connect/,
  },
  {
    name: "a tracking server with a blank, and a list of hosts",
    code: "setting-invalid",
    env: { MLFLOW_TRACKING_URI: `${MLFLOW}/a b`, MLFLOW_SECRETS_ALLOWED_HOSTS: "127.0.0.1" },
    fill: { "https://HOST": MLFLOW },
  },
  {
    name: "a token alone where a password is asked for",
    code: "credential-mode",
    secret: "mlflow-plain",
    env: { MLFLOW_AZURE_AUTH_MODE: "basic" },
  },
  {
    name: "neither a vault nor a secret",
    code: "setting-missing",
    env: { MLFLOW_AZURE_KEY_VAULT_URL: "", MLFLOW_AZURE_SECRET_NAME: "" },
    fill: { NAME: "team", "<name>": "mlflow" },
    next: "setting-missing",
  },
  {
    name: "a vault's name that is too short",
    code: "setting-invalid",
    env: { MLFLOW_AZURE_KEY_VAULT_URL: "https://a.vault.azure.net" },
  },
  {
    name: "roots of an identity binding, given twice",
    code: "setting-conflict",
    identity: "workload-identity",
    env: {
      AZURE_KUBERNETES_TOKEN_PROXY: "https://127.0.0.1:9",
      AZURE_KUBERNETES_CA_FILE: "/no.pem",
      AZURE_KUBERNETES_CA_DATA: "-----BEGIN CERTIFICATE-----",
    },
  },
  {
    name: "an endpoint of an identity binding without TLS",
    code: "setting-invalid",
    identity: "workload-identity",
    env: { AZURE_KUBERNETES_TOKEN_PROXY: "http://127.0.0.1:9" },
  },
  {
    name: "roots of a tracking server that are not there",
    code: "setting-invalid",
    env: { MLFLOW_TRACKING_URI: "https://127.0.0.1:9", MLFLOW_TRACKING_SERVER_CERT_PATH: "/no.pem" },
  },
];
