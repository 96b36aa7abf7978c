import "../support/guard.ts";
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type SettingKey, SETTINGS } from "../../src/core/settings/settings.ts";
import { CLOUDS } from "../support/azure/clouds.ts";
import { type Azure, startAzure } from "../support/azure/start_azure.ts";
import { IDS } from "../support/azure/world.ts";
import { firstBuild, healthyEnv, type Ran, runProgram } from "../support/run_program.ts";
import { makeClientCertificate } from "../support/tls.ts";
import { startTrackingServer } from "../support/tracking_server.ts";

// Each setting on its own, through its variable, in the compiled program: what would come out differently if it were not read.

type Env = Readonly<Record<string, string>>;

/** What a proof works with. */
interface Bench {
  readonly azure: Azure;
  readonly env: Env;
  readonly run: (args: readonly string[], env: Env) => Promise<Ran>;
}

const TOKEN = ["exec", "--", "sh", "-c", 'printf %s "$MLFLOW_TRACKING_TOKEN"'] as const;
const codeOf = ({ stderr }: Ran): string | undefined => /docs\/errors\.md#([\w-]+)/.exec(stderr)?.[1];

/** Without this variable the run ends with this code, with it the token is handed over. */
const required = (name: string, code: string) => async ({ env, run }: Bench): Promise<void> => {
  assert.equal(codeOf(await run(TOKEN, { ...env, [name]: "" })), code);
  assert.equal((await run(TOKEN, env)).stdout, "mlflow-token-canary");
};

/** With these variables more the run ends with this code. */
const refusing = (more: Env, code: string) => async ({ env, run }: Bench): Promise<void> =>
  assert.equal(codeOf(await run(TOKEN, { ...env, ...more })), code);

const withoutSecret = ({ AZURE_CLIENT_SECRET: _, ...env }: Env): Env => env;

/** As workload identity, with these variables more, the run ends with this code. */
const bound = (more: Env, code: string) => async ({ azure, env, run }: Bench): Promise<void> => {
  const workload = await azure.identity("workload-identity");
  assert.equal(codeOf(await run(TOKEN, { ...withoutSecret(env), ...workload, ...more })), code);
};

const server = async (more: Env, check: (ran: Ran) => void, { env, run }: Bench): Promise<void> => {
  await using tracking = await startTrackingServer();
  check(await run(["doctor", "--json"], { ...env, MLFLOW_TRACKING_URI: tracking.url, ...more }));
};

const finding = (
  ran: Ran,
  check: string,
): { readonly status?: string; readonly code?: string; readonly message?: string } =>
  JSON.parse(ran.stdout).findings.find((one: { check: string }) => one.check === check) ?? {};

/** A proof for every row: a new row needs one, or the types fail. */
const PROOFS: Readonly<Record<SettingKey, (bench: Bench) => Promise<void>>> = {
  vaultUrl: required("MLFLOW_AZURE_KEY_VAULT_URL", "setting-missing"),
  secretName: async ({ env, run }) => {
    const ran = await run(["exec", "sh", "-c", 'printf %s "$MLFLOW_TRACKING_USERNAME"'], {
      ...env,
      MLFLOW_AZURE_SECRET_NAME: "mlflow-basic",
    });
    assert.equal(ran.stdout, "trainer");
  },
  secretVersion: async ({ azure, env, run }) => {
    const [oldest] = IDS.versions;
    await run(TOKEN, { ...env, MLFLOW_AZURE_SECRET_VERSION: oldest });
    assert.equal(azure.requests.at(-1)?.path, `/secrets/mlflow/${oldest}`);
    assert.equal(azure.requests.at(-1)?.status, 200);
  },
  authMode: refusing({ MLFLOW_AZURE_AUTH_MODE: "basic" }, "credential-mode"),
  ttlSec: refusing({ MLFLOW_AZURE_TTL_SEC: "5m" }, "setting-invalid"),
  cache: async ({ azure, env, run }) => {
    const kept = { ...env, MLFLOW_AUTH_CACHE: "keyring" };
    assert.equal((await run(TOKEN, kept)).stdout, "mlflow-token-canary");
    const before = azure.requests.length;
    assert.equal((await run(TOKEN, kept)).stdout, "mlflow-token-canary");
    assert.equal(azure.requests.length, before);
    await run(["cache", "clear"], kept);
  },
  deadlineSec: async ({ azure, env, run }) => {
    azure.world.faults.push({ kind: "throttle", service: "vault", retryAfterSec: 3, times: 1 });
    assert.equal(codeOf(await run(TOKEN, { ...env, MLFLOW_AUTH_DEADLINE_SEC: "2" })), "vault-throttled");
    azure.world.faults.push({ kind: "throttle", service: "vault", retryAfterSec: 3, times: 1 });
    assert.equal((await run(TOKEN, { ...env, MLFLOW_AUTH_DEADLINE_SEC: "60" })).stdout, "mlflow-token-canary");
  },
  tokenScope: async ({ azure, env, run }) => {
    const { MLFLOW_AZURE_KEY_VAULT_URL: _url, MLFLOW_AZURE_SECRET_NAME: _name, ...rest } = env;
    const { stdout } = await run(TOKEN, { ...rest, MLFLOW_AZURE_TOKEN_SCOPE: `api://${IDS.api}` });
    assert.equal(stdout, azure.world.issued.at(-1));
  },
  cloud: refusing({ AZURE_CLOUD_ENVIRONMENT: "AzureChinaCloud" }, "setting-conflict"),
  tenantId: refusing({ AZURE_TENANT_ID: "99999999-9999-4999-8999-999999999999" }, "tenant-mismatch"),
  clientId: refusing({ AZURE_CLIENT_ID: "99999999-9999-4999-8999-999999999999" }, "entra-app-unknown"),
  clientSecret: refusing({ AZURE_CLIENT_SECRET: "another-canary" }, "entra-secret-wrong"),
  certificatePath: async ({ azure, env, run }) => {
    const certificate = await azure.identity("certificate");
    assert.equal((await run(TOKEN, { ...withoutSecret(env), ...certificate })).stdout, "mlflow-token-canary");
  },
  certificatePassword: async ({ azure, env, run }) => {
    const { certificate, key } = await makeClientCertificate();
    await azure.register(certificate);
    const { createPrivateKey } = await import("node:crypto");
    const encrypted = createPrivateKey(key).export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "password-canary",
    });
    const path = join(azure.folder, "encrypted.pem");
    await writeFile(path, String(encrypted) + certificate);
    const own = { ...withoutSecret(env), AZURE_CLIENT_CERTIFICATE_PATH: path };
    assert.equal(codeOf(await run(TOKEN, own)), "certificate-password");
    const ran = await run(TOKEN, { ...own, AZURE_CLIENT_CERTIFICATE_PASSWORD: "password-canary" });
    assert.equal(ran.stdout, "mlflow-token-canary", ran.stderr);
  },
  sendCertificateChain: refusing({ AZURE_CLIENT_SEND_CERTIFICATE_CHAIN: "perhaps" }, "setting-invalid"),
  federatedTokenFile: async ({ azure, env, run }) => {
    const workload = await azure.identity("workload-identity");
    assert.equal((await run(TOKEN, { ...withoutSecret(env), ...workload })).stdout, "mlflow-token-canary");
  },
  kubernetesTokenProxy: bound({ AZURE_KUBERNETES_TOKEN_PROXY: "https://127.0.0.1:9/" }, "network-refused"),
  kubernetesSniName: bound({ AZURE_KUBERNETES_SNI_NAME: "proxy.aks" }, "identity-incomplete"),
  kubernetesCaFile: bound({ AZURE_KUBERNETES_CA_FILE: "/ca.pem" }, "identity-incomplete"),
  kubernetesCaData: bound({ AZURE_KUBERNETES_CA_DATA: "-----BEGIN CERTIFICATE-----" }, "identity-incomplete"),
  region: async ({ azure, env, run }) => {
    const name = "AZURE_REGIONAL_AUTHORITY_NAME";
    assert.equal(codeOf(await run(TOKEN, { ...env, [name]: "evil.example/" })), "setting-invalid");
    await run(TOKEN, { ...env, [name]: "westeurope" });
    assert.ok(azure.refused.some((host) => host.startsWith("westeurope.login.microsoft.com")));
  },
  oidcRequestUrl: async ({ azure, env, run }) => {
    const github = await azure.identity("github");
    assert.equal((await run(TOKEN, { ...withoutSecret(env), ...github })).stdout, "mlflow-token-canary");
    assert.ok(azure.requests.some(({ service }) => service === "github"));
  },
  oidcRequestToken: async ({ azure, env, run }) => {
    const github = await azure.identity("github");
    const wrong = { ...withoutSecret(env), ...github, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "another-canary" };
    assert.equal(codeOf(await run(TOKEN, wrong)), "github-oidc-refused");
  },
  tokenCredentials: async ({ azure, env, run }) => {
    const ran = await run(TOKEN, { ...env, AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential", AZURE_CLIENT_ID: "" });
    assert.equal(ran.stdout, "mlflow-token-canary", ran.stderr);
    assert.ok(azure.requests.some(({ service }) => service === "managed-identity"));
  },
  authorityHost: async ({ azure, env, run }) => {
    const ran = await run(TOKEN, { ...env, AZURE_AUTHORITY_HOST: azure.origins.tls });
    assert.equal(ran.stdout, "mlflow-token-canary", ran.stderr);
    const asked = azure.requests.find(({ service }) => service === "entra");
    assert.equal(asked?.host, new URL(azure.origins.tls).host);
  },
  enable: refusing({ MLFLOW_SECRETS_AUTH_ENABLE: "vault" }, "disabled"),
  enableAzure: refusing({ MLFLOW_SECRETS_AUTH_ENABLE_AZURE_KEY_VAULT: "false" }, "disabled"),
  allowedHosts: refusing(
    { MLFLOW_SECRETS_ALLOWED_HOSTS: "mlflow.corp", MLFLOW_TRACKING_URI: "https://evil.example" },
    "host-not-allowed",
  ),
  trustedVaultHosts: async ({ env, run }) => {
    const foreign = { ...env, MLFLOW_AZURE_KEY_VAULT_URL: "https://vault.corp/" };
    assert.equal(codeOf(await run(TOKEN, foreign)), "vault-untrusted");
    const trusted = await run(TOKEN, { ...foreign, MLFLOW_AZURE_TRUSTED_VAULT_HOSTS: "vault.corp" });
    assert.notEqual(codeOf(trusted), "vault-untrusted");
    assert.match(trusted.stderr, /vault\.corp\b/);
  },
  logLevel: async ({ env, run }) => {
    assert.match((await run(TOKEN, { ...env, MLFLOW_SECRETS_LOG_LEVEL: "DEBUG" })).stderr, /^mlflow-auth: debug: /);
    assert.equal((await run(TOKEN, env)).stderr, "");
  },
  headerName: (bench) =>
    server(
      { MLFLOW_AUTH_HEADER_NAME: "X-Other" },
      (ran) => assert.equal(finding(ran, "sign-in").status, "fail"),
      bench,
    ),
  caBundle: async ({ env, run }) => {
    for (const { names } of SETTINGS.filter(({ key }) => key === "caBundle")) {
      const { MLFLOW_AUTH_CA_BUNDLE: bundle = "", ...without } = env;
      assert.equal(codeOf(await run(TOKEN, without)), "tls-untrusted");
      for (const name of names) {
        assert.equal((await run(TOKEN, { ...without, [name]: bundle })).stdout, "mlflow-token-canary", name);
      }
    }
  },
  httpsProxy: async ({ env, run }) => {
    const { HTTPS_PROXY: proxy = "", ...without } = env;
    for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) {
      assert.equal((await run(TOKEN, { ...without, [name]: proxy })).stdout, "mlflow-token-canary", name);
    }
    const file = join(env["HOME"] ?? "", "proxy.env");
    await writeFile(file, `HTTPS_PROXY=${proxy}\n`);
    assert.equal((await run(["--env-file", file, ...TOKEN], without)).stdout, "mlflow-token-canary");
  },
  httpProxy: (bench) =>
    server({ HTTP_PROXY: "http://127.0.0.1:1", NO_PROXY: "" }, (ran) => {
      assert.equal(finding(ran, "proxies").status, "warn");
    }, bench),
  noProxy: async ({ env, run }) => {
    const around = await run(TOKEN, { ...env, NO_PROXY: `.${CLOUDS.public.vaultSuffix}` });
    assert.match(codeOf(around) ?? "", /^network-/);
  },
  trackingUri: (bench) => server({}, (ran) => assert.equal(finding(ran, "sign-in").status, "ok"), bench),
  serverCertPath: (bench) =>
    server(
      { MLFLOW_TRACKING_URI: "https://127.0.0.1:9", MLFLOW_TRACKING_SERVER_CERT_PATH: "/nonexistent.pem" },
      (ran) => {
        assert.match(ran.stdout, /MLFLOW_TRACKING_SERVER_CERT_PATH/);
      },
      bench,
    ),
  clientCertPath: (bench) =>
    server({ MLFLOW_TRACKING_CLIENT_CERT_PATH: "/nonexistent.pem" }, (ran) => {
      assert.match(ran.stdout, /MLFLOW_TRACKING_CLIENT_CERT_PATH/);
    }, bench),
  insecureTls: (bench) =>
    server({ MLFLOW_TRACKING_INSECURE_TLS: "true", MLFLOW_TRACKING_SERVER_CERT_PATH: bench.azure.caPath }, (ran) => {
      assert.ok(JSON.parse(ran.stdout).findings.some((one: { code?: string }) => one.code === "setting-conflict"));
    }, bench),
};

const { skip } = firstBuild();

for (const { key, names } of SETTINGS) {
  test(`${names[0]} is read`, { skip }, async () => {
    await using azure = await startAzure();
    const env = await healthyEnv(azure);
    await PROOFS[key]({ azure, env, run: (args, own) => runProgram(args, { env: own }) });
  });
}
