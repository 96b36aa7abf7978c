import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { Secret } from "../../../../src/core/secret.ts";
import type { Credential } from "../../../../src/credential/parse.ts";
import { cache, compare } from "../../../../src/doctor/checks/cache.ts";
import { makeSubject } from "../../../../src/doctor/subject.ts";
import { fakeHost } from "../../../support/host.ts";
import { type FakeKeyring, fakeKeyring } from "../../../support/keyring.ts";

const bearer = (token: string): Credential => ({ kind: "bearer", token: new Secret(token) });

async function look(env: Readonly<Record<string, string>>, keyring?: FakeKeyring) {
  const host = fakeHost({ env, keyring: () => Promise.resolve(keyring) });
  const log = makeLog("ERROR", () => {});
  const notes = await cache.run(makeSubject({ ...readSettings({ env }), host, log }));
  return notes.map(({ status, code, message }) => [status, code, message.replace(/:.*/s, "")]);
}

test("cache says what is kept, that it is off, that the kernel refuses, and who else may read it", async () => {
  const on = { MLFLOW_AUTH_CACHE: "keyring" };
  const blocked = fakeKeyring();
  blocked.refusal.code = "EPERM";
  assert.deepEqual(await look({}), [["ok", undefined, "off, each run reads the secret"]]);
  assert.deepEqual(await look(on), [["warn", "cache-unavailable", 'Cannot use "the kernel\'s keyring"']]);
  assert.deepEqual(await look(on, blocked), [["warn", "cache-unavailable", 'Cannot use "the kernel\'s keyring"']]);
  assert.deepEqual(await look(on, fakeKeyring()), [["ok", undefined, "keyring, nothing kept for these settings"]]);
  assert.deepEqual((await look(on, fakeKeyring(0))).map(([status, code]) => [status, code]), [
    ["ok", undefined],
    ["warn", "cache-shared"],
  ]);
});

test("compare() drops what is no longer the vault's, and says so", () => {
  let forgotten = 0;
  const entry = { credential: bearer("old"), version: "1", readMs: 0, endsMs: 1, expiresAtMs: undefined };
  const state = { is: "kept", uid: 1, entry, ageSec: 4, leftSec: 96, forget: () => ++forgotten > 0 } as const;
  assert.equal(compare(state, { fresh: bearer("old"), said: "kept" }).message, "kept, the same as in the vault");
  assert.equal(forgotten, 0);
  assert.equal(compare(state, { fresh: bearer("new"), said: "kept" }).code, "cache-stale");
  assert.equal(forgotten, 1);
});
