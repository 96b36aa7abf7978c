import "../support/guard.ts";
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { test } from "node:test";
import { makeHost } from "../../src/host/host.ts";
import { skipUnless } from "../support/skip.ts";

const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;

const noProc = skipUnless(Deno.build.os === "linux", "Descriptors are listed in /proc");

/** What the kernel holds for each connection of this process to a port: 1 where its packets are sent at once. */
function noDelayOf(port: number): readonly number[] {
  const libc = Deno.dlopen("libc.so.6", {
    getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
    getpeername: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  });
  const { getsockopt, getpeername } = libc.symbols;
  const sized = (bytes: number) => new Uint8Array(Uint32Array.of(bytes).buffer);
  return readdirSync("/proc/self/fd").map(Number).flatMap((fd) => {
    const peer = new Uint8Array(128);
    if (getpeername(fd, peer, sized(peer.length)) !== 0 || new DataView(peer.buffer).getUint16(2) !== port) return [];
    const value = new Uint8Array(4);
    return getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, value, sized(4)) === 0 ? [value[0] ?? -1] : [];
  });
}

/** Runs a server that takes its time to answer, as one does that is a few milliseconds away. */
async function withServer(use: (url: string, port: number) => Promise<void>): Promise<void> {
  const server = createServer((_, response) => void setTimeout(() => response.end("ok"), 30));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  try {
    await use(`http://127.0.0.1:${address.port}/`, address.port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("makeHost() sends at once what its requests are made of, over each connection", { skip: noProc }, async () => {
  const host = makeHost();
  for (let time = 0; time < 3; time++) {
    await withServer(async (url, port) => {
      const response = await host.fetch(new Request(url));
      // Before the body: the connection is in use.
      assert.deepEqual(noDelayOf(port), [1]);
      assert.equal(await response.text(), "ok");
    });
  }
});

test("fetch() of Deno leaves small packets waiting: where it does so no longer, src/host/no_delay.ts can go", {
  skip: noProc,
}, async () => {
  await withServer(async (url, port) => {
    const response = await fetch(url);
    assert.deepEqual(noDelayOf(port), [0]);
    await response.body?.cancel();
  });
});
