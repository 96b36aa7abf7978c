import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { readTokenFacts } from "../../../../src/azure/entra/token_facts.ts";

const tokenOf = (claims: unknown): string => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;
const read = (token: string) => readTokenFacts({ token, expiresOnTimestamp: 5 });
const NOTHING = { tenantId: undefined, appId: undefined, objectId: undefined, expiresAtMs: 5 };

test("readTokenFacts() reads tenant, application and object of both kinds of token", () => {
  assert.deepEqual(read(tokenOf({ tid: "t", appid: "a", oid: "o" })), {
    tenantId: "t",
    appId: "a",
    objectId: "o",
    expiresAtMs: 5,
  });
  assert.equal(read(tokenOf({ azp: "b" })).appId, "b");
});

test("readTokenFacts() reads what a token for an application is judged by", () => {
  const { audience, roles, version } = read(
    tokenOf({ aud: "api://mlflow", roles: ["Tracking.Write", 7, "a b"], ver: "2.0" }),
  );
  assert.deepEqual({ audience, roles, version }, {
    audience: "api://mlflow",
    roles: ["Tracking.Write"],
    version: "2.0",
  });
});

test("readTokenFacts() takes an opaque token, other types and odd characters for nothing", () => {
  for (
    const token of [
      "opaque",
      "a.b.c",
      "",
      tokenOf([]),
      tokenOf(null),
      tokenOf({ tid: 5, oid: "a b\n", appid: "", aud: ["a"], ver: "3.0", roles: "a b" }),
    ]
  ) {
    assert.deepEqual(read(token), NOTHING);
  }
});
