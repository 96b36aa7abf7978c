import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Case } from "./subject.ts";
import { OK } from "./upstream.ts";
import { type Wire, wireOf } from "./wire.ts";

const MIB = 1024 * 1024;

/** Most that a stalled stream may add to the proxy's memory. */
const GROWTH = 12 * MIB;

/** Bytes that are other ones at each place, so that a part in the wrong place is seen. */
function block(seed: number): Uint8Array {
  const bytes = new Uint8Array(MIB);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < MIB; at += 4) view.setUint32(at, (seed * MIB + at) * 2654435761 % 2 ** 32);
  return bytes;
}

/** Memory of a process, in bytes. */
const rssOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;

/** Waits until a process's memory has stopped to grow, or has grown beyond bounds. */
async function settledRss(pid: number, bound: number): Promise<number> {
  let last = rssOf(pid);
  for (let same = 0; same < 5 && last < bound;) {
    await new Promise((go) => setTimeout(go, 100));
    const now = rssOf(pid);
    same = now > last + 64 * 1024 ? 0 : same + 1;
    last = now;
  }
  return last;
}

/** Most that a kernel keeps of what one end of a connection has sent and the other has not read, in MiB. */
function keptByKernel(): number {
  const most = (name: string): number => Number(readFileSync(`/proc/sys/net/ipv4/${name}`, "utf8").split("\t").at(-1));
  return Math.ceil((most("tcp_wmem") + most("tcp_rmem")) / MIB);
}

const COUNT = 64;
const hashOf = (count: number): string => {
  const hash = createHash("sha256");
  for (let seed = 0; seed < count; seed++) hash.update(block(seed));
  return hash.digest("hex");
};

/** Reads past the head of an answer, and all blocks of its body. */
async function hashOfAnswer(wire: Wire, count: number = COUNT): Promise<string> {
  const start = await wire.hear("\r\n\r\n");
  wire.unhear(start.slice(start.indexOf("\r\n\r\n") + 4));
  const hash = createHash("sha256");
  for (let left = count * MIB; left > 0;) {
    const bytes = await wire.read();
    if (bytes === null) throw new Error(`${left} bytes are missing`);
    hash.update(bytes);
    left -= bytes.length;
  }
  return hash.digest("hex");
}

/** Bodies while they come. */
export const STREAM_CASES: readonly Case[] = [
  {
    name: "a body that comes behind its head waits for no acknowledgement of it",
    run: async ({ port, fields }) => {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port });
      conn.setNoDelay();
      using wire = wireOf(conn);
      const took: number[] = [];
      for (let turn = 0; turn < 40; turn++) {
        await wire.say(`PUT /x HTTP/1.1\r\n${fields}Content-Length: 4\r\n\r\n`);
        await new Promise((go) => setTimeout(go, 3));
        const startedAt = performance.now();
        await wire.say("body");
        await wire.hear("\r\n\r\nok");
        took.push(performance.now() - startedAt);
      }
      // Linux acknowledges what nobody answers after 40 ms.
      const middle = took.toSorted((one, other) => one - other)[20] ?? NaN;
      assert.ok(middle < 30, `it took ${middle} ms`);
    },
  },
  {
    name: "every byte of a large upload arrives",
    run: async ({ send, fields, upstream }) => {
      let got = "";
      upstream.on("/put", async ({ wire }) => {
        const hash = createHash("sha256");
        for (let left = COUNT * MIB; left > 0;) {
          const bytes = await wire.read();
          if (bytes === null) return false;
          hash.update(bytes);
          left -= bytes.length;
        }
        got = hash.digest("hex");
        await wire.say(OK);
        return true;
      });
      using wire = await send(`PUT /put HTTP/1.1\r\n${fields}Content-Length: ${COUNT * MIB}\r\n\r\n`);
      for (let seed = 0; seed < COUNT; seed++) await wire.write(block(seed));
      assert.ok((await wire.hear("ok")).endsWith("ok"));
      assert.equal(got, hashOf(COUNT));
    },
  },
  {
    name: "every byte of a large download arrives",
    run: async ({ send, fields, upstream }) => {
      upstream.on("/get", async ({ wire }) => {
        await wire.say(`HTTP/1.1 200 OK\r\nContent-Length: ${COUNT * MIB}\r\n\r\n`);
        for (let seed = 0; seed < COUNT; seed++) await wire.write(block(seed));
        return true;
      });
      using wire = await send(`GET /get HTTP/1.1\r\n${fields}\r\n`);
      assert.equal(await hashOfAnswer(wire), hashOf(COUNT));
    },
  },
  {
    name: "an answer that is made of the body while that comes holds back whoever is faster, and loses no byte",
    run: async ({ send, fields, upstream, pid }) => {
      // More than the kernel keeps of two connections in both directions.
      const count = 4 * keptByKernel() + 16;
      upstream.on("/echo", async ({ wire }) => {
        await wire.say(`HTTP/1.1 200 OK\r\nContent-Length: ${count * MIB}\r\n\r\n`);
        for (let left = count * MIB; left > 0;) {
          const bytes = await wire.read();
          if (bytes === null) return false;
          left -= bytes.length;
          await wire.write(bytes);
        }
        return true;
      });
      const before = rssOf(pid);
      using wire = await send(`PUT /echo HTTP/1.1\r\n${fields}Content-Length: ${count * MIB}\r\n\r\n`);
      let sent = 0;
      const sending = (async () => {
        for (; sent < count; sent++) await wire.write(block(sent));
      })();
      // Nothing is read yet: the server cannot answer, so it does not read, and so on.
      const growth = await settledRss(pid, before + 4 * GROWTH) - before;
      assert.ok(growth < GROWTH, `grew by ${(growth / MIB).toFixed(1)} MiB`);
      assert.ok(sent < count, "all of it was taken");
      const hash = await hashOfAnswer(wire, count);
      await sending;
      assert.equal(hash, hashOf(count));
      await wire.say(`GET /x HTTP/1.1\r\n${fields}\r\n`);
      assert.ok((await wire.hear("ok")).startsWith("HTTP/1.1 200 "), "the connection does not go on");
    },
  },
  {
    name: "the head and each event of an event stream arrive at once",
    run: async ({ send, fields, upstream }) => {
      const heard = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      upstream.on("/events", async ({ wire }) => {
        await wire.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (const [index, one] of heard.entries()) {
          // The next event is not sent before this one has been heard.
          await one.promise;
          await wire.say(`9\r\ndata: ${index}\n\n\r\n`);
        }
        await wire.say("0\r\n\r\n");
        return true;
      });
      using wire = await send(`POST /events HTTP/1.1\r\n${fields}Content-Length: 2\r\n\r\n{}`);
      assert.match(await wire.hear("\r\n\r\n"), /^HTTP\/1\.1 200 /);
      for (const [index, one] of heard.entries()) {
        one.resolve();
        assert.ok((await wire.hear(`data: ${index}\n\n`)).includes(`data: ${index}`));
      }
    },
  },
  {
    name: "parts of an upload are forwarded while it goes on",
    run: async ({ send, fields, upstream }) => {
      const heard = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      upstream.on("/parts", async ({ wire }) => {
        for (const [index, one] of heard.entries()) {
          await wire.hear(`part ${index}`);
          one.resolve();
        }
        await wire.say(OK);
        return true;
      });
      using wire = await send(`PUT /parts HTTP/1.1\r\n${fields}Content-Length: 12\r\n\r\n`);
      for (const [index, one] of heard.entries()) {
        await wire.say(`part ${index}`);
        await one.promise;
      }
      assert.ok((await wire.hear("ok")).endsWith("ok"));
    },
  },
  {
    name: "a client that does not read holds the server back",
    run: async ({ send, fields, upstream, pid }) => {
      let sent = 0;
      upstream.on("/stalled-reader", async ({ wire }) => {
        await wire.say(`HTTP/1.1 200 OK\r\nContent-Length: ${1024 * MIB}\r\n\r\n`);
        const part = new Uint8Array(MIB);
        for (; sent < 1024; sent++) await wire.write(part);
        return false;
      });
      const before = rssOf(pid);
      using wire = await send(`GET /stalled-reader HTTP/1.1\r\n${fields}\r\n`);
      await wire.hear("\r\n\r\n");
      const growth = await settledRss(pid, before + 4 * GROWTH) - before;
      assert.ok(growth < GROWTH, `grew by ${(growth / MIB).toFixed(1)} MiB`);
      assert.ok(sent <= 2 * keptByKernel() + GROWTH / MIB, `${sent} MiB were taken`);
    },
  },
  {
    name: "a server that does not read holds the client back",
    run: async ({ send, fields, upstream, pid }) => {
      const released = Promise.withResolvers<void>();
      upstream.on("/stalled-server", async () => {
        await released.promise;
        return false;
      });
      const before = rssOf(pid);
      using wire = await send(`PUT /stalled-server HTTP/1.1\r\n${fields}Content-Length: ${1024 * MIB}\r\n\r\n`);
      let sent = 0;
      const sending = (async () => {
        const part = new Uint8Array(MIB);
        for (; sent < 1024; sent++) await wire.write(part);
      })().catch(() => {});
      const growth = await settledRss(pid, before + 4 * GROWTH) - before;
      assert.ok(growth < GROWTH, `grew by ${(growth / MIB).toFixed(1)} MiB`);
      assert.ok(sent <= 2 * keptByKernel() + GROWTH / MIB, `${sent} MiB were taken`);
      released.resolve();
      wire.close();
      await sending;
    },
  },
];
