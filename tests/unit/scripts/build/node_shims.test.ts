import assert from "node:assert/strict";
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
  for (const text of ["\x1b[1mbold\x1b[0m", "\x9b1mbold", "\x1b]8;;x\x07link\x1b]8;;\x07"]) {
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
