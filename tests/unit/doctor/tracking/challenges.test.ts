import assert from "node:assert/strict";
import { test } from "node:test";
import { readChallenges } from "../../../../src/doctor/tracking/challenges.ts";

const schemes = (header: string): readonly string[] => readChallenges(header).map(({ scheme }) => scheme);

test("readChallenges() reads several in one line, commas in quotes and all", () => {
  assert.deepEqual(schemes('Digest realm="a, b", nonce="x", Basic realm="c", Negotiate'), [
    "digest",
    "basic",
    "negotiate",
  ]);
  assert.deepEqual(readChallenges('Bearer realm="a \\"b\\"", error=invalid_token')[0]?.parameters, {
    realm: 'a "b"',
    error: "invalid_token",
  });
});

test("readChallenges() takes an opaque text for none of the schemes", () => {
  assert.deepEqual(schemes("Negotiate YIIB/w==, NTLM TlRMTVNTUAAB"), ["negotiate", "ntlm"]);
});

test("readChallenges() ends on anything", () => {
  for (
    const header of ["", ",,,", '"', "=", "Basic realm=", 'Basic realm="open', "é", " Basic ", "a b c d", "\u0000"]
  ) {
    assert.ok(Array.isArray(readChallenges(header)));
  }
  assert.deepEqual(schemes(" Basic "), ["basic"]);
});
