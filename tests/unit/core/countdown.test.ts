import assert from "node:assert/strict";
import { test } from "node:test";
import { startCountdown } from "../../../src/core/countdown.ts";

function clockwork() {
  const clock = { ms: 0, timers: [] as { readonly ms: number; readonly run: () => void }[], calledOff: 0 };
  const host = {
    workedMs: () => clock.ms,
    after: (ms: number, run: () => void) => {
      clock.timers.push({ ms, run });
      return () => void clock.calledOff++;
    },
  };
  return { clock, host };
}

test("startCountdown() goes on for as long as this process had no processor", () => {
  const { clock, host } = clockwork();
  const countdown = startCountdown(1000, host);
  clock.ms = 400;
  clock.timers[0]?.run();
  assert.deepEqual(clock.timers.map(({ ms }) => ms), [1000, 600]);
  assert.deepEqual([countdown.signal.aborted, countdown.leftMs()], [false, 600]);
  clock.ms = 1000;
  clock.timers[1]?.run();
  assert.deepEqual([countdown.signal.aborted, countdown.leftMs(), clock.timers.length], [true, 0, 2]);
});

test("startCountdown() can be called off, also after its timer was set anew", () => {
  const { clock, host } = clockwork();
  const countdown = startCountdown(1000, host);
  clock.timers[0]?.run();
  countdown.stop();
  assert.deepEqual([countdown.signal.aborted, clock.calledOff], [false, 1]);
});
