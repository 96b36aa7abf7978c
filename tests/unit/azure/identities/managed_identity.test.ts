import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { managedIdentity, probeUrl } from "../../../../src/azure/identities/managed_identity.ts";
import { fakeHost } from "../../../support/host.ts";

const { settings } = readSettings({ env: {} });
const detect = (env: Readonly<Record<string, string>>) => managedIdentity.detect({ settings, host: fakeHost({ env }) });
const ENDPOINT = { IDENTITY_ENDPOINT: "http://127.0.0.1:9" };

const endpoints: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ["App Service", { ...ENDPOINT, IDENTITY_HEADER: "h" }, "IDENTITY_ENDPOINT is set"],
  ["Azure Arc", { ...ENDPOINT, IMDS_ENDPOINT: "http://127.0.0.1:9" }, "IDENTITY_ENDPOINT is set"],
  ["Cloud Shell", { MSI_ENDPOINT: "http://127.0.0.1:9" }, "MSI_ENDPOINT is set"],
  ["Azure ML", { MSI_ENDPOINT: "http://127.0.0.1:9", MSI_SECRET: "s" }, "MSI_ENDPOINT is set"],
];
for (const [platform, env, reason] of endpoints) {
  test(`managedIdentity knows ${platform} by its variables`, async () => {
    assert.deepEqual(await detect(env), { is: "configured", reason });
  });
}

test("managedIdentity knows Azure Arc by its agent", async () => {
  const host = fakeHost({ isFile: (path) => Promise.resolve(path === "/opt/azcmagent/bin/himds") });
  assert.deepEqual(await managedIdentity.detect({ settings, host }), {
    is: "configured",
    reason: "the agent of Azure Arc is installed",
  });
});

test("managedIdentity is possible on any machine", async () => {
  assert.deepEqual(await detect({}), { is: "possible", reason: "no variable names a managed identity endpoint" });
});

test("managedIdentity refuses Service Fabric, and half an endpoint", async () => {
  await assert.rejects(detect({ ...ENDPOINT, IDENTITY_HEADER: "h", IDENTITY_SERVER_THUMBPRINT: "t" }), {
    code: "identity-unsupported",
  });
  await assert.rejects(detect(ENDPOINT), { code: "identity-incomplete" });
});

test("managedIdentity waits one second for a metadata service", async () => {
  const waited: number[] = [];
  const clock = { ms: 0 };
  const host = fakeHost({
    workedMs: () => clock.ms,
    env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:9" },
    after: (ms, run) => {
      waited.push(ms);
      queueMicrotask(() => {
        clock.ms += ms;
        run();
      });
      return () => {};
    },
    fetch: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("late")))),
  });
  assert.equal((await managedIdentity.confirm?.({ settings, host }))?.is, "absent");
  assert.deepEqual(waited, [1000]);
});

test("probeUrl() asks the host that is set in place of the metadata service", () => {
  const path = "/metadata/identity/oauth2/token?api-version=2018-02-01";
  assert.equal(probeUrl({ AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:9/" }), `http://127.0.0.1:9${path}`);
  assert.match(probeUrl({}), /^http:\/\/169\.254\./);
});
