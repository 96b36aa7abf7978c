import assert from "node:assert/strict";
import { test } from "node:test";
import { within } from "../../../src/doctor/within.ts";

test("within() gives what the work gives, and ends the sleep", async () => {
  let ended = false;
  const sleep = (_: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) =>
      signal?.addEventListener("abort", () => {
        ended = true;
        resolve();
      })
    );
  assert.equal(await within(1000, { host: { sleep }, work: () => Promise.resolve("done") }), "done");
  assert.ok(ended);
});

test("within() aborts work that takes too long", async () => {
  let reason: unknown;
  const work = (signal: AbortSignal) =>
    new Promise<never>(() => signal.addEventListener("abort", () => (reason = signal.reason)));
  await assert.rejects(within(2000, { host: { sleep: () => Promise.resolve() }, work }), {
    name: "TimeoutError",
    message: "no answer within 2 s",
  });
  assert.ok(reason instanceof DOMException);
});

test("within() passes on what the work throws", async () => {
  const host = { sleep: () => new Promise<void>(() => {}) };
  await assert.rejects(within(1000, { host, work: () => Promise.reject(new TypeError("broken")) }), TypeError);
});
