import assert from "node:assert/strict";
import { test } from "node:test";
import { inside, listOf, nodeForge, numberOf, textOf } from "../../../../src/azure/pkcs12/node_forge.ts";

const read = (der: string) => nodeForge().asn1.fromDer(der, { strict: false, parseAllBytes: false });

test("nodeForge() reads a sequence of a number and a string", () => {
  const value = read("\x30\x09\x02\x02\x08\x00\x04\x03abc");
  assert.equal(listOf(value).length, 2);
  assert.deepEqual([numberOf(inside(value, 0)), textOf(inside(value, 1))], [2048, "abc"]);
  assert.throws(() => inside(value, 2), TypeError);
  assert.throws(() => inside(inside(value, 1), 0), TypeError);
});

test("textOf() joins a string of several strings, as BER has it", () => {
  assert.equal(textOf(read("\x24\x80\x04\x01a\x04\x02bc\x00\x00")), "abc");
});
