import assert from "node:assert/strict";
import { test } from "node:test";
import { layOut } from "../../../../src/host/native/vector.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const BASE = 0x7f0000001000n;

/** The strings that a vector points at, as the system would read them. */
function readBack({ block, at }: ReturnType<typeof layOut>): readonly string[] {
  const view = new DataView(block.buffer);
  const strings: string[] = [];
  for (let offset = Number(at - BASE);; offset += 8) {
    const pointer = view.getBigUint64(offset, true);
    if (pointer === 0n) return strings;
    const from = Number(pointer - BASE);
    strings.push(new TextDecoder().decode(block.subarray(from, block.indexOf(0, from))));
  }
}

test("layOut() points at each string, empty ones too, and ends with 0", () => {
  const strings = ["cmd", "", "ž", "a b", ""];
  assert.deepEqual(readBack(layOut(strings.map(encode), () => BASE)), strings);
});

test("layOut() begins with the first string and aligns the addresses", () => {
  const vector = layOut([encode("abc")], () => BASE);
  assert.deepEqual(
    {
      first: [...vector.block.subarray(0, 4)],
      at: vector.at,
      offset: vector.pointers.byteOffset,
      least: vector.block.length,
    },
    { first: [97, 98, 99, 0], at: BASE + 8n, offset: 8, least: 8192 },
  );
});

test("layOut() of nothing is an array that ends at once", () => {
  assert.deepEqual(readBack(layOut([], () => BASE)), []);
});

test("layOut() holds more than the least block", () => {
  const strings = Array.from({ length: 3000 }, (_, index) => `argument ${index}`);
  assert.deepEqual(readBack(layOut(strings.map(encode), () => BASE)), strings);
});

test("layOut() refuses a string that would end early", () => {
  assert.throws(() => layOut([encode("a\0b")], () => BASE), new TypeError("a string holds a NUL byte"));
});
