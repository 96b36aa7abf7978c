import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSource } from "../../../../src/proxy/http1/source.ts";
import { bytesOf } from "../../../support/heads.ts";
import { makePipe } from "../../../support/memory_sockets.ts";
import { settle } from "../../../support/proxy.ts";

function source() {
  const [near, far] = makePipe();
  let ends = 0;
  return { far, near, ends: () => ends, ...makeSource(near, () => void ends++) };
}

test("makeSource() keeps what a watch has read", async () => {
  const own = source();
  own.watch();
  own.watch();
  assert.equal(own.isSilent(), true);
  await own.far.say("abc");
  await settle();
  assert.equal(own.isSilent(), false);
  assert.deepEqual(await own.take(), bytesOf("abc"));
});

test("makeSource() notices the end while it watches, and gives it to who takes", async () => {
  const own = source();
  own.watch();
  own.far.close();
  await settle();
  assert.deepEqual([own.ends(), own.isSilent(), await own.take()], [1, false, null]);
});

test("makeSource() notices a connection that broke", async () => {
  let ends = 0;
  const own = makeSource({ read: () => Promise.reject(new Error("reset")) }, () => void ends++);
  assert.deepEqual([own.broke(), await own.take(), own.broke(), await own.take(), ends], [false, null, true, null, 1]);
});

test("makeSource() gives back what was read too far before anything else", () => {
  const own = source();
  own.unread(bytesOf("rest"));
  own.watch();
  assert.equal(own.isSilent(), false);
  assert.deepEqual(own.takeReady(), bytesOf("rest"));
  own.unread(new Uint8Array());
  assert.deepEqual([own.takeReady(), own.isSilent()], [undefined, true]);
});
