import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/read_settings.ts";
import { type SettingKey, SETTINGS } from "../../../../src/core/settings.ts";
import { DECIDES, fingerprint } from "../../../../src/credential/cache/fingerprint.ts";

type Env = Readonly<Record<string, string>>;

const KEYRING = { bootId: "boot-1", uid: 1000 };
const printOf = (env: Env, keyring = KEYRING): string => fingerprint(readSettings({ env }).settings, { env, keyring });

/** Two values of each setting; the first is set where the other is compared with it. */
const VALUES: Readonly<Record<SettingKey, readonly [string, string]>> = {
  vaultUrl: ["https://one.vault.azure.net", "https://two.vault.azure.net"],
  secretName: ["one", "two"],
  secretVersion: ["latest", "0123456789abcdef0123456789abcdef"],
  authMode: ["bearer", "basic"],
  ttlSec: ["300", "60"],
  deadlineSec: ["15", "60"],
  cache: ["off", "keyring"],
  tokenScope: ["api://one.example", "api://two.example"],
  cloud: ["AzurePublicCloud", "AzureChinaCloud"],
  tenantId: ["11111111-aaaa-4aaa-8aaa-111111111111", "22222222-aaaa-4aaa-8aaa-222222222222"],
  clientId: ["11111111-aaaa-4aaa-8aaa-111111111111", "22222222-aaaa-4aaa-8aaa-222222222222"],
  clientSecret: ["canary-1", "canary-2"],
  certificatePath: ["one.pem", "two.pem"],
  certificatePassword: ["canary-1", "canary-2"],
  sendCertificateChain: ["false", "true"],
  federatedTokenFile: ["/one", "/two"],
  oidcRequestUrl: ["https://one.example/", "https://two.example/"],
  oidcRequestToken: ["canary-1", "canary-2"],
  tokenCredentials: ["prod", "dev"],
  authorityHost: ["https://one.example/", "https://two.example/"],
  enable: ["azure-key-vault", "azure-key-vault,other"],
  enableAzure: ["true", "1"],
  allowedHosts: ["one.example", "two.example"],
  trustedVaultHosts: ["one.example", "two.example"],
  logLevel: ["INFO", "DEBUG"],
  headerName: ["Authorization", "X-Token"],
  caBundle: ["one.pem", "two.pem"],
  httpsProxy: ["http://one.example:1", "http://two.example:1"],
  httpProxy: ["http://one.example:1", "http://two.example:1"],
  noProxy: ["one.example", "two.example"],
  trackingUri: ["https://one.example", "https://two.example"],
  serverCertPath: ["one.pem", "two.pem"],
  clientCertPath: ["one.pem", "two.pem"],
  insecureTls: ["false", "true"],
};

test("fingerprint() is another one for another value of every setting that decides, and of no other", () => {
  const changes = Object.fromEntries(SETTINGS.map(({ key, names: [name] }) => {
    const [one, other] = VALUES[key];
    return [key, printOf({ [name]: one }) !== printOf({ [name]: other })];
  }));
  assert.deepEqual(changes, DECIDES);
});

test("fingerprint() is another one after a restart, for another user, home or platform variable", () => {
  const prints = [
    printOf({}),
    printOf({}, { ...KEYRING, bootId: "boot-2" }),
    printOf({}, { ...KEYRING, uid: 1001 }),
    printOf({ HOME: "/root" }),
    printOf({ USER: "ann" }),
    printOf({ IDENTITY_ENDPOINT: "http://127.0.0.1:9" }),
    printOf({ AZURESUBSCRIPTION_CLIENT_ID: "1" }),
    printOf({ SYSTEM_OIDCREQUESTURI: "https://one.example" }),
  ];
  assert.equal(new Set(prints).size, prints.length);
});

test("fingerprint() is the same whatever else the environment holds, and in whatever order", () => {
  const own = { AZURE_CLIENT_ID: "11111111-aaaa-4aaa-8aaa-111111111111", MSI_ENDPOINT: "http://127.0.0.1:9" };
  const reversed = Object.fromEntries(Object.entries(own).reverse());
  assert.equal(printOf(own), printOf({ ...reversed, PATH: "/bin", SLURM_PROCID: "7", PWD: "/tmp" }));
});

test("fingerprint() shows nothing of what it is made of", () => {
  assert.match(printOf({ AZURE_CLIENT_SECRET: "canary" }), /^[0-9a-f]{64}$/);
});
