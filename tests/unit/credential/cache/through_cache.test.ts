import assert from "node:assert/strict";
import { test } from "node:test";
import { obtainThroughCache } from "../../../../src/credential/cache/through_cache.ts";
import type { Flight, Heard } from "../../../../src/core/flight.ts";
import { encodeWord } from "../../../../src/credential/cache/word.ts";
import { AuthError } from "../../../../src/core/errors.ts";
import { cachedWorld, PRINCIPAL } from "../../../support/cached_world.ts";

test("obtainThroughCache() takes what is kept, and asks nobody", async () => {
  const { settings, asked, world: { host, log } } = cachedWorld();
  const { credential, version } = await obtainThroughCache(settings, { host, log });
  assert.deepEqual([credential.kind === "bearer" && credential.token.reveal(), version, asked], ["kept", "1", []]);
});

test("obtainThroughCache() goes on as without a cache where the kernel refuses, and says so in a debug line alone", async () => {
  for (const code of ["EPERM", "ENOSYS", "EDQUOT"]) {
    const { settings, keyring, lines, world: { host, log } } = cachedWorld();
    keyring.refusal.code = code;
    await assert.rejects(obtainThroughCache(settings, { host, log }), { code: "network-dns" });
    assert.match(
      lines.filter((line) => line.includes("keyring")).join("\n"),
      new RegExp(`^.*debug: keyring: .*${code}`),
    );
  }
});

test("obtainThroughCache() never takes what is kept for whoever is signed in with a developer tool", async () => {
  const { settings, keyring, world: { host, log } } = cachedWorld({
    ...PRINCIPAL,
    AZURE_CLIENT_SECRET: "",
    AZURE_TOKEN_CREDENTIALS: "AzureCliCredential",
  });
  assert.equal(keyring.keys.size, 1);
  await assert.rejects(obtainThroughCache(settings, { host, log }), { code: "developer-tool-missing" });
});

/** Nothing is kept, and of several processes this one plays the parts that are given, in turn. */
function playing(parts: readonly Flight[]) {
  const { keyring, cache, world, ...rest } = cachedWorld();
  const entry = cache.find() ?? assert.fail();
  keyring.keys.clear();
  const left = [...parts];
  const slept: number[] = [];
  const host = {
    ...world.host,
    flight: () => Promise.resolve<Flight>(left.shift() ?? { is: "alone", because: "nobody is left" }),
    sleep: (ms: number) => Promise.resolve(void slept.push(ms)),
  };
  return { ...rest, keyring, cache, entry, slept, world: { ...world, host } };
}

const hearing = (heard: Heard): Flight => ({ is: "follower", wait: () => Promise.resolve(heard) });
const ENDED = hearing({ is: "ended" });

test("obtainThroughCache() takes what another process read, without asking anybody", async () => {
  const { cache, entry } = playing([]);
  const told = hearing({ is: "told", bytes: encodeWord({ is: "entry", entry }, cache) });
  const { settings, world, asked } = playing([told]);
  const { credential } = await obtainThroughCache(settings, world);
  assert.deepEqual([credential.kind === "bearer" && credential.token.reveal(), asked], ["kept", []]);
});

test("obtainThroughCache() fails with another process, where asking again would fail too", async () => {
  const error = new AuthError("vault-forbidden", { message: 'Cannot read "a": b', remedy: "do c" });
  const bytes = encodeWord({ is: "failure", error }, playing([]).cache);
  const { settings, world, asked } = playing([hearing({ is: "told", bytes })]);
  await assert.rejects(obtainThroughCache(settings, world), { code: "vault-forbidden" });
  assert.deepEqual(asked, []);
});

test("obtainThroughCache() reads by itself after what is for another alone, is none of ours, is late, or has no place", async () => {
  const bytes = encodeWord({ is: "alone" }, playing([]).cache);
  const parts: readonly Flight[] = [
    hearing({ is: "told", bytes }),
    hearing({ is: "told", bytes: new Uint8Array([120]) }),
    hearing({ is: "late" }),
    { is: "alone", because: "another user has the place" },
  ];
  for (const part of parts) {
    const { settings, world, asked, slept } = playing([part]);
    await assert.rejects(obtainThroughCache(settings, world), { code: "network-dns" });
    assert.deepEqual([asked.length > 0, slept], [true, []]);
  }
});

test("obtainThroughCache() takes the place of one that ended, after a moment, or what it left", async () => {
  const word: string[] = [];
  const leading: Flight = { is: "leader", tell: () => void word.push("told"), end: () => void word.push("ended") };
  const { settings, world, slept } = playing([ENDED, ENDED, leading]);
  await assert.rejects(obtainThroughCache(settings, world), { code: "network-dns" });
  assert.deepEqual([slept.length, slept.every((ms) => ms >= 2 && ms <= 22), word], [2, true, ["ended"]]);
  const left = playing([]);
  const after: Flight = {
    is: "follower",
    wait: () => {
      left.cache.keep(left.entry);
      return Promise.resolve({ is: "ended" });
    },
  };
  const host = { ...left.world.host, flight: () => Promise.resolve(after) };
  assert.equal((await obtainThroughCache(left.settings, { ...left.world, host })).version, "1");
});

test("obtainThroughCache() gives a leader that comes too late what is kept by then, and tells it on", async () => {
  const { settings, world, cache, entry } = playing([]);
  const word: string[] = [];
  const flight = () => {
    cache.keep(entry);
    const tell = (bytes: Uint8Array) => void word.push(String.fromCharCode(bytes[0] ?? 0));
    return Promise.resolve<Flight>({ is: "leader", tell, end: () => void word.push("ended") });
  };
  assert.equal((await obtainThroughCache(settings, { ...world, host: { ...world.host, flight } })).version, "1");
  assert.deepEqual(word, ["e"]);
});
