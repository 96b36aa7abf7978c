import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSource, readSettings, showSetting } from "../../../../src/core/settings/read_settings.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { type SettingKey, type SettingRow, SETTINGS } from "../../../../src/core/settings/settings.ts";
import { textsFor } from "../../../support/setting_texts.ts";

/** What some settings are read as, where that is more than their text. */
const SAMPLES: Partial<Record<SettingKey, readonly [text: string, value: unknown]>> = {
  vaultUrl: ["https://team.vault.azure.net/", new URL("https://team.vault.azure.net/")],
  authMode: ["Basic", "basic"],
  ttlSec: ["60", 60],
  deadlineSec: ["90", 90],
  cache: ["Keyring", "keyring"],
  tokenScope: ["api://mlflow.example", "api://mlflow.example/.default"],
  cloud: ["AzureUSGovernmentCloud", "AzureUSGovernment"],
  clientSecret: ["$ecret", new Secret("$ecret")],
  certificatePassword: ["pass", new Secret("pass")],
  sendCertificateChain: ["1", true],
  oidcRequestUrl: ["https://oidc.example/?a=1", new URL("https://oidc.example/?a=1")],
  oidcRequestToken: ["t", new Secret("t")],
  authorityHost: ["login.example", new URL("https://login.example")],
  enable: ["azure-key-vault, other", ["azure-key-vault", "other"]],
  enableAzure: ["false", false],
  allowedHosts: ["*.corp, b", ["*.corp", "b"]],
  trustedVaultHosts: ["vault.corp", ["vault.corp"]],
  logLevel: ["debug", "DEBUG"],
  insecureTls: ["true", true],
};

/** A text for a setting, and what it is read as. */
function sampleOf(row: SettingRow): readonly [text: string, value: unknown] {
  const [text] = textsFor(row);
  return SAMPLES[row.key] ?? [text, row.parse(text)];
}

/** Secrets compare equal whatever they hold, so their values are compared. */
const plain = (value: unknown): unknown => value instanceof Secret ? { secret: value.reveal() } : value;

for (const row of SETTINGS) {
  test(`readSettings() reads ${row.key} from each of its variables and files, and names the source`, () => {
    const [text, value] = sampleOf(row);
    for (const name of row.names) {
      const fromEnv = readSettings({ env: { [name]: text } });
      assert.deepEqual(plain(fromEnv.settings[row.key].value), plain(value));
      assert.deepEqual(fromEnv.settings[row.key], { value, source: { from: "environment", name } });
      const fromFile = readSettings({ env: {}, files: [{ path: ".env", variables: { [name]: text } }] });
      assert.deepEqual(fromFile.settings[row.key], { value, source: { from: "file", name, path: ".env" } });
      assert.deepEqual([...fromEnv.problems, ...fromFile.problems], []);
    }
  });

  test(`readSettings() takes an empty ${row.key} for ${row.emptyCounts === true ? "an empty list" : "one that is not set"}`, () => {
    const [name] = row.names;
    const { settings } = readSettings({ env: { [name]: "" } });
    const unset = { value: row.fallback, source: { from: "default" } };
    const empty = { value: [], source: { from: "environment", name } };
    assert.deepEqual(settings[row.key], row.emptyCounts === true ? empty : unset);
  });

  const { flag } = row;
  if (flag !== undefined) {
    test(`readSettings() lets ${flag} win over the environment`, () => {
      const [text, value] = sampleOf(row);
      const { settings } = readSettings({ env: { [row.names[0]]: "DEBUG" }, flags: { [flag]: text } });
      assert.deepEqual(settings[row.key], { value, source: { from: "flag", name: flag } });
    });
  }
}

test("readSettings() lets the environment win over files, and a later file over an earlier one", () => {
  const name = "MLFLOW_AZURE_SECRET_NAME";
  const files = [{ path: "a", variables: { [name]: "one" } }, { path: "b", variables: { [name]: "two" } }];
  assert.equal(readSettings({ env: {}, files }).settings.secretName.value, "two");
  assert.equal(readSettings({ env: { [name]: "three" }, files }).settings.secretName.value, "three");
  assert.equal(readSettings({ env: { [name]: "" }, files }).settings.secretName.value, "two");
});

test("readSettings() prefers a setting's own variable to its aliases, wherever it stands", () => {
  const files = [{ path: "f", variables: { MLFLOW_AZURE_KEY_VAULT_URL: "https://own.vault.azure.net" } }];
  const { settings } = readSettings({ env: { AZURE_KEY_VAULT_URL: "https://alias.vault.azure.net" }, files });
  assert.equal(settings.vaultUrl.value?.host, "own.vault.azure.net");
});

test("readSettings() drops white space and one pair of quotes from around a value, with a warning, and keeps a secret's", () => {
  const env = {
    MLFLOW_AZURE_KEY_VAULT_URL: '"https://team.vault.azure.net/"',
    MLFLOW_AZURE_SECRET_NAME: "mlflow\n",
    AZURE_TENANT_ID: " 'contoso.com' ",
    AZURE_CLIENT_ID: '""',
    AZURE_CLIENT_SECRET: '"canary"\n',
    MLFLOW_TRACKING_URI: '"http://127.0.0.1:5000"',
  };
  const { settings, warnings, problems } = readSettings({ env });
  assert.equal(settings.vaultUrl.value?.href, "https://team.vault.azure.net/");
  assert.equal(settings.secretName.value, "mlflow");
  assert.equal(settings.tenantId.value, "contoso.com");
  assert.deepEqual(settings.clientId, { value: undefined, source: { from: "default" } });
  assert.equal(settings.clientSecret.value?.reveal(), '"canary"\n');
  assert.equal(settings.trackingUri.value, '"http://127.0.0.1:5000"');
  assert.deepEqual(warnings, [
    "environment MLFLOW_AZURE_KEY_VAULT_URL stands in quotes, which was dropped",
    "environment MLFLOW_AZURE_SECRET_NAME ends in a line break, which was dropped",
    "environment AZURE_TENANT_ID stands in quotes, which was dropped",
  ]);
  assert.deepEqual(problems, []);
});

test("readSettings() takes no tenant that is neither a GUID nor a domain", () => {
  const tenants = ["common", "tenant", "11111111-aaaa-4000-8000-00000000000", "-.com", "contoso.com/v2.0"];
  for (const tenant of tenants) {
    assert.equal(readSettings({ env: { AZURE_TENANT_ID: tenant } }).problems[0]?.code, "setting-invalid", tenant);
  }
});

test("showSetting() shows no secret, and no password or query of a URL", () => {
  const env = {
    AZURE_CLIENT_SECRET: "canary",
    AZURE_CLIENT_CERTIFICATE_PASSWORD: "canary",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "canary",
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://oidc.example/x?canary=1",
    HTTPS_PROXY: "http://ada:canary@proxy:3128",
    HTTP_PROXY: "canary@proxy",
    ALL_PROXY: "http://CORP\\ada:canary@proxy",
    MLFLOW_TRACKING_URI: "https://ada:canary@mlflow.corp/x",
    MLFLOW_AZURE_KEY_VAULT_URL: "https://ada:canary@team.vault.azure.net",
  };
  const { settings } = readSettings({ env });
  const shown = SETTINGS.map((row) => showSetting(row.key, settings)).filter((text) => text !== undefined);
  assert.ok(!shown.join("\n").includes("canary"), shown.join("\n"));
});

test("showSetting() shows of a name or a word of a closed set only what can be one", () => {
  const shown = (text: string) => {
    const names = ["MLFLOW_AZURE_SECRET_NAME", "MLFLOW_AZURE_SECRET_VERSION", "AZURE_TOKEN_CREDENTIALS"];
    const { settings } = readSettings({ env: Object.fromEntries(names.map((name) => [name, text])) });
    return (["secretName", "secretVersion", "tokenCredentials"] as const).map((key) => showSetting(key, settings));
  };
  assert.deepEqual(shown("ml-flow"), ["ml-flow", "ml-flow", "ml-flow"]);
  assert.deepEqual(shown("joe:canary1"), ["[not a name]", "[not a name]", "[not a word]"]);
});

test("readSettings() takes no secret for a name, which would become a part of an address", () => {
  const pem = btoa("-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n");
  const { problems, settings } = readSettings({ env: { MLFLOW_AZURE_SECRET_NAME: pem } });
  assert.deepEqual(problems.map(({ message }) => message), [
    'Cannot use "MLFLOW_AZURE_SECRET_NAME": it holds a PEM in base64, not a name',
  ]);
  assert.equal(settings.secretName.value, undefined);
});

test("readSettings() names every variable that has a value, and the file that gives it", () => {
  const files = [{ path: "a", variables: { A: "1", B: "1", E: "" } }, { path: "b", variables: { B: "2", C: "3" } }];
  assert.deepEqual(readSettings({ env: { A: "0", D: undefined }, files }).variables(), [
    { name: "A", path: undefined },
    { name: "B", path: "b" },
    { name: "C", path: "b" },
  ]);
});

test("describeSource() says where a value came from", () => {
  assert.deepEqual(
    [
      describeSource({ from: "default" }),
      describeSource({ from: "flag", name: "--cloud" }),
      describeSource({ from: "environment", name: "A" }),
      describeSource({ from: "file", name: "A", path: "prod.env" }),
    ],
    ["default", "option --cloud", "environment A", "file prod.env A"],
  );
});
