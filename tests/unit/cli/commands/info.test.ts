import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../../../src/cli/run.ts";
import { SETTINGS } from "../../../../src/core/settings/settings.ts";
import { FORMATS } from "../../../../src/shell/formats/formats.ts";
import { fakeHost, recordingSink } from "../../../support/host.ts";

const env = {
  MLFLOW_AZURE_KEY_VAULT_URL: "https://ada:canary@team.vault.azure.net/",
  AZURE_TENANT_ID: "contoso.com",
  AZURE_CLIENT_ID: "app",
  AZURE_CLIENT_SECRET: "canary",
};

async function info(argv: readonly string[], variables: Readonly<Record<string, string>> = env) {
  const host = fakeHost({ env: variables });
  const status = await main(["info", ...argv], host);
  return { status, stdout: host.stdout.text(), stderr: host.stderr.text() };
}

test("info shows every setting with its source, and no secret", async () => {
  const { status, stdout, stderr } = await info([]);
  assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
  assert.deepEqual(SETTINGS.filter((row) => !stdout.includes(row.names[0])).map((row) => row.key), []);
  assert.match(stdout, /^AZURE_CLIENT_SECRET +\[redacted\] +environment$/m);
  assert.match(
    stdout,
    /^MLFLOW_AZURE_KEY_VAULT_URL +https:\/\/team\.vault\.azure\.net\/ +environment, or --vault-url$/m,
  );
  assert.match(stdout, /^identity: client-secret$/m);
  assert.ok(!stdout.includes("canary"));
});

test("info --json holds the same, whole", async () => {
  const { status, stdout } = await info(["--json"]);
  const { settings, ...rest } = JSON.parse(stdout);
  assert.equal(status, 0);
  assert.deepEqual(settings.map((setting: { name: string }) => setting.name), SETTINGS.map((row) => row.names[0]));
  assert.deepEqual(settings.find((setting: { name: string }) => setting.name === "AZURE_TENANT_ID"), {
    name: "AZURE_TENANT_ID",
    value: "contoso.com",
    source: "environment AZURE_TENANT_ID",
  });
  assert.deepEqual(rest, {
    schemaVersion: 1,
    version: rest.version,
    build: fakeHost().build,
    identity: { name: "client-secret", passedOver: [], unasked: null },
    cache: { mode: "off", state: "off", ageSeconds: null, leftSeconds: null, text: "off, each run reads the secret" },
    proxy: null,
    formats: FORMATS.map(({ name }) => name),
    ignored: [],
    problems: [],
  });
});

test("info says what is wrong with a setting, and ends with 1", async () => {
  const { status, stderr, stdout } = await info([], { MLFLOW_AZURE_TTL_SEC: "5m", ...env });
  assert.equal(status, 1);
  assert.match(stderr, /^mlflow-auth: Cannot use "MLFLOW_AZURE_TTL_SEC"/);
  assert.match(stdout, /^MLFLOW_AZURE_TTL_SEC +300 +default$/m);
});

test("info names the variables that have no effect on the program", async () => {
  const { stdout } = await info([], {
    DEBUG: "*",
    DENO_CERT: "/canary.pem",
    TYPESPEC_RUNTIME_LOG_LEVEL: "verbose",
    ...env,
  });
  assert.match(stdout, /^ignored: {2}DEBUG DENO_CERT TYPESPEC_RUNTIME_LOG_LEVEL$/m);
  assert.ok(!stdout.includes("canary"));
});

test("info on a terminal of 80 columns breaks no word, dims what is not set and stands in groups", async () => {
  const stdout = recordingSink(true);
  const variables = {
    ...env,
    TERM: "xterm",
    AZURE_CLIENT_ID: "00000000-0000-4000-8000-000000000001",
    SSL_CERT_FILE: "/etc/ssl/certs/ca-certificates.crt",
  };
  await main(["info"], fakeHost({ env: variables, stdout }));
  const shown = stdout.text().replaceAll("\x1b", "ESC");
  const plain = shown.replaceAll(/ESC\[\d*m/g, "");
  const wide = plain.split("\n").filter((line) => line.length > 80);
  assert.deepEqual(wide, []);
  assert.match(shown, /^ESC\[2mMLFLOW_AZURE_AUTH_MODE +- +or --auth-modeESC\[0m$/m);
  assert.match(shown, /^ESC\[1mTracking serverESC\[0m$/m);
  assert.match(
    plain,
    /^MLFLOW_AUTH_CA_BUNDLE +\/etc\/ssl\/certs\/ca-certificates\.crt\n? +environment\s+SSL_CERT_FILE,\s+or\s+--ca-bundle$/m,
  );
});

test("info asks nobody who we are", async () => {
  const { status, stdout } = await info([], {});
  assert.equal(status, 0);
  assert.match(stdout, /^identity: Cannot tell who you are to "Azure": .* the metadata service, .*, was not asked \(/m);
});

test("info says of a developer tool that the metadata service, which goes before it, was not asked", async () => {
  const host = fakeHost({ env: { PATH: "/bin" }, files: { "/bin/az": "" } });
  assert.equal(await main(["info"], host), 0);
  assert.match(
    host.stdout.text(),
    /^identity: azure-cli, unless the metadata service answers, which was not asked: managed-identity$/m,
  );
});

test("info names a proxy of ours, and shows none of its key", async () => {
  const key = `mlflow-auth-${"k".repeat(43)}`;
  const variables = { ...env, MLFLOW_TRACKING_URI: `http://127.0.0.1:4040/${key}` };
  const { stdout } = await info([], variables);
  assert.match(stdout, /^proxy: {4}http:\/\/127\.0\.0\.1:4040, of mlflow-auth$/m);
  const json = await info(["--json"], variables);
  assert.deepEqual(JSON.parse(json.stdout).proxy, { uri: "http://127.0.0.1:4040" });
  assert.ok(!stdout.includes(key) && !json.stdout.includes(key));
});
