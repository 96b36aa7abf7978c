import assert from "node:assert/strict";
import { test } from "node:test";
import type { Identity, TokenContext } from "../../../src/azure/identities/identity.ts";
import { watchTokens } from "../../../src/doctor/watch_tokens.ts";

const token = { token: `e30.${btoa(JSON.stringify({ tid: "t-1", oid: "o-1" }))}.x`, expiresOnTimestamp: 5 };
const identity = (getToken: () => Promise<typeof token | null>): Identity => ({
  name: "test",
  title: "test",
  sdkNames: [],
  group: "dev",
  needs: "nothing",
  detect: () => Promise.resolve({ is: "configured", reason: "it is a test" }),
  tenant: () => undefined,
  connect: () => Promise.resolve({ getToken }),
});

test("watchTokens() hands the token on, and keeps what it says", async () => {
  const watch = watchTokens();
  const source = await watch.watch(identity(() => Promise.resolve(token))).connect({} as TokenContext);
  assert.equal(watch.facts(), undefined);
  assert.equal(await source.getToken("scope"), token);
  assert.deepEqual(watch.facts(), { tenantId: "t-1", appId: undefined, objectId: "o-1", expiresAtMs: 5 });
});

test("watchTokens() knows of no token where none was issued", async () => {
  const watch = watchTokens();
  const refused = await watch.watch(identity(() => Promise.reject(new Error("refused")))).connect({} as TokenContext);
  await assert.rejects(async () => await refused.getToken("scope"), { message: "refused" });
  const none = await watch.watch(identity(() => Promise.resolve(null))).connect({} as TokenContext);
  assert.equal(await none.getToken("scope"), null);
  assert.equal(watch.facts(), undefined);
});
