import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { blockedBecause, openCache } from "../../../../src/credential/cache/cache.ts";
import { fakeKeyring } from "../../../support/keyring.ts";

const READ = {
  credential: { kind: "bearer", token: new Secret("abc") },
  version: "1",
  expiresAtMs: undefined,
} as const;

function open(env: Readonly<Record<string, string>> = {}, keyring = fakeKeyring()) {
  return { keyring, cache: openCache(readSettings({ env }).settings, { host: { env, now: () => 0 }, keyring }) };
}

test("openCache() keeps what was read until its end, and finds it until then", () => {
  const { cache, keyring } = open();
  const entry = cache.entryOf(READ);
  assert.ok(entry !== undefined);
  cache.keep(entry);
  assert.deepEqual([...keyring.keys].map(([name, { seconds }]) => [name.slice(0, 14), name.length, seconds]), [
    ["mlflow-auth:1:", 46, 300],
  ]);
  assert.equal(cache.find()?.version, "1");
  keyring.clock.bootMs += 300_000;
  assert.equal(cache.find(), undefined);
  assert.equal(cache.forget(), true);
});

test("openCache() finds nothing that is older than its own time to live, whatever it was kept for", () => {
  const { cache, keyring } = open();
  cache.keep(cache.entryOf(READ) ?? assert.fail());
  const impatient = open({ MLFLOW_AZURE_TTL_SEC: "10" }, keyring).cache;
  const patient = open({ MLFLOW_AZURE_TTL_SEC: "3600" }, keyring).cache;
  keyring.clock.bootMs += 9_000;
  assert.notEqual(impatient.find(), undefined);
  keyring.clock.bootMs += 1_000;
  assert.deepEqual([impatient.find(), patient.find()?.version], [undefined, "1"]);
  keyring.clock.bootMs += 290_000;
  assert.equal(patient.find(), undefined);
});

test("openCache() finds nothing under its name that was kept for something else", () => {
  const { cache, keyring } = open();
  cache.keep(cache.entryOf(READ) ?? assert.fail());
  const other = open({ MLFLOW_AZURE_SECRET_NAME: "other" }, keyring).cache;
  assert.equal(other.find(), undefined);
  assert.equal(other.decode(cache.encode(cache.entryOf(READ) ?? assert.fail())), undefined);
});

test("openCache() makes no entry of what ends at once", () => {
  assert.equal(open().cache.entryOf({ ...READ, expiresAtMs: 4_000 }), undefined);
});

test("blockedBecause() says what the kernel means", () => {
  const seen = ["EPERM", "ENOSYS", "EDQUOT", "EIO"].map((code) => blockedBecause(Object.assign(new Error(), { code })));
  assert.deepEqual(seen, [
    "not permitted, as by a container's seccomp profile (EPERM)",
    "this kernel or sandbox does not have it (ENOSYS)",
    "the user's quota of keys is used up (EDQUOT)",
    "the kernel refuses it (EIO)",
  ]);
});
