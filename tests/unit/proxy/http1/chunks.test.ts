import assert from "node:assert/strict";
import { test } from "node:test";
import { makeChunkScanner } from "../../../../src/proxy/http1/chunks.ts";
import { bytesOf, textOf } from "../../../support/heads.ts";

/** What a scanner makes of a text, given in pieces of so many bytes. */
function scan(text: string, size = text.length): { used: number | undefined; data: string; done: boolean } {
  const scanner = makeChunkScanner();
  let data = "";
  let used: number | undefined = 0;
  for (let at = 0; at < text.length && used !== undefined && !scanner.done(); at += size) {
    const part = scanner.scan(bytesOf(text.slice(at, at + size)), (bytes) => void (data += textOf(bytes)));
    used = part === undefined ? undefined : used + part;
  }
  return { used, data, done: scanner.done() };
}

test("makeChunkScanner() finds the end of a body, however it comes", () => {
  const body = "4\r\nwiki\r\n00B\r\npedia in ch\r\n0\r\nX-Sum: 1\r\nX-Two:\r\n\r\n";
  for (const size of [1, 2, 3, 7, 100]) {
    assert.deepEqual(scan(`${body}GET /`, size), { used: body.length, data: "wikipedia in ch", done: true });
  }
});

test("makeChunkScanner() does not take a body that is cut for a whole one", () => {
  for (const text of ["", "4", "4\r\n", "4\r\nwik", "4\r\nwiki\r\n", "4\r\nwiki\r\n0\r\n", "0\r\nA: 1\r\n"]) {
    assert.equal(scan(text).done, false);
  }
});

const MALFORMED = [
  ...["\r\n", "g\r\n", "-1\r\n", "+1\r\na", "0x1\r\na", " 1\r\na", "1 \r\na", "1;ext=1\r\na\r\n", "1\na\r\n", "1\rXa"],
  ...["1\r\nab\r\n", "1\r\na\n", "1\r\na\rX", `${"1".repeat(13)}\r\n`, "0\r\nA : 1\r\n\r\n", "0\r\nnone\r\n\r\n"],
  ...["0\r\n A: 1\r\n\r\n", "0\r\nA: 1\n\r\n", "0\r\n\rX", `0\r\nA: ${"x".repeat(8192)}\r\n\r\n`],
  ...["0\r\nAuthorization: x\r\n\r\n", "0\r\nContent-Length: 1\r\n\r\n", "0\r\nHost: x\r\n\r\n"],
];

test("makeChunkScanner() refuses sizes, line ends and trailers that are not well formed", () => {
  assert.deepEqual(MALFORMED.filter((text) => scan(text).used !== undefined), []);
  assert.deepEqual(MALFORMED.filter((text) => scan(text, 1).used !== undefined), []);
});

test("makeChunkScanner() takes nothing more once it has refused", () => {
  const scanner = makeChunkScanner();
  assert.equal(scanner.scan(bytesOf("x")), undefined);
  assert.equal(scanner.scan(bytesOf("0\r\n\r\n")), undefined);
});
