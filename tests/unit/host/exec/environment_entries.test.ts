import assert from "node:assert/strict";
import { test } from "node:test";
import { editEntries, readEntries, splitAtNul } from "../../../../src/host/exec/environment_entries.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const encodeAll = (...texts: readonly string[]) => texts.map(encode);
const decodeAll = (entries: readonly Uint8Array[]) => entries.map((entry) => new TextDecoder().decode(entry));
const NOTHING = { set: [], remove: [] };

test("splitAtNul() keeps empty strings and one that has no end", () => {
  assert.deepEqual(decodeAll(splitAtNul(encode("a=1\0\0b=2\0"))), ["a=1", "", "b=2"]);
  assert.deepEqual(decodeAll(splitAtNul(encode("a\0b"))), ["a", "b"]);
  assert.deepEqual(splitAtNul(encode("")), []);
});

test("editEntries() keeps order, duplicates, bytes and entries without = when nothing changes", () => {
  const entries = [...encodeAll("B=2", "A=1", "B=3", "NOTHING", "", "=C:=x"), new Uint8Array([0x56, 0x3d, 0xff, 0xfe])];
  assert.deepEqual(editEntries(entries, NOTHING), entries);
});

test("editEntries() sets in place, drops later duplicates and appends what is new", () => {
  const edited = editEntries(encodeAll("X=1", "T=a", "Y=2", "T=b", "T=c"), {
    set: [["T", "new"], ["N", "1"]],
    remove: [],
  });
  assert.deepEqual(decodeAll(edited), ["X=1", "T=new", "Y=2", "N=1"]);
});

test("editEntries() removes every one of a name and leaves names that begin alike", () => {
  const edited = editEntries(encodeAll("U=1", "USER=x", "U=2", "U"), { set: [], remove: ["U", "NOT_SET"] });
  assert.deepEqual(decodeAll(edited), ["USER=x", "U"]);
});

test("editEntries() sets a name that is to be removed as well", () => {
  assert.deepEqual(decodeAll(editEntries(encodeAll("A=1"), { set: [["A", "2"]], remove: ["A"] })), ["A=2"]);
});

test("editEntries() takes a leading = as part of the name", () => {
  assert.deepEqual(decodeAll(editEntries(encodeAll("=A=1", "A=1"), { set: [], remove: ["A"] })), ["=A=1"]);
});

test("editEntries() writes an empty value and one with = and line breaks", () => {
  const edited = editEntries([], { set: [["E", ""], ["V", "a=b\nc"]], remove: [] });
  assert.deepEqual(decodeAll(edited), ["E=", "V=a=b\nc"]);
});

test("editEntries() keeps the first alone of what must not be there twice, byte for byte", () => {
  const edited = editEntries(encodeAll("U=1", "D=1", "U=2", "D=2", "U=3"), { set: [], remove: [], once: ["U", "V"] });
  assert.deepEqual(decodeAll(edited), ["U=1", "D=1", "D=2"]);
});

test("readEntries() takes the first of duplicates and no entry without =", () => {
  const read = readEntries([
    ...encodeAll("A=1", "A=2", "NOTHING", "B=x=y", "__proto__=z"),
    new Uint8Array([0x43, 0x3d, 0xff]),
  ]);
  assert.deepEqual(Object.entries(read), [["A", "1"], ["B", "x=y"], ["__proto__", "z"], ["C", "\ufffd"]]);
});
