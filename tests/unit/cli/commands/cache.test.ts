import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../../../src/cli/run.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { openCache } from "../../../../src/credential/cache/cache.ts";
import { fakeHost, recordingSink } from "../../../support/host.ts";
import { fakeKeyring } from "../../../support/keyring.ts";

function withOneKept() {
  const keyring = fakeKeyring();
  const host = fakeHost({ keyring: () => Promise.resolve(keyring) });
  const cache = openCache(readSettings({ env: {} }).settings, { host, keyring });
  const read = {
    credential: { kind: "bearer", token: new Secret("canary") },
    version: "1",
    expiresAtMs: undefined,
  } as const;
  cache.keep(cache.entryOf(read) ?? assert.fail());
  keyring.keys.set("mlflow-auth:1:broken", { bytes: new Uint8Array([1]), seconds: 1 });
  keyring.keys.set("somebody's", { bytes: new Uint8Array([1]), seconds: 1 });
  keyring.clock.bootMs += 4_500;
  return { keyring, host };
}

test("cache list says what is kept, how old it is and how long it lives, and no secret", async () => {
  const { host } = withOneKept();
  assert.equal(await main(["cache", "list"], host), 0);
  const [first = "", second] = host.stdout.text().split("\n");
  assert.match(first, /^mlflow-auth:1:[0-9a-f]{32} {2}read 4 s ago, 296 s left$/);
  assert.equal(second, "mlflow-auth:1:broken  read 0 s ago, 0 s left");
  assert.doesNotMatch(host.stdout.text(), /canary/);
});

test("cache list --json has a version, and an empty list is no failure", async () => {
  const { host } = withOneKept();
  await main(["cache", "list", "--json"], host);
  const { schemaVersion, kept } = JSON.parse(host.stdout.text());
  assert.deepEqual([schemaVersion, kept.length, kept[0].ageSeconds, kept[0].leftSeconds], [1, 2, 4, 296]);
  const empty = fakeHost({ keyring: () => Promise.resolve(fakeKeyring()) });
  assert.equal(await main(["cache", "list"], empty), 0);
  assert.equal(empty.stdout.text(), "");
});

test("cache clear drops everything of this program, and nothing else", async () => {
  const { host, keyring } = withOneKept();
  assert.equal(await main(["cache", "clear"], host), 0);
  assert.deepEqual([...keyring.keys.keys()], ["somebody's"]);
  assert.deepEqual([host.stdout.text(), host.stderr.text()], ["", "mlflow-auth: dropped 2 credentials\n"]);
  assert.equal(await main(["cache", "clear"], host), 0);
  assert.match(host.stderr.text(), /credentials\nmlflow-auth: nothing was kept\n$/);
  const quiet = withOneKept().host;
  assert.equal(await main(["cache", "clear", "--log-level", "ERROR"], quiet), 0);
  assert.equal(quiet.stderr.text(), "");
});

test("cache says of a word that it is none of its own, and the one that was meant", async () => {
  const said = async (word: string) => {
    const host = fakeHost();
    await main(["cache", word], host);
    return host.stderr.text().split("\n").slice(0, 2);
  };
  assert.deepEqual(await said("lst"), [
    'mlflow-auth: Cannot look at the cache: "lst" is neither list nor clear',
    "  try:  mlflow-auth cache list",
  ]);
  assert.deepEqual(await said("c29tZXRoaW5nMTIzNDU2Nzg5MA"), [
    "mlflow-auth: Cannot look at the cache: what is asked is neither list nor clear",
    "  try:  see what is kept: mlflow-auth cache list; forget it: mlflow-auth cache clear",
  ]);
});

test("cache fails where the kernel refuses, where there is no keyring, and where it is not told what to do", async () => {
  const { host, keyring } = withOneKept();
  keyring.refusal.code = "EPERM";
  assert.equal(await main(["cache", "list"], host), 1);
  assert.match(host.stderr.text(), /Cannot use "the kernel's keyring": not permitted/);
  assert.equal(await main(["cache", "clear"], fakeHost()), 1);
  for (const argv of [["cache"], ["cache", "drop"]]) assert.equal(await main(argv, fakeHost()), 2);
});

test("cache list says at a terminal that nothing is kept, and prints nothing", async () => {
  const list = async (isTerminal: boolean, ...words: readonly string[]) => {
    const keyring = () => Promise.resolve(fakeKeyring());
    const host = fakeHost({ keyring, stderr: { ...recordingSink(), isTerminal: () => isTerminal } });
    assert.equal(await main(["cache", "list", ...words], host), 0);
    return [host.stdout.text() === "", host.stderr.text()];
  };
  assert.deepEqual(await list(true), [true, "mlflow-auth: nothing is kept\n"]);
  assert.deepEqual(await list(false), [true, ""]);
  assert.deepEqual(await list(true, "--json"), [false, ""]);
});
