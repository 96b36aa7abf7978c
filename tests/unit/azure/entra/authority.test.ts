import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { locateAuthority } from "../../../../src/azure/entra/authority.ts";
import { CLOUDS } from "../../../../src/azure/entra/clouds.ts";

const locate = (host: string | undefined, cloud: typeof CLOUDS[number] = CLOUDS[0]) =>
  locateAuthority(readSettings({ env: host === undefined ? {} : { AZURE_AUTHORITY_HOST: host } }).settings, cloud);

for (const cloud of CLOUDS) {
  test(`locateAuthority() takes that of ${cloud.name} where none is set, and by any of its names`, () => {
    const expected = { url: cloud.authority, host: new URL(cloud.authority).host, custom: false };
    assert.deepEqual([undefined, ...cloud.aliases].map((host) => locate(host, cloud)), [
      expected,
      ...cloud.aliases.map(() => expected),
    ]);
  });
}

test("locateAuthority() uses any other host as it is", () => {
  assert.deepEqual(locate("https://127.0.0.1:8443/"), {
    url: "https://127.0.0.1:8443",
    host: "127.0.0.1:8443",
    custom: true,
  });
});

test("locateAuthority() refuses plain http, a user name and another cloud's host", () => {
  assert.throws(() => locate("http://127.0.0.1:8443"), { code: "setting-invalid" });
  assert.throws(() => locate("https://me:canary@login.corp"), { code: "setting-invalid" });
  assert.throws(() => locate("login.microsoftonline.us"), {
    code: "setting-conflict",
    message:
      'Cannot use "login.microsoftonline.us": it belongs to AzureUSGovernment, but the vault belongs to AzurePublicCloud',
  });
});
