import assert from "node:assert/strict";
import { test } from "node:test";
import { isKey, makeKey } from "../../../src/credential/proxy_key.ts";

test("makeKey() puts all of its 256 bits into the key", () => {
  const hex = ["00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"];
  const key = makeKey({ randomHex: () => hex.shift() ?? "" }).reveal();
  assert.equal(key, "mlflow-auth-ABEiM0RVZneImaq7zN3u___u3cy7qpmId2ZVRDMiEQA");
  assert.ok(isKey(key));
});

test("isKey() tells a key from a token of a tracking server", () => {
  assert.deepEqual(["", "mlflow-auth-", "eyJhbGciOi", "mlflow-auth-ABEi", "Bearer mlflow-auth-x"].filter(isKey), []);
});
