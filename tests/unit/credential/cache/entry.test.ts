import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../../src/core/secret.ts";
import { decodeEntry, encodeEntry, type Entry, lifetimeMs } from "../../../../src/credential/cache/entry.ts";
import type { Credential } from "../../../../src/credential/parse.ts";

const bearer = (token: string): Credential => ({ kind: "bearer", token: new Secret(token) });
const jwt = (exp: number): string => `e30.${btoa(JSON.stringify({ exp })).replaceAll("=", "")}.x`;
const BASIC: Credential = { kind: "basic", username: "trainer", password: new Secret("päß:word") };
const ENTRY: Entry = { credential: BASIC, version: "1", readMs: 1000, endsMs: 9000, expiresAtMs: 5 };
const bytesOf = (text: string) => new TextEncoder().encode(text);

test("lifetimeMs() is the shortest of the time to live, the secret's end and a token's last minute but one", () => {
  const limits = { ttlSec: 300, nowMs: 1_000_000 };
  const cases: readonly (readonly [Credential, number | undefined, number])[] = [
    [BASIC, undefined, 300_000],
    [BASIC, 1_100_000, 100_000],
    [BASIC, 1_004_999, 0],
    [BASIC, 900_000, 0],
    [bearer(jwt(1_200)), undefined, 140_000],
    [bearer(jwt(1_200)), 1_010_000, 10_000],
    [bearer(jwt(1_060)), undefined, 0],
    [bearer(jwt(2_000)), undefined, 300_000],
    [bearer("opaque"), undefined, 300_000],
  ];
  for (const [credential, expiresAtMs, ms] of cases) assert.equal(lifetimeMs({ credential, expiresAtMs }, limits), ms);
  assert.equal(lifetimeMs({ credential: BASIC, expiresAtMs: undefined }, { ttlSec: 4, nowMs: 0 }), 0);
});

test("lifetimeMs() keeps an access token of the identity's own until five minutes or a tenth of its life before its end", () => {
  const own = (expiresAtMs: number) =>
    lifetimeMs({ credential: BASIC, expiresAtMs }, { ttlSec: undefined, nowMs: 1000 });
  assert.deepEqual([own(3_601_000), own(61_000), own(1000), own(0)], [3_300_000, 54_000, 0, 0]);
});

test("decodeEntry() gives back what encodeEntry() took, secrets included", () => {
  for (const credential of [BASIC, bearer("abc")]) {
    const decoded = decodeEntry(encodeEntry({ ...ENTRY, credential }, "f0"), { print: "f0", bootMs: 8999 });
    assert.deepEqual({ ...decoded, credential: undefined }, { ...ENTRY, credential: undefined });
    const texts = [credential, decoded?.credential].map((one) =>
      one?.kind === "bearer" ? one.token.reveal() : `${one?.username}:${one?.password.reveal()}`
    );
    assert.equal(texts[0], texts[1]);
  }
});

test("decodeEntry() takes nothing that is not for it, not yet, not any more, or not whole", () => {
  const bytes = encodeEntry(ENTRY, "f0");
  const text = new TextDecoder().decode(bytes);
  const at = { print: "f0", bootMs: 5000 };
  assert.notEqual(decodeEntry(bytes, at), undefined);
  assert.notEqual(decodeEntry(bytes, { bootMs: 5000 }), undefined);
  const refused = [
    decodeEntry(bytes, { ...at, print: "f1" }),
    decodeEntry(bytes, { ...at, bootMs: 999 }),
    decodeEntry(bytes, { ...at, bootMs: 9000 }),
    ...[
      text.replace('"form":1', '"form":2'),
      text.slice(0, -1),
      text.replace('"username"', '"user"'),
      text.replace('"readMs":1000', '"readMs":"1000"'),
      "null",
      "[]",
      "",
    ].map((changed) => decodeEntry(bytesOf(changed), at)),
  ];
  assert.deepEqual(refused, refused.map(() => undefined));
});
