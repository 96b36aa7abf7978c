import assert from "node:assert/strict";
import { test } from "node:test";
import { dueAt } from "../../../../src/proxy/credential/due.ts";

const jwt = (claims: unknown): string => `Bearer e30.${btoa(JSON.stringify(claims)).replace(/=+$/, "")}.sig`;
const facts = { now: 1_000_000, ttlMs: 300_000, value: "Bearer abc", random: 0 };

test("dueAt() reads again when the time to live is up, by up to a tenth earlier", () => {
  assert.deepEqual([0, 0.5, 1].map((random) => dueAt({ ...facts, random }) - facts.now), [300_000, 285_000, 270_000]);
});

test("dueAt() reads a JWT again before it ends, where that comes earlier", () => {
  const of = (seconds: number) => dueAt({ ...facts, value: jwt({ exp: 1000 + seconds }) }) - facts.now;
  assert.deepEqual([of(100), of(3600), of(320), of(5), of(-10)], [90_000, 300_000, 288_000, 10_000, 300_000]);
});

test("dueAt() goes by a known end, and needs no time to live then", () => {
  assert.equal(dueAt({ ...facts, ttlMs: Infinity, expiresAtMs: facts.now + 3_600_000 }) - facts.now, 3_300_000);
});

test("dueAt() takes nothing for a JWT that is none, or that says no end", () => {
  const values = ["Bearer a.b.c", jwt({}), jwt({ exp: "soon" }), jwt(null), "Basic YTpi", jwt({ exp: 1e400 })];
  assert.deepEqual(values.map((value) => dueAt({ ...facts, value }) - facts.now), values.map(() => 300_000));
});
