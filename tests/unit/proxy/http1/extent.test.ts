import assert from "node:assert/strict";
import { test } from "node:test";
import { makeExtent } from "../../../../src/proxy/http1/extent.ts";
import { bytesOf, textOf } from "../../../support/heads.ts";

test("makeExtent() counts a length over several parts, and gives the data alone", () => {
  const extent = makeExtent({ kind: "length", bytes: 5 });
  let data = "";
  const take = (text: string) => extent.take(bytesOf(text), (bytes) => void (data += textOf(bytes)));
  assert.deepEqual([take("abc"), extent.done(), take("defg"), extent.done(), data], [3, false, 2, true, "abcde"]);
});

test("makeExtent() has no body where there is none, and one without end where the connection ends it", () => {
  const none = makeExtent({ kind: "none" });
  const close = makeExtent({ kind: "close" });
  assert.deepEqual([none.take(bytesOf("a")), none.done(), none.endsWithConnection], [0, true, false]);
  assert.deepEqual([close.take(bytesOf("a")), close.done(), close.endsWithConnection], [1, false, true]);
});

test("makeExtent() follows chunks", () => {
  const extent = makeExtent({ kind: "chunked" });
  assert.deepEqual([extent.take(bytesOf("1\r\na\r\n0\r\n\r\nX")), extent.done()], [11, true]);
  assert.equal(makeExtent({ kind: "chunked" }).take(bytesOf("z")), undefined);
});
