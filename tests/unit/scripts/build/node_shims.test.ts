import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import * as stream from "node:stream";
import { test } from "node:test";
import * as util from "node:util";
import { makeRequire, webShims } from "../../../../scripts/build/launch/node_shims.ts";

/** A `require` with shims for modules, and the modules that were read by it so far. */
function shimmed(): { readonly require: (id: string) => unknown; readonly read: readonly string[] } {
  const modules: Readonly<Record<string, unknown>> = { "node:stream": stream, "node:util": util };
  const read: string[] = [];
  const real = (id: string): unknown => {
    if (!read.includes(id)) read.push(id);
    return modules[id];
  };
  return { require: makeRequire((id) => id, { real, shims: webShims(real) }), read };
}

const streamOf = (require: (id: string) => unknown) => require("node:stream") as typeof stream;
const utilOf = (require: (id: string) => unknown) => require("node:util") as typeof util;

test("webShims() lets a class be extended before its module is read, and made after", async () => {
  const { require, read } = shimmed();
  const { Transform } = streamOf(require);
  class Upper extends Transform {
    override _transform(chunk: unknown, _: string, done: (error: null, chunk: string) => void): void {
      done(null, String(chunk).toUpperCase());
    }
  }
  assert.deepEqual(read, []);
  const upper = new Upper();
  upper.end("abc");
  const made: string[] = [];
  for await (const chunk of upper) made.push(String(chunk));
  assert.deepEqual(made, ["ABC"]);
  assert.deepEqual([upper instanceof Upper, upper instanceof Transform, upper instanceof stream.Transform], [
    true,
    true,
    true,
  ]);
  assert.deepEqual([new stream.PassThrough() instanceof Upper, new Transform() instanceof Upper], [false, false]);
});

test("webShims() tells what is no stream without the module, and what is one as the module does", async () => {
  const { require, read } = shimmed();
  const { Readable } = streamOf(require);
  assert.deepEqual([undefined, null, 1, "a", {}, new ReadableStream()].map((value) => value instanceof Readable), [
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
  assert.deepEqual(read, []);
  assert.deepEqual([{ pipe: () => {} } instanceof Readable, new stream.Readable() instanceof Readable], [false, true]);
  assert.deepEqual(await Readable.from(["a", "b"]).toArray(), ["a", "b"]);
  assert.equal(Readable.from([]) instanceof Readable, true);
  assert.equal(streamOf(require).Writable, stream.Writable);
});

test("webShims() has the members of util as the module has them", () => {
  const { require, read } = shimmed();
  const { inspect, stripVTControlCharacters } = utilOf(require);
  assert.deepEqual([inspect.custom, read], [util.inspect.custom, []]);
  assert.equal(stripVTControlCharacters("as it is"), util.stripVTControlCharacters("as it is"));
  assert.deepEqual(read, []);
  for (const text of ["\x1b[1mbold\x1b[0m", "\x1b[38;5;1mred\x1b[m and plain"]) {
    assert.equal(stripVTControlCharacters(text), util.stripVTControlCharacters(text));
  }
  assert.deepEqual(read, []);
  for (
    const text of ["\x9b1mbold", "\x1b]8;;x\x07link\x1b]8;;\x07", "\x1b[1mbold\x1b[2Kand erased", "\x1b\x1b[1m[1m"]
  ) {
    assert.equal(stripVTControlCharacters(text), util.stripVTControlCharacters(text));
  }
  const shown = { a: [1, { b: new Map([["c", 2]]) }] };
  assert.equal(inspect(shown, { depth: 0 }), util.inspect(shown, { depth: 0 }));
  assert.equal(inspect.defaultOptions, util.inspect.defaultOptions);
  assert.equal(utilOf(require).types.isArrayBuffer(new ArrayBuffer(1)), true);
  assert.equal("promisify" in utilOf(require), true);
});

test("webShims() makes a UUID of version 4", () => {
  const { randomUUID } = shimmed().require("node:crypto") as typeof import("node:crypto");
  assert.match(randomUUID(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(randomUUID(), randomUUID());
});

test("webShims() hashes by the runtime's own class where Node's would give the same", () => {
  const made: string[] = [];
  class Hasher {
    constructor(algorithm: string) {
      made.push(algorithm);
    }
  }
  const read: string[] = [];
  const real = (id: string): unknown => {
    read.push(id);
    return { createHash };
  };
  const hashOf = webShims(real, { hasher: Hasher })["node:crypto"]?.["createHash"] as typeof createHash;
  assert.equal(hashOf("sha256") instanceof Hasher, true);
  assert.deepEqual([made, read], [["sha256"], []]);
  const hashed = createHash("sha1").update("a").digest("hex");
  assert.equal(hashOf("sha1").update("a").digest("hex"), hashed);
  assert.equal(hashOf("sha256", { encoding: "utf8" }) instanceof Hasher, false);
  assert.deepEqual([made, read], [["sha256"], ["node:crypto", "node:crypto"]]);
  assert.equal("createHash" in (webShims(real)["node:crypto"] ?? {}), false);
});

test("webShims() has an emitter that tells its listeners as Node's does", () => {
  const { EventEmitter: Shim } = shimmed().require("node:events") as { readonly EventEmitter: typeof EventEmitter };
  const told = (Emitter: typeof EventEmitter): readonly unknown[] => {
    class Command extends Emitter {}
    const command = new Command();
    const heard: unknown[] = [command.emit("a", 1), command.listenerCount("a")];
    const listener = function (this: unknown, ...values: readonly unknown[]): void {
      heard.push([this === command, ...values]);
    };
    heard.push(command.on("a", listener) === command);
    command.on("a", () => {
      command.on("a", listener);
      heard.push("second");
    });
    heard.push(command.emit("a", 2, "b"), command.listenerCount("a"), command.listenerCount("b"), command.emit("b"));
    return heard;
  };
  assert.deepEqual(told(Shim), told(EventEmitter));
});
