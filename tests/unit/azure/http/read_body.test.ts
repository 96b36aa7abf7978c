import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_BODY_BYTES, readBody } from "../../../../src/azure/http/read_body.ts";

/** An answer that goes on for as long as it is read, and how much of it was. */
function endless(headers: Readonly<Record<string, string>> = {}) {
  const chunk = new Uint8Array(64 * 1024).fill(0x61);
  const read = { bytes: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => {
      read.bytes += chunk.length;
      controller.enqueue(chunk);
    },
    cancel: () => void (read.cancelled = true),
  });
  return { response: new Response(body, { headers }), read };
}

test("readBody() gives up an answer that has no end after 1 MiB", async () => {
  const { response, read } = endless();
  assert.equal(await readBody(response), undefined);
  assert.ok(read.cancelled && read.bytes <= MAX_BODY_BYTES + 256 * 1024, `${read.bytes} bytes were read`);
});

test("readBody() believes no length that is too large, or that of what was compressed", async () => {
  for (const headers of [{ "content-length": "99999999" }, { "content-length": "10", "content-encoding": "gzip" }]) {
    assert.equal(await readBody(endless(headers).response), undefined);
  }
});

test("readBody() gives text of up to 1 MiB, with characters that lie across two parts", async () => {
  const bytes = new TextEncoder().encode("é€😀");
  const parts = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  assert.equal(await readBody(new Response(parts)), "é€😀");
  assert.equal((await readBody(new Response("a".repeat(MAX_BODY_BYTES))))?.length, MAX_BODY_BYTES);
  assert.equal(await readBody(new Response("a".repeat(MAX_BODY_BYTES + 1))), undefined);
  assert.equal(await readBody(new Response(null, { status: 204 })), "");
});
