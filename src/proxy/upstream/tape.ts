import type { Extent } from "../http1/extent.ts";
import type { Source } from "../http1/source.ts";

/** What the copies of all bodies may take. */
export interface CopyBudget {
  /** Whether so many bytes more may be kept; if so, they count from now on. */
  readonly take: (bytes: number) => boolean;
  readonly give: (bytes: number) => void;
}

/** The body of a request. It is copied while it is forwarded, so that it can be sent once more. */
export interface Tape {
  /**
   * A part of the body.
   *
   * @param index 0 for the first
   * @returns its bytes, valid until the next call; `null` behind the last; rejects where the client has gone or sends nonsense
   */
  readonly part: (index: number) => Promise<Uint8Array | null>;
  /** The parts that are here already, as one may send them with the head. */
  readonly ready: () => readonly Uint8Array[];
  /** Whether the whole body has been read. */
  readonly ended: () => boolean;
  /** Whether every part from the first is still there. */
  readonly replayable: () => boolean;
  /** Gives the copies back. */
  readonly release: () => void;
}

/** The largest body that is sent once more. */
export const MAX_REPLAY_BYTES = 8 * 1024 * 1024;

/**
 * Makes the budget for the copies of all bodies.
 *
 * @param bytes how much they may take
 * @returns the budget
 */
export function makeCopyBudget(bytes: number): CopyBudget {
  let left = bytes;
  return {
    take: (wanted) => {
      if (wanted > left) return false;
      left -= wanted;
      return true;
    },
    give: (back) => void (left += back),
  };
}

/** The tape of a request without a body. */
export const NO_BODY: Tape = {
  part: () => Promise.resolve(null),
  ready: () => [],
  ended: () => true,
  replayable: () => true,
  release: () => {},
};

/**
 * Makes the tape of one body.
 *
 * @param source the client
 * @param options how the body ends, its length where the client says it, and the budget
 * @returns the tape
 *
 * @example
 * ```ts
 * import { makeExtent } from "../http1/extent.ts";
 * import { makeSource } from "../http1/source.ts";
 * import { makeCopyBudget, makeTape } from "./tape.ts";
 * import assert from "node:assert/strict";
 *
 * const source = makeSource({ read: () => Promise.resolve(new Uint8Array([1, 2, 3])) }, () => {});
 * const tape = makeTape(source, { extent: makeExtent({ kind: "length", bytes: 2 }), bytes: 2, budget: makeCopyBudget(10) });
 * assert.deepEqual(await tape.part(0), new Uint8Array([1, 2]));
 * assert.equal(await tape.part(1), null);
 * assert.deepEqual(await tape.part(0), new Uint8Array([1, 2]));
 * ```
 */
export function makeTape(
  source: Pick<Source, "take" | "takeReady" | "unread">,
  { extent, bytes: length, budget }: {
    readonly extent: Extent;
    readonly bytes: number | undefined;
    readonly budget: CopyBudget;
  },
): Tape {
  const kept: Uint8Array[] = [];
  let keptBytes = 0;
  let keeping = (length ?? 0) <= MAX_REPLAY_BYTES;
  let reading: Promise<Uint8Array | null> | undefined;

  const release = (): void => {
    budget.give(keptBytes);
    keptBytes = 0;
    kept.length = 0;
    keeping = false;
  };
  /** Takes what belongs to the body, and keeps a copy while that is allowed. */
  const record = (bytes: Uint8Array): Uint8Array => {
    const used = extent.take(bytes);
    if (used === undefined) throw new TypeError("the body's framing is broken");
    const own = used === bytes.length ? bytes : bytes.subarray(0, used);
    if (used < bytes.length) source.unread(bytes.subarray(used));
    if (!keeping) return own;
    if (keptBytes + used > MAX_REPLAY_BYTES || !budget.take(used)) {
      release();
      return own;
    }
    keptBytes += used;
    const copy = own.slice();
    kept.push(copy);
    return copy;
  };
  const next = async (): Promise<Uint8Array | null> => {
    try {
      const bytes = await source.take();
      if (bytes === null) throw new TypeError("the client has gone");
      return record(bytes);
    } finally {
      reading = undefined;
    }
  };
  return {
    part: (index) => {
      const copy = kept[index];
      if (copy !== undefined) return Promise.resolve(copy);
      if (reading !== undefined) return reading;
      return extent.done() ? Promise.resolve(null) : reading = next();
    },
    ready: () => {
      if (kept.length === 0 && keeping && !extent.done()) {
        const bytes = source.takeReady();
        if (bytes !== undefined) record(bytes);
      }
      return kept;
    },
    ended: extent.done,
    replayable: () => keeping,
    release,
  };
}
