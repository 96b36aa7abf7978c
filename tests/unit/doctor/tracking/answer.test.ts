import assert from "node:assert/strict";
import { test } from "node:test";
import { readAnswer } from "../../../../src/doctor/tracking/answer.ts";

const asked = new URL("https://mlflow.example:8443/team");
const never = () => () => {};
const at = (location: string): Response => new Response(null, { status: 302, headers: { location } });
const stream = (start: (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => void) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({ start });
const packed = async (text: string, format: CompressionFormat): Promise<ArrayBuffer> =>
  await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream(format))).arrayBuffer();

test("readAnswer() reads where a redirect leads, also a relative one", async () => {
  const where = async (location: string) => (await readAnswer(at(location), { asked, after: never })).redirect?.href;
  assert.equal(await where("https://login.example/x?client_id=1"), "https://login.example/x?client_id=1");
  assert.equal(await where("/login"), "https://mlflow.example:8443/login");
});

test("readAnswer() stops reading a body that does not end", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new Uint8Array(16_384).fill(97)),
    cancel: () => void (cancelled = true),
  });
  const { text } = await readAnswer(new Response(body), { asked, after: never });
  assert.equal(text.length, 65_536);
  assert.ok(cancelled);
});

test("readAnswer() tells a body that broke off from one that never ends", async () => {
  const cut = stream((controller) => {
    controller.enqueue(new TextEncoder().encode("{"));
    queueMicrotask(() => controller.error(new TypeError("connection reset")));
  });
  assert.equal((await readAnswer(new Response(cut), { asked, after: never })).end, "cut");
  const open = stream((controller) => controller.enqueue(new TextEncoder().encode("{")));
  const after = (_: number, run: () => void) => {
    queueMicrotask(() => queueMicrotask(run));
    return () => {};
  };
  assert.equal((await readAnswer(new Response(open), { asked, after })).end, "endless");
});

test("readAnswer() undoes gzip and both kinds of deflate, and tells what is neither", async () => {
  const text = '{"experiments": []}';
  for (const [format, encoding] of [["gzip", "gzip"], ["deflate", "deflate"], ["deflate-raw", "deflate"]] as const) {
    const response = new Response(await packed(text, format), { headers: { "content-encoding": encoding } });
    assert.equal((await readAnswer(response, { asked, after: never })).text, text);
  }
  const none = new Response(text, { headers: { "content-encoding": "gzip" } });
  assert.equal((await readAnswer(none, { asked, after: never })).end, "garbled");
});

test("readAnswer() names a gateway by its header alone", async () => {
  const headers = { "x-goog-iap-generated-response": "true" };
  const answer = await readAnswer(new Response("", { status: 401, headers }), { asked, after: never });
  assert.equal(answer.gateway, "Google's Identity-Aware Proxy");
});
