import assert from "node:assert/strict";
import { test } from "node:test";
import { argumentBytes, mayBeDamaged } from "../../../../src/host/exec/argument_bytes.ts";

const encode = (text: string) => new TextEncoder().encode(text);

test("mayBeDamaged() looks for replacement characters", () => {
  assert.deepEqual([mayBeDamaged(["a", "b\ufffd"]), mayBeDamaged(["a", "ž", ""])], [true, false]);
});

test("argumentBytes() encodes as UTF-8 where the command line is not known", () => {
  assert.deepEqual(argumentBytes(["ž", "", "\ufeffx"]), [encode("ž"), encode(""), encode("\ufeffx")]);
});

test("argumentBytes() takes the last arguments of the command line", () => {
  const own = [encode("program"), encode("exec"), encode("cmd"), new Uint8Array([0x61, 0xff])];
  assert.deepEqual(argumentBytes(["cmd", "a\ufffd"], own), [encode("cmd"), new Uint8Array([0x61, 0xff])]);
});

test("argumentBytes() takes the bytes however many replacement characters stand for them", () => {
  const bytes = new Uint8Array([0xed, 0xa0, 0x80]);
  assert.deepEqual(argumentBytes(["\ufffd"], [bytes]), [bytes]);
});

test("argumentBytes() keeps the text where the command line says something else", () => {
  assert.deepEqual(argumentBytes(["a\ufffd", "b"], [encode("x"), encode("b")]), [encode("a\ufffd"), encode("b")]);
  assert.deepEqual(argumentBytes(["a", "b"], [encode("b")]), [encode("a"), encode("b")]);
});
