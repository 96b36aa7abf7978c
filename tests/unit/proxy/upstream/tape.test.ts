import assert from "node:assert/strict";
import { test } from "node:test";
import { makeExtent } from "../../../../src/proxy/http1/extent.ts";
import { makeSource } from "../../../../src/proxy/http1/source.ts";
import { makeCopyBudget, makeTape, MAX_REPLAY_BYTES } from "../../../../src/proxy/upstream/tape.ts";
import { bytesOf } from "../../../support/heads.ts";
import { makePipe } from "../../../support/memory_sockets.ts";

function tape(bytes: number, budget = makeCopyBudget(64 * 1024 * 1024)) {
  const [near, far] = makePipe();
  const source = makeSource(near, () => {});
  return { far, source, budget, ...makeTape(source, { extent: makeExtent({ kind: "length", bytes }), bytes, budget }) };
}

test("makeTape() gives a body once more, and leaves what follows it to the next request", async () => {
  const own = tape(5);
  await own.far.say("abc");
  await own.far.say("deGET");
  assert.deepEqual([await own.part(0), await own.part(1), await own.part(2)], [bytesOf("abc"), bytesOf("de"), null]);
  assert.deepEqual([await own.part(0), await own.part(1), await own.part(2)], [bytesOf("abc"), bytesOf("de"), null]);
  assert.deepEqual([own.source.takeReady(), own.ended(), own.replayable()], [bytesOf("GET"), true, true]);
});

test("makeTape() lets two who wait for the same part have it", async () => {
  const own = tape(3);
  const parts = [own.part(0), own.part(0)];
  await own.far.say("abc");
  assert.deepEqual(await Promise.all(parts), [bytesOf("abc"), bytesOf("abc")]);
});

test("makeTape() copies nothing of a body that is too large to be sent again, and gives it on", async () => {
  const own = tape(MAX_REPLAY_BYTES + 1);
  await own.far.say("abc");
  assert.deepEqual([own.replayable(), await own.part(0), own.replayable()], [false, bytesOf("abc"), false]);
});

test("makeTape() copies no more once all bodies together are too large, and gives the copies back", async () => {
  const own = tape(6, makeCopyBudget(4));
  await own.far.say("abc");
  await own.far.say("def");
  assert.deepEqual([await own.part(0), own.replayable()], [bytesOf("abc"), true]);
  assert.deepEqual([await own.part(1), own.replayable(), await own.part(2)], [bytesOf("def"), false, null]);
  assert.equal(own.budget.take(4), true);
});

test("makeTape() gives its copies back when it is released", async () => {
  const own = tape(3, makeCopyBudget(3));
  await own.far.say("abc");
  await own.part(0);
  assert.equal(own.budget.take(1), false);
  own.release();
  own.release();
  assert.deepEqual([own.budget.take(3), own.budget.take(1)], [true, false]);
});

test("makeTape() tells a body that is cut from one that is whole", async () => {
  const own = tape(5);
  await own.far.say("abc");
  own.far.close();
  await own.part(0);
  await assert.rejects(own.part(1));
});

test("makeTape() has the part ready that came with the head", async () => {
  const own = tape(5);
  own.source.unread(bytesOf("abcdefg"));
  assert.deepEqual([own.ready(), await own.part(1), own.source.takeReady()], [[bytesOf("abcde")], null, bytesOf("fg")]);
});
