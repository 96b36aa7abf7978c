import assert from "node:assert/strict";
import { test } from "node:test";
import { readHead } from "../../../../src/proxy/http1/read_head.ts";
import { makeSource } from "../../../../src/proxy/http1/source.ts";
import { bytesOf, textOf } from "../../../support/heads.ts";

/** What is read of a text that comes in pieces of so many bytes, and what is left. */
async function read(text: string, size = Math.max(1, text.length)): Promise<readonly [head: string, rest: string]> {
  const parts: (Uint8Array | null)[] = [];
  for (let at = 0; at < text.length; at += size) parts.push(bytesOf(text.slice(at, at + size)));
  const source = makeSource({ read: () => Promise.resolve(parts.shift() ?? null) }, () => {});
  const head = await readHead(source);
  return [typeof head === "string" ? head : textOf(head), textOf(source.takeReady() ?? new Uint8Array())];
}

test("readHead() reads a head however it comes, and puts back what follows", async () => {
  const head = "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n";
  assert.deepEqual(await read(`${head}abc`), [head, "abc"]);
  for (const size of [1, 2, 3, 5, 20]) assert.equal((await read(`${head}abc`, size))[0], head);
});

test("readHead() skips empty lines before a head", async () => {
  assert.deepEqual(await read("\r\n\r\nGET / HTTP/1.1\r\n\r\n"), ["GET / HTTP/1.1\r\n\r\n", ""]);
});

test("readHead() says why there is no head", async () => {
  const malformed = [
    "\x16\x03\x01\x02\x00",
    "GET /\r\n",
    "GET / HTTP/2.0\r\n",
    "GET / HTTP/1.1\nHost: a\n\n",
    "get / HTTP/1.1\r\n",
    "{}",
  ];
  for (const text of malformed) assert.deepEqual([text, (await read(text))[0]], [text, "malformed"]);
  assert.equal((await read(""))[0], "end");
  for (const text of ["\r\n", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\n"]) assert.equal((await read(text))[0], "cut");
});

test("readHead() reads a head of 64 KiB however it comes, and gives up on one that is larger", async () => {
  const line = "GET / HTTP/1.1\r\nA: ";
  const of = (bytes: number): string => `${line}${"x".repeat(bytes - line.length - 4)}\r\n\r\n`;
  for (const size of [65536, 1000, 1]) assert.equal((await read(of(65536), size))[0].length, 65536);
  for (const size of [65537, 1000]) assert.equal((await read(of(65537), size))[0], "too-large");
  assert.equal((await read(`${line}${"x".repeat(100_000)}`, 4096))[0], "too-large");
});

test("readHead() reads the head of an answer", async () => {
  assert.deepEqual(await read("HTTP/1.1 200 OK\r\nA: 1\r\n\r\nabc", 7), ["HTTP/1.1 200 OK\r\nA: 1\r\n\r\n", "abc"]);
});
