import assert from "node:assert/strict";
import { test } from "node:test";
import { answerFraming, type Framing, requestFraming } from "../../../../src/proxy/http1/framing.ts";
import { fields } from "../../../support/heads.ts";

type Pairs = readonly (readonly [string, string])[];

const REQUESTS: readonly (readonly [pairs: Pairs, framing: Framing | undefined])[] = [
  [[], { kind: "none" }],
  [[["Content-Length", "0"]], { kind: "length", bytes: 0 }],
  [[["Content-Length", "007"]], { kind: "length", bytes: 7 }],
  [[["Transfer-Encoding", "Chunked"]], { kind: "chunked" }],
  [[["Content-Length", "5"], ["Content-Length", "5"]], undefined],
  [[["Content-Length", "5"], ["Content-Length", "6"]], undefined],
  [[["Content-Length", "5, 5"]], undefined],
  [[["Content-Length", "+5"]], undefined],
  [[["Content-Length", "-5"]], undefined],
  [[["Content-Length", "0x5"]], undefined],
  [[["Content-Length", "5 "]], undefined],
  [[["Content-Length", ""]], undefined],
  [[["Content-Length", "9".repeat(16)]], undefined],
  [[["Content-Length", "5"], ["Transfer-Encoding", "chunked"]], undefined],
  [[["Transfer-Encoding", "chunked"], ["Transfer-Encoding", "chunked"]], undefined],
  [[["Transfer-Encoding", "chunked, chunked"]], undefined],
  [[["Transfer-Encoding", "gzip, chunked"]], undefined],
  [[["Transfer-Encoding", "identity"]], undefined],
  [[["Transfer-Encoding", "xchunked"]], undefined],
  [[["Transfer-Encoding", "chunked;q=1"]], undefined],
  [[["Transfer-Encoding", "\x0bchunked"]], undefined],
];

test("requestFraming() takes a length or exactly chunks, and nothing that two readers may understand differently", () => {
  const got = REQUESTS.map(([pairs]) => requestFraming({ minor: 1, fields: fields(...pairs) }));
  assert.deepEqual(got, REQUESTS.map(([, framing]) => framing));
});

test("requestFraming() takes no chunks in HTTP/1.0", () => {
  assert.equal(requestFraming({ minor: 0, fields: fields(["Transfer-Encoding", "chunked"]) }), undefined);
});

test("answerFraming() knows which answers have no body", () => {
  const length = fields(["Content-Length", "5"]);
  const of = (status: number, method = "GET") => answerFraming({ minor: 1, status, fields: length }, method);
  assert.deepEqual([of(204), of(304), of(200, "HEAD")], [{ kind: "none" }, { kind: "none" }, { kind: "none" }]);
  assert.deepEqual([of(206), of(404)], [{ kind: "length", bytes: 5 }, { kind: "length", bytes: 5 }]);
});

test("answerFraming() lets the connection end a body that says nothing of its end, and refuses what is ambiguous", () => {
  assert.deepEqual(answerFraming({ minor: 0, status: 200, fields: [] }, "GET"), { kind: "close" });
  const both = fields(["Content-Length", "5"], ["Transfer-Encoding", "chunked"]);
  assert.equal(answerFraming({ minor: 1, status: 200, fields: both }, "GET"), undefined);
});
