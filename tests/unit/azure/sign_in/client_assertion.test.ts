import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAhead, oncePerToken } from "../../../../src/azure/sign_in/client_assertion.ts";

test("oncePerToken() makes one assertion for a token, however often it is asked for, and a new one for the next", async () => {
  let made = 0;
  const shown: string[] = [];
  const source = oncePerToken((assertion) => ({
    getToken: async () => {
      shown.push(await assertion(), await assertion());
      return null;
    },
  }), { make: () => Promise.resolve(String(++made)) });
  await source.getToken("s");
  await source.getToken("s");
  assert.deepEqual(shown, ["1", "1", "2", "2"]);
});

test("oncePerToken() shows the assertion that is made already for the first token alone", async () => {
  const shown: string[] = [];
  const source = oncePerToken((assertion) => ({
    getToken: async () => {
      shown.push(await assertion(), await assertion());
      return null;
    },
  }), { make: () => Promise.resolve("new"), first: Promise.resolve("first") });
  await source.getToken("s");
  await source.getToken("s");
  assert.deepEqual(shown, ["first", "first", "new", "new"]);
});

test("assertAhead() asks with an assertion as soon as it is made, and makes none where nothing is asked early", async () => {
  const asked: unknown[] = [];
  const first = assertAhead({ askAhead: (shown) => asked.push(shown) }, () => Promise.resolve("canary"));
  assert.deepEqual(asked, []);
  assert.equal(await first, "canary");
  assert.deepEqual(asked, [{
    client_assertion: "canary",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  }]);
  assert.equal(assertAhead({ askAhead: undefined }, () => Promise.reject(new Error("made"))), undefined);
});

test("assertAhead() leaves a failure to who asks for the assertion", async () => {
  const asked: unknown[] = [];
  const first = assertAhead({ askAhead: (shown) => asked.push(shown) }, () => Promise.reject(new Error("no key")));
  await new Promise((resolve) => setTimeout(resolve));
  await assert.rejects(first ?? Promise.resolve(), { message: "no key" });
  assert.deepEqual(asked, []);
});
