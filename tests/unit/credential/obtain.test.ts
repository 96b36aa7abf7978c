import assert from "node:assert/strict";
import { test } from "node:test";
import { obtain } from "../../../src/credential/obtain.ts";
import { cachedWorld, type Env, PRINCIPAL } from "../../support/cached_world.ts";

test("obtain() reads anew where it is told to, where the cache is off, and where nothing is kept", async () => {
  const fresh = cachedWorld();
  await assert.rejects(obtain(fresh.settings, { ...fresh.world, fresh: true }), { code: "network-dns" });
  const off = cachedWorld({ ...PRINCIPAL, MLFLOW_AUTH_CACHE: "off" });
  await assert.rejects(obtain(off.settings, off.world), { code: "network-dns" });
  const empty = cachedWorld();
  empty.keyring.keys.clear();
  await assert.rejects(obtain(empty.settings, empty.world), { code: "network-dns" });
});

test("obtain() refuses before it looks at what is kept", async () => {
  const refused: readonly (readonly [Env, string])[] = [
    [{ MLFLOW_SECRETS_AUTH_ENABLE: "vault" }, "disabled"],
    [{ MLFLOW_SECRETS_ALLOWED_HOSTS: "one.example", MLFLOW_TRACKING_URI: "https://two.example" }, "host-not-allowed"],
    [{ AZURE_TENANT_ID: "" }, "identity-incomplete"],
  ];
  for (const [more, code] of refused) {
    const { settings, world: { host, log } } = cachedWorld({ ...PRINCIPAL, ...more });
    await assert.rejects(obtain(settings, { host, log }), { code });
  }
});

test("obtain() refuses the keyring on every system but Linux", async () => {
  const { settings, world: { host, log } } = cachedWorld();
  for (const platform of ["darwin", "windows", "other"] as const) {
    await assert.rejects(obtain(settings, { host: { ...host, platform }, log }), { code: "setting-invalid" });
  }
});

test("obtain() keeps nothing unless it is asked to", async () => {
  const { MLFLOW_AUTH_CACHE: _, ...env } = PRINCIPAL as Env;
  const { settings, world } = cachedWorld(env);
  assert.equal(settings.cache.value, "off");
  const keyring = () => Promise.reject(new Error("the keyring was opened"));
  await assert.rejects(obtain(settings, { ...world, host: { ...world.host, keyring } }), { code: "network-dns" });
});
