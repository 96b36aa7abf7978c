import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { IDENTITIES } from "../../../../src/azure/identities/identities.ts";
import { selectIdentities } from "../../../../src/azure/sign_in/select_identities.ts";

const select = (asked: string | undefined) =>
  selectIdentities(
    readSettings({ env: asked === undefined ? {} : { AZURE_TOKEN_CREDENTIALS: asked } }).settings.tokenCredentials,
    IDENTITIES,
  );
const names = (asked: string | undefined) => select(asked).identities.map(({ name }) => name);
const DEV = ["azure-cli", "azure-developer-cli", "azure-powershell"];

test("selectIdentities() leaves all where nothing is asked for", () => {
  assert.deepEqual([names(undefined), names(" ")], [
    IDENTITIES.map(({ name }) => name),
    IDENTITIES.map(({ name }) => name),
  ]);
});

test("selectIdentities() splits all into prod and dev", () => {
  assert.deepEqual(names("DEV"), DEV);
  assert.deepEqual(names("prod"), IDENTITIES.map(({ name }) => name).filter((name) => !DEV.includes(name)));
});

const known: readonly (readonly [string, readonly string[]])[] = [
  ["EnvironmentCredential", ["client-secret", "client-certificate"]],
  ["environmentcredential", ["client-secret", "client-certificate"]],
  ["ClientSecretCredential", ["client-secret"]],
  ["ClientCertificateCredential", ["client-certificate"]],
  ["WorkloadIdentityCredential", ["workload-identity"]],
  ["ManagedIdentityCredential", ["managed-identity"]],
  ["AzurePipelinesCredential", ["azure-pipelines"]],
  ["AzureCliCredential", ["azure-cli"]],
  ["AzureDeveloperCliCredential", ["azure-developer-cli"]],
  ["AzurePowerShellCredential", ["azure-powershell"]],
  ...IDENTITIES.map(({ name }) => [name, [name]] as const),
];
for (const [asked, expected] of known) {
  test(`selectIdentities() knows ${asked}`, () => {
    const { identities, named } = select(asked);
    assert.deepEqual([identities.map(({ name }) => name), named], [expected, true]);
  });
}

test("selectIdentities() says that the program asks nothing, for an identity that needs a browser", () => {
  assert.throws(() => names("InteractiveBrowserCredential"), { code: "identity-unsupported" });
});

test("selectIdentities() suggests the name that was meant", () => {
  assert.throws(() => names("AzureCliCredentials"), {
    code: "setting-invalid",
    remedy: "export AZURE_TOKEN_CREDENTIALS=AzureCliCredential",
  });
  assert.throws(() => names("pord"), { remedy: "export AZURE_TOKEN_CREDENTIALS=prod" });
  assert.throws(() => names("something else entirely"), {
    code: "setting-invalid",
    remedy: /^use one of: prod, dev, client-secret,/,
  });
});

test("selectIdentities() names the option where it was one", () => {
  const { settings } = readSettings({ env: {}, flags: { "--identity": "azure-cl" } });
  assert.throws(() => selectIdentities(settings.tokenCredentials, IDENTITIES), {
    message: 'Cannot use "--identity": no identity has the name "azure-cl"; did you mean azure-cli?',
    remedy: "pass --identity azure-cli",
  });
});

test("selectIdentities() quotes no name that another setting holds as a secret, and no long one", () => {
  for (const name of ["hunter2", "canary".repeat(5)]) {
    const { settings } = readSettings({ env: { AZURE_TOKEN_CREDENTIALS: name, AZURE_CLIENT_SECRET: "hunter2" } });
    assert.throws(() => selectIdentities(settings.tokenCredentials, IDENTITIES, { settings }), {
      message: 'Cannot use "AZURE_TOKEN_CREDENTIALS": no identity has the name it gives',
    });
  }
});
