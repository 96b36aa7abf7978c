import assert from "node:assert/strict";
import { test } from "node:test";
import { makeParser, MAX_HEAD_BYTES } from "../../../../src/proxy/http1/llhttp.ts";
import { bytesOf, fields } from "../../../support/heads.ts";

test("makeParser() reads a request's head as it was written", () => {
  const text = "PUT /a%20b/{}|?x=1 HTTP/1.1\r\nHost: localhost\r\nX-Name:  Ren\xe9 \r\nEmpty:\r\n\r\n";
  assert.deepEqual(makeParser()(bytesOf(text), "request"), {
    method: "PUT",
    target: "/a%20b/{}|?x=1",
    status: 0,
    reason: "",
    minor: 1,
    fields: fields(["Host", "localhost"], ["X-Name", "Ren\xe9"], ["Empty", ""]),
  });
});

test("makeParser() reads an answer's head with an unknown status and reason", () => {
  assert.deepEqual(makeParser()(bytesOf("HTTP/1.0 599 Odd Thing\r\nA: 1\r\n\r\n"), "answer"), {
    method: "",
    target: "",
    status: 599,
    reason: "Odd Thing",
    minor: 0,
    fields: fields(["A", "1"]),
  });
});

test("makeParser() keeps nothing between two heads, a malformed one included", () => {
  const parse = makeParser();
  assert.equal(parse(bytesOf("GET / HTTP/1.1\r\nA : 1\r\n\r\n"), "request"), undefined);
  assert.deepEqual(parse(bytesOf("GET /b HTTP/1.1\r\nB: 2\r\n\r\n"), "request")?.fields, fields(["B", "2"]));
});

const line = "GET / HTTP/1.1\r\n";
const MALFORMED: Readonly<Record<string, string>> = {
  "a blank before the colon": `${line}Host : a\r\n\r\n`,
  "a folded line": `${line}A: 1\r\n 2\r\n\r\n`,
  "a bare line feed": `${line}A: 1\nB: 2\r\n\r\n`,
  "a bare carriage return": `${line}A: 1\rB: 2\r\n\r\n`,
  "a NUL": `${line}A: 1\0\r\n\r\n`,
  "a control character": `${line}A: 1\x01\r\n\r\n`,
  "a name that is none": `${line}A(: 1\r\n\r\n`,
  "an empty name": `${line}: 1\r\n\r\n`,
  "a line without a colon": `${line}Host\r\n\r\n`,
  "HTTP/0.9": "GET /\r\n\r\n",
  "HTTP/2.0": "GET / HTTP/2.0\r\n\r\n",
  "HTTP/1.2": "GET / HTTP/1.2\r\n\r\n",
  "a blank in the target": "GET /a b HTTP/1.1\r\n\r\n",
  "a byte of the target outside ASCII": "GET /\xe9 HTTP/1.1\r\n\r\n",
  "a method that is none": "G<>T / HTTP/1.1\r\n\r\n",
  "an end that is missing": `${line}A: 1\r\n`,
  "the preface of HTTP/2": "PRI * HTTP/2.0\r\n\r\n",
};

for (const [what, text] of Object.entries(MALFORMED)) {
  test(`makeParser() refuses ${what}`, () => {
    assert.equal(makeParser()(bytesOf(text), "request"), undefined);
  });
}

test("makeParser() reads a head of 64 KiB, and none that is larger", () => {
  const of = (bytes: number): string => `${line}A: ${"x".repeat(bytes - line.length - 7)}\r\n\r\n`;
  const parse = makeParser();
  assert.equal(parse(bytesOf(of(MAX_HEAD_BYTES)), "request")?.fields.length, 1);
  assert.equal(parse(bytesOf(of(MAX_HEAD_BYTES + 1)), "request"), undefined);
});
