import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProxyRoute } from "../../../src/core/proxy_route.ts";
import { openSession, requireSettings } from "../../../src/cli/session.ts";
import { fakeHost } from "../../support/host.ts";

const none = { envFiles: [], flags: {} };

test("openSession() reads env files as they are, without expanding a dollar", async () => {
  const files = {
    "a.env": "\uFEFFAZURE_CLIENT_SECRET='$x{y}'\nexport AZURE_TENANT_ID=one.example\n",
    "b.env": "AZURE_TENANT_ID=two.example # note\n",
  };
  const { settings } = await openSession(fakeHost({ files }), { ...none, envFiles: ["a.env", "b.env"] });
  assert.equal(settings.clientSecret.value?.reveal(), "$x{y}");
  assert.deepEqual(settings.tenantId, {
    value: "two.example",
    source: { from: "file", name: "AZURE_TENANT_ID", path: "b.env" },
  });
});

test("openSession() reads no .env file that is not named", async () => {
  const { settings } = await openSession(fakeHost({ files: { ".env": "AZURE_TENANT_ID=one.example" } }), none);
  assert.equal(settings.tenantId.value, undefined);
});

test("openSession() names an env file that cannot be read, and why", async () => {
  await assert.rejects(openSession(fakeHost(), { ...none, envFiles: ["prod.env"] }), {
    code: "env-file-unreadable",
    message: 'Cannot read settings from "prod.env": no such file',
  });
});

test("openSession() routes requests by the proxies of environment and files, and gives their variables one form", async () => {
  const used: [ProxyRoute, object][] = [];
  const files = { "a.env": "HTTPS_PROXY=file:1\nNO_PROXY=.corp\n" };
  const host = fakeHost({ files, env: { NO_PROXY: ".own" }, useProxies: (...given) => void used.push(given) });
  await openSession(host, { ...none, envFiles: ["a.env"] });
  assert.deepEqual(used.map(([, variables]) => variables), [{ HTTPS_PROXY: "http://file:1", NO_PROXY: ".own" }]);
  const proxyOf = (url: string) => used[0]?.[0](new URL(url))?.host;
  assert.deepEqual([proxyOf("https://team.vault.azure.net"), proxyOf("https://a.own")], ["file:1", undefined]);
});

test("openSession() gives Azure's packages proxies without what was around them, and none that they would trip over", async () => {
  const variables = async (env: Readonly<Record<string, string>>, file = "") => {
    const used: object[] = [];
    const host = fakeHost({ files: { "a.env": file }, env, useProxies: (_route, given) => void used.push(given) });
    const { log: _log, warnings } = await openSession(host, { ...none, envFiles: file === "" ? [] : ["a.env"] });
    return { used, warnings };
  };
  assert.deepEqual(await variables({ ALL_PROXY: '"http://a:1"', NO_PROXY: "'.own'" }), {
    used: [{ ALL_PROXY: "http://a:1", NO_PROXY: ".own" }],
    warnings: [
      "environment ALL_PROXY stands in quotes, which was dropped",
      "environment NO_PROXY stands in quotes, which was dropped",
    ],
  });
  assert.deepEqual((await variables({ HTTPS_PROXY: "''" })).used, [{ HTTPS_PROXY: "" }]);
  assert.deepEqual((await variables({ HTTPS_PROXY: "''" }, "HTTPS_PROXY=b:2\n")).used, [{ HTTPS_PROXY: "http://b:2" }]);
  assert.deepEqual((await variables({ HTTPS_PROXY: "$(proxy)" })).used, [{ HTTPS_PROXY: "" }]);
  assert.deepEqual((await variables({ NO_PROXY: ".own" })).used, []);
});

test("openSession() logs at the level that is set, and at DEBUG where GitHub's runner is debugged", async () => {
  const logs = async (env: Readonly<Record<string, string>>, flags = {}) => {
    const host = fakeHost({ env });
    const { log } = await openSession(host, { envFiles: [], flags });
    log.debug("d");
    log.info("i");
    return host.stderr.text();
  };
  assert.equal(await logs({}), "mlflow-auth: i\n");
  assert.equal(await logs({ RUNNER_DEBUG: "1" }), "mlflow-auth: debug: d\nmlflow-auth: i\n");
  assert.equal(await logs({ RUNNER_DEBUG: "1", MLFLOW_SECRETS_LOG_LEVEL: "ERROR" }), "");
  assert.equal(
    await logs({ MLFLOW_SECRETS_LOG_LEVEL: "ERROR" }, { "--log-level": "debug" }),
    "mlflow-auth: debug: d\nmlflow-auth: i\n",
  );
});

test("openSession() refuses to let Bun print requests", async () => {
  const codes = async (runtime: "deno" | "bun", value: string) => {
    const build = { ...fakeHost().build, runtime };
    const { problems } = await openSession(fakeHost({ build, env: { BUN_CONFIG_VERBOSE_FETCH: value } }), none);
    return problems.map(({ code }) => code);
  };
  assert.deepEqual(
    [await codes("bun", "curl"), await codes("bun", "true"), await codes("bun", ""), await codes("deno", "curl")],
    [["setting-conflict"], ["setting-conflict"], [], []],
  );
});

test("openSession() gives Azure's packages a region that they would not read as it stands, and nobody else", async () => {
  const set: unknown[] = [];
  const files = { ".env": "AZURE_REGIONAL_AUTHORITY_NAME=westeurope\n" };
  const setVariable = (...given: readonly string[]) => void set.push(given);
  await openSession(fakeHost({ files, setVariable }), { envFiles: [".env"], flags: {} });
  await openSession(fakeHost({ env: { AZURE_REGIONAL_AUTHORITY_NAME: "westeurope" }, setVariable }), none);
  const one = ["AZURE_REGIONAL_AUTHORITY_NAME", "westeurope"];
  assert.deepEqual(set, [one]);
  await openSession(fakeHost({ env: { AZURE_REGIONAL_AUTHORITY_NAME: "'westeurope'" }, setVariable }), none);
  assert.deepEqual(set, [one, one]);
});

test("requireSettings() throws the first problem of the settings", async () => {
  const session = await openSession(fakeHost({ env: { MLFLOW_AZURE_TTL_SEC: "x" } }), none);
  assert.throws(() => requireSettings(session), { code: "setting-invalid" });
  requireSettings({ problems: [] });
});

test("openSession() lets no request past a proxy whose URL cannot be used", async () => {
  const routes: ProxyRoute[] = [];
  const env = { HTTPS_PROXY: "ftp://ada:canary@proxy.example", NO_PROXY: ".own" };
  const { problems } = await openSession(fakeHost({ env, useProxies: (route) => void routes.push(route) }), none);
  assert.deepEqual(problems.map(({ message }) => message), [
    'Cannot use "HTTPS_PROXY": a proxy of its scheme cannot be used: expected http://HOST:PORT',
  ]);
  assert.throws(() => routes[0]?.(new URL("https://team.vault.azure.net")), { code: "setting-invalid" });
  assert.equal(routes[0]?.(new URL("https://a.own")), undefined);
});

test("openSession() refuses a SOCKS proxy under Bun", async () => {
  const build = { ...fakeHost().build, runtime: "bun" } as const;
  const env = { ALL_PROXY: "socks5://proxy.example:1080" };
  const host = (runs: object) => fakeHost({ env, useProxies: () => {}, ...runs });
  assert.deepEqual((await openSession(host({ build }), none)).problems.map(({ code }) => code), ["setting-invalid"]);
  assert.deepEqual((await openSession(host({}), none)).problems, []);
});

test("openSession() gives the host MLflow's own variables of files, and says which lines it passed over", async () => {
  const files = { "a.env": "MLFLOW_TRACKING_URI=http://127.0.0.1:1\nAZURE_CLIENT_SECRET=canary\nsource x\n" };
  const host = fakeHost({ files, env: { A: "1" } });
  const session = await openSession(host, { ...none, envFiles: ["a.env"] });
  assert.deepEqual(session.host.env, { A: "1", MLFLOW_TRACKING_URI: "http://127.0.0.1:1" });
  assert.deepEqual(session.clientVariables, { MLFLOW_TRACKING_URI: "http://127.0.0.1:1" });
  assert.equal(host.stderr.text(), "mlflow-auth: warning: line 3 of a.env sets no variable\n");
  assert.equal((await openSession(host, none)).host, host);
});
