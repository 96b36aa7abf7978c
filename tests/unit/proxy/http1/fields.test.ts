import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionTokens, endToEnd, fieldLines, staysOpen, valuesOf } from "../../../../src/proxy/http1/fields.ts";
import { fields } from "../../../support/heads.ts";

test("endToEnd() leaves out every hop-by-hop field and all that Connection lists, and keeps order, case and bytes", () => {
  const kept = [["X-First", "1"], ["x-FIRST", "caf\xe9"], ["Content-Length", "3"]] as const;
  const hop = fields(
    ["Connection", "close, X-Listed"],
    ["connection", "Content-Length,x-too"],
    ["Keep-Alive", "5"],
    ["TE", "trailers"],
    ["Trailer", "X-Sum"],
    ["Transfer-Encoding", "chunked"],
    ["Upgrade", "foo"],
    ["Proxy-Authorization", "a"],
    ["Proxy-Connection", "b"],
    ["Proxy-Authenticate", "c"],
    ["X-Listed", "1"],
    ["X-Too", "1"],
  );
  const all = [...fields(kept[0]), ...hop, ...fields(kept[1], kept[2])];
  assert.deepEqual(endToEnd(all), fields(...kept));
  assert.deepEqual(endToEnd(all, new Set(["x-first"])), fields(kept[2]));
});

test("connectionTokens() reads all lines of Connection", () => {
  assert.deepEqual(connectionTokens(fields(["Connection", " Close ,, X"], ["connection", "Y"])), ["close", "x", "y"]);
});

test("staysOpen() follows the version and Connection", () => {
  const of = (minor: number, value?: string) =>
    staysOpen({ minor, fields: value === undefined ? [] : fields(["Connection", value]) });
  assert.deepEqual([of(1), of(1, "close"), of(0), of(0, "Keep-Alive"), of(0, "keep-alive, close")], [
    ...[true, false, false, true, false],
  ]);
});

test("valuesOf() and fieldLines() keep each value", () => {
  const both = fields(["A", "1"], ["a", "2"]);
  assert.deepEqual([valuesOf(both, "a"), fieldLines(both)], [["1", "2"], "A: 1\r\na: 2\r\n"]);
});
