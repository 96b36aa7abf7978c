import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../../src/core/errors.ts";
import { makeLog } from "../../../../src/core/log.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { holdCredential } from "../../../../src/proxy/credential/holder.ts";
import type { FreshCredential } from "../../../../src/proxy/credential/fresh_credential.ts";
import { settle } from "../../../support/proxy.ts";

const OUTAGE = new AuthError("network-refused", { message: "Cannot read it: out of reach", remedy: "try again" });

/** A holder whose vault answers when the test says so. */
async function holder(ttlMs = 300_000) {
  const log: string[] = [];
  let now = 1_000_000;
  const timers: { at: number; run: () => void }[] = [];
  const waiting: PromiseWithResolvers<FreshCredential>[] = [];
  const of = (token: string): FreshCredential => ({
    credential: { kind: "bearer", token: new Secret(token) },
    version: token,
  });
  let first = true;
  let reads = 0;
  const held = await holdCredential({
    host: {
      now: () => now,
      after: (ms, run) => {
        const timer = { at: now + ms, run };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), 1);
      },
      randomHex: () => "0".repeat(32),
    },
    read: () => {
      reads++;
      const answer = Promise.withResolvers<FreshCredential>();
      if (first) answer.resolve(of("a"));
      else waiting.push(answer);
      first = false;
      return answer.promise;
    },
    ttlMs,
    log: makeLog("INFO", (line) => void log.push(line)),
  });
  return {
    ...held,
    log,
    reads: () => reads,
    answer: async (token: string | undefined) => {
      await settle();
      const next = waiting.shift();
      if (token === undefined) next?.reject(OUTAGE);
      else next?.resolve(of(token));
      await settle();
    },
    pass: async (ms: number, { wakes = true } = {}) => {
      now += ms;
      for (const timer of wakes ? timers.splice(0) : []) timer.run();
      await settle();
    },
  };
}

test("holdCredential() reads again in the background when its time is up, and goes on with the old one meanwhile", async () => {
  const own = await holder();
  await own.pass(299_999);
  assert.deepEqual([own.current().value, own.reads()], ["Bearer a", 1]);
  await own.pass(1);
  assert.deepEqual([own.current().value, own.reads()], ["Bearer a", 2]);
  await own.answer("b");
  assert.deepEqual([own.current().value, own.current().version, own.reads()], ["Bearer b", "b", 2]);
});

test("holdCredential() goes by the clock on the wall: a timer that slept with the computer is not waited for", async () => {
  const own = await holder();
  await own.pass(400_000, { wakes: false });
  assert.equal(own.current().value, "Bearer a");
  await own.answer("b");
  assert.equal(own.current().value, "Bearer b");
});

test("holdCredential() reads once for all that were refused with the same credential", async () => {
  const own = await holder();
  const old = own.current();
  const renewals = [own.renew(old), own.renew(old)];
  await own.answer("b");
  const late = await own.renew(old);
  const held = own.current();
  assert.deepEqual([...await Promise.all(renewals), late], [1, 2, 3].map(() => ({ kind: "changed", held })));
  assert.deepEqual([held.value, own.reads()], ["Bearer b", 2]);
});

test("holdCredential() reads once more where a reading began before the refusal and brought nothing new", async () => {
  const own = await holder();
  const old = own.current();
  await own.pass(300_000);
  const renewal = own.renew(old);
  await own.answer("a");
  await own.answer("b");
  assert.deepEqual([(await renewal).kind, own.reads()], ["changed", 3]);
});

test("holdCredential() says that nothing has changed, and reads at most ten times a minute to find out", async () => {
  const own = await holder();
  for (let count = 0; count < 30; count++) {
    const renewal = own.renew(own.current());
    await own.answer("a");
    assert.deepEqual(await renewal, { kind: "same" });
  }
  assert.equal(own.reads(), 10);
  await own.pass(60_001);
  const renewal = own.renew(own.current());
  await own.answer("b");
  assert.equal((await renewal).kind, "changed");
});

test("holdCredential() uses the old credential while the vault is out of reach, and warns once an episode", async () => {
  const own = await holder();
  await own.pass(300_000);
  await own.answer(undefined);
  await own.pass(15_000);
  await own.answer(undefined);
  assert.equal(own.current().value, "Bearer a");
  assert.deepEqual(own.log, ["mlflow-auth: warning: Cannot read it: out of reach; the old credential is used on"]);
  await own.pass(15_000);
  await own.answer("b");
  assert.deepEqual([own.current().value, own.log[1]], ["Bearer b", "mlflow-auth: the credential can be read again"]);
  await own.pass(300_000);
  await own.answer(undefined);
  assert.equal(own.log.length, 3);
});

test("holdCredential() names the cause where the old credential is refused and the vault is out of reach", async () => {
  const own = await holder();
  const renewal = own.renew(own.current());
  await own.answer(undefined);
  assert.deepEqual(await renewal, { kind: "failed", why: OUTAGE });
});

test("holdCredential() is ready until the server refuses what it holds, and again with another one", async () => {
  const own = await holder();
  own.note(own.current(), true);
  assert.equal(own.state().ready, true);
  own.note(own.current(), false);
  assert.deepEqual(own.state(), { ready: false, readAtMs: 1_000_000, dueAtMs: 1_300_000 });
  const renewal = own.renew(own.current());
  await own.answer("b");
  assert.deepEqual([(await renewal).kind, own.state().ready], ["changed", true]);
});

test("holdCredential() reads no more once it is closed", async () => {
  const own = await holder();
  own.close();
  await own.pass(900_000);
  own.current();
  assert.equal(own.reads(), 1);
});

test("holdCredential() leaves half of its readings to refusals, however short its time to live is", async () => {
  const own = await holder(1_000);
  for (let second = 0; second < 20; second++) {
    await own.pass(1_000);
    await own.answer(undefined);
  }
  assert.equal(own.reads(), 5);
  const renewal = own.renew(own.current());
  await own.answer("b");
  assert.deepEqual([(await renewal).kind, own.current().value, own.reads()], ["changed", "Bearer b", 6]);
});
