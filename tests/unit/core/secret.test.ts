import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Secret } from "../../../src/core/secret.ts";

const CANARY = "canary-7f3a";
const secret = new Secret(CANARY);

const ways: readonly (readonly [string, () => string])[] = [
  ["String()", () => String(secret)],
  ["a template", () => `${secret}`],
  ["concatenation", () => "" + secret],
  ["toString()", () => secret.toString()],
  ["JSON.stringify()", () => JSON.stringify({ deep: [secret] })],
  ["inspect()", () => inspect({ deep: [secret] }, { depth: 9, showHidden: true })],
  ["Deno.inspect()", () => Deno.inspect({ deep: [secret] }, { depth: 9, showHidden: true })],
  ["an error's cause", () => inspect(new Error("failed", { cause: secret }))],
  ["Object.entries()", () => JSON.stringify(Object.entries(secret))],
  ["join()", () => [secret].join()],
];

for (const [name, print] of ways) {
  test(`Secret does not show in ${name}`, () => assert.ok(!print().includes(CANARY), print()));
}

test("Secret gives its value to who asks by name", () => assert.equal(secret.reveal(), CANARY));
