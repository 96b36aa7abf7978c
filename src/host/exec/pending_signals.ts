import type { Native } from "../native/native.ts";

// `sigset_t` of Linux, with room to spare.
const SET_BYTES = 128;
const LAST = 64;
const MOST = 1000;

const bitOf = (signal: number): readonly [index: number, bit: number] => [(signal - 1) >> 3, 1 << ((signal - 1) & 7)];

/**
 * Says which signals wait because they are blocked.
 *
 * @param native the C library
 * @returns their numbers
 */
export function pendingSignals(native: Native): readonly number[] {
  const { sigpending } = native.load({ sigpending: "p:i" });
  const set = new Uint8Array(SET_BYTES);
  if (sigpending(set) !== 0 || set.every((byte) => byte === 0)) return [];
  return Array.from({ length: LAST }, (_, at) => at + 1).filter((signal) => {
    const [index, bit] = bitOf(signal);
    return ((set[index] ?? 0) & bit) !== 0;
  });
}

/**
 * Takes the signals that wait, so that they can be sent again later: threads that Bun starts for the network block nothing, and the
 * first of them would get what the caller has blocked.
 *
 * @param native the C library of Linux
 * @returns their numbers, one that waits several times as often as it does
 */
export function takePending(native: Native): readonly number[] {
  const pending = pendingSignals(native);
  if (pending.length === 0) return [];
  const { sigtimedwait } = native.load({ sigtimedwait: "pap:i" });
  const now = new Uint8Array(16);
  return pending.flatMap((signal) => {
    const set = new Uint8Array(SET_BYTES);
    const [index, bit] = bitOf(signal);
    set[index] = bit;
    const taken: number[] = [];
    while (taken.length < MOST && sigtimedwait(set, 0n, now) === signal) taken.push(signal);
    return taken;
  });
}
