import assert from "node:assert/strict";
import { test } from "node:test";
import type { Host } from "../../../src/core/host.ts";
import { withPatience } from "../../../src/cli/patience.ts";
import { fakeHost, recordingSink } from "../../support/host.ts";

/** A sleep that the test ends, or that ends when it is aborted. */
function controlledSleep() {
  const slept: number[] = [];
  let wake = (): void => {};
  const sleep = (ms: number, signal?: AbortSignal) => {
    slept.push(ms);
    return new Promise<void>((settle) => {
      wake = settle;
      signal?.addEventListener("abort", () => settle());
    });
  };
  return { slept, sleep, wake: () => wake() };
}

test("withPatience() names the host that is being waited for after 2 s", async () => {
  const { slept, sleep, wake } = controlledSleep();
  const fetch: Host["fetch"] = ({ url }) =>
    url.includes("vault") ? new Promise(() => {}) : Promise.resolve(new Response("x"));
  const host = fakeHost({ stderr: recordingSink(true), sleep, fetch });
  const result = await withPatience(host, async (patient) => {
    void patient.fetch(new Request("https://team.vault.azure.net/secrets/mlflow?api-version=7.6"));
    await patient.fetch(new Request("https://login.microsoftonline.com/token"));
    wake();
    await new Promise<void>((settle) => queueMicrotask(() => queueMicrotask(settle)));
    return 7;
  });
  assert.deepEqual([result, slept], [7, [2000]]);
  assert.equal(host.stderr.text(), "mlflow-auth: still waiting for team.vault.azure.net\n");
});

test("withPatience() says nothing when the work ends in time, nor when it fails", async () => {
  const { sleep } = controlledSleep();
  const host = fakeHost({ stderr: recordingSink(true), sleep });
  assert.equal(await withPatience(host, () => Promise.resolve(1)), 1);
  await assert.rejects(withPatience(host, () => Promise.reject(new Error("no"))), { message: "no" });
  assert.equal(host.stderr.text(), "");
});

test("withPatience() does not wait at all where nobody looks", async () => {
  assert.equal(await withPatience(fakeHost(), () => Promise.resolve(1)), 1);
});
