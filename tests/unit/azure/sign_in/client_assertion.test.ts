import assert from "node:assert/strict";
import { test } from "node:test";
import { oncePerToken } from "../../../../src/azure/sign_in/client_assertion.ts";

test("oncePerToken() makes one assertion for a token, however often it is asked for, and a new one for the next", async () => {
  let made = 0;
  const shown: string[] = [];
  const source = oncePerToken((assertion) => ({
    getToken: async () => {
      shown.push(await assertion(), await assertion());
      return null;
    },
  }), () => Promise.resolve(String(++made)));
  await source.getToken("s");
  await source.getToken("s");
  assert.deepEqual(shown, ["1", "1", "2", "2"]);
});
