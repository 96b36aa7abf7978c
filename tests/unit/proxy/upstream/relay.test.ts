import assert from "node:assert/strict";
import { test } from "node:test";
import type { Framing } from "../../../../src/proxy/http1/framing.ts";
import { planOf, relay } from "../../../../src/proxy/upstream/relay.ts";
import { makeSource } from "../../../../src/proxy/http1/source.ts";
import { answerHead, bytesOf, textOf } from "../../../support/heads.ts";

/** What a client gets of a body that comes in these parts, and how it went. */
async function relayed(framing: Framing, parts: readonly string[], minor: 0 | 1 = 1) {
  const left = parts.map(bytesOf);
  const source = makeSource({ read: () => Promise.resolve(left.shift() ?? null) }, () => {});
  const written: string[] = [];
  const client = { write: (bytes: Uint8Array) => (written.push(textOf(bytes)), Promise.resolve()) };
  const how = await relay(answerHead(), { minor }, {
    ...{ framing, source, client, keep: true, prefix: "", to: { origin: "https://mlflow.example", basePath: "" } },
  });
  const [head = "", ...body] = written.join("").split("\r\n\r\n");
  return { ...how, head: head.split("\r\n").slice(1), body: body.join("\r\n\r\n"), silent: source.isSilent() };
}

test("relay() passes a body of a known length on, and what follows it not", async () => {
  const own = await relayed({ kind: "length", bytes: 4 }, ["ab", "cdef"]);
  assert.deepEqual(own, { whole: true, bytes: 4, head: [], body: "abcd", silent: false });
});

test("relay() keeps chunks as they are, trailers too", async () => {
  const body = "2\r\nab\r\n0\r\nX-Sum: 1\r\n\r\n";
  const own = await relayed({ kind: "chunked" }, [body.slice(0, 5), body.slice(5)]);
  assert.deepEqual(own, { whole: true, bytes: body.length, head: ["Transfer-Encoding: chunked"], body, silent: true });
});

test("relay() takes chunks off for a client that knows none", async () => {
  const own = await relayed({ kind: "chunked" }, ["2\r\nab\r\n1", "\r\nc\r\n0\r\n\r\n"], 0);
  assert.deepEqual([own.whole, own.body, own.head], [true, "abc", ["Connection: keep-alive"]]);
});

test("relay() makes chunks of a body that only the connection ends", async () => {
  const own = await relayed({ kind: "close" }, ["ab", "cde"]);
  assert.deepEqual([own.whole, own.body], [true, "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"]);
  assert.equal((await relayed({ kind: "close" }, ["ab"], 0)).body, "ab");
});

test("relay() says of a body that broke off that it is not whole", async () => {
  for (const parts of [["ab"], []]) assert.equal((await relayed({ kind: "length", bytes: 4 }, parts)).whole, false);
  assert.equal((await relayed({ kind: "chunked" }, ["2\r\nab\r\n"])).whole, false);
  assert.equal((await relayed({ kind: "chunked" }, ["2\r\nabX"])).whole, false);
});

test("relay() passes an answer without a body on", async () => {
  assert.deepEqual(await relayed({ kind: "none" }, []), { whole: true, bytes: 0, head: [], body: "", silent: true });
});

test("planOf() changes the framing only where the client's version needs it", () => {
  const kinds = (["none", "chunked", "close"] as const).map((kind) =>
    [1, 0].map((minor) => planOf({ kind }, minor as 0 | 1).framing.kind)
  );
  assert.deepEqual(kinds, [["none", "none"], ["chunked", "close"], ["chunked", "close"]]);
});
