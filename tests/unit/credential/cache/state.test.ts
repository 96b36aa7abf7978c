import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { openCache } from "../../../../src/credential/cache/cache.ts";
import { cacheState, describeCache } from "../../../../src/credential/cache/state.ts";
import { fakeHost } from "../../../support/host.ts";
import { fakeKeyring } from "../../../support/keyring.ts";

test("cacheState() counts until what is kept ends, or is too old for these settings", async () => {
  const keyring = fakeKeyring();
  const env = { MLFLOW_AUTH_CACHE: "keyring" };
  const host = fakeHost({ env, keyring: () => Promise.resolve(keyring) });
  const { settings } = readSettings({ env });
  const cache = openCache(settings, { host, keyring });
  const read = {
    credential: { kind: "bearer", token: new Secret("a") },
    version: "1",
    expiresAtMs: undefined,
  } as const;
  cache.keep(cache.entryOf(read) ?? assert.fail());
  keyring.clock.bootMs += 4_000;
  assert.equal(describeCache(await cacheState(settings, host)), "keyring, read 4 s ago, 296 s left");
  const impatient = readSettings({ env: { ...env, MLFLOW_AZURE_TTL_SEC: "10" } }).settings;
  assert.equal(describeCache(await cacheState(impatient, host)), "keyring, read 4 s ago, 6 s left");
  const dev = readSettings({ env: { ...env, AZURE_TOKEN_CREDENTIALS: "dev" } }).settings;
  assert.equal((await cacheState(dev, host)).is, "unused");
});
