import assert from "node:assert/strict";
import { test } from "node:test";
import { starvedMs } from "../../../src/host/starved.ts";

const reading = (text: string) => ({ read: () => new TextEncoder().encode(text) });

test("starvedMs() reads the second field, and is 0 where the system does not tell", () => {
  assert.equal(starvedMs(reading("81249000 2500000 31\n")), 2.5);
  assert.equal(starvedMs(reading("")), 0);
  assert.equal(starvedMs(reading("a b c")), 0);
  assert.equal(starvedMs({ read: () => undefined }), 0);
  assert.equal(starvedMs(undefined), 0);
});
