import assert from "node:assert/strict";
import { test } from "node:test";
import { overlapped } from "../../../../src/azure/http/overlap.ts";

const SCOPE = "https://vault.azure.net/.default";
const TENANT = "11111111-aaaa-4000-8000-000000000000";

function counting() {
  const asked: unknown[] = [];
  const getToken = (scopes: string | string[], options?: object) => {
    asked.push({ scopes, ...options });
    return Promise.resolve({ token: String(asked.length), expiresOnTimestamp: 0 });
  };
  return { asked, source: { getToken } };
}
const tokenOf = async (promise: Promise<{ token: string } | null>) => (await promise)?.token;

test("overlapped() asks at once and hands the token over to the question it was made for", async () => {
  const { asked, source } = counting();
  const early = overlapped(source, { scope: SCOPE, tenantId: TENANT });
  assert.deepEqual(asked, [{ scopes: [SCOPE], enableCae: true, tenantId: TENANT }]);
  assert.equal(await tokenOf(early.getToken([SCOPE], { tenantId: TENANT.toUpperCase() })), "1");
  assert.equal(await tokenOf(early.getToken([SCOPE], { tenantId: TENANT })), "2");
});

test("overlapped() asks anew for another scope, another tenant and for claims", async () => {
  const { source } = counting();
  const early = overlapped(source, { scope: SCOPE, tenantId: TENANT });
  const tokens = [
    await tokenOf(early.getToken("https://other/.default", {})),
    await tokenOf(early.getToken(SCOPE, { tenantId: "22222222-aaaa-4000-8000-000000000000" })),
    await tokenOf(early.getToken(SCOPE, { claims: "{}" })),
    await tokenOf(early.getToken(SCOPE)),
  ];
  assert.deepEqual(tokens, ["2", "3", "4", "1"]);
});

test("overlapped() says nothing of a tenant that is not known, and takes any", async () => {
  const { asked, source } = counting();
  const early = overlapped(source, { scope: SCOPE, tenantId: undefined });
  assert.deepEqual(asked, [{ scopes: [SCOPE], enableCae: true }]);
  assert.equal(await tokenOf(early.getToken(SCOPE, { tenantId: TENANT })), "1");
});

test("overlapped() lets an early failure be seen where the token is taken, and nowhere else", async () => {
  const early = overlapped({ getToken: () => Promise.reject(new Error("refused")) }, {
    scope: SCOPE,
    tenantId: undefined,
  });
  await assert.rejects(early.getToken(SCOPE), { message: "refused" });
});
