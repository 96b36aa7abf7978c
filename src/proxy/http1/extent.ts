import { makeChunkScanner } from "./chunks.ts";
import type { Framing } from "./framing.ts";

/** Follows a body to its end. */
export interface Extent {
  /**
   * Looks at the next bytes of the connection.
   *
   * @returns how many of them belong to the body; `undefined` where its framing is broken
   */
  readonly take: (bytes: Uint8Array, onData?: (data: Uint8Array) => void) => number | undefined;
  /** Whether all of the body has passed. */
  readonly done: () => boolean;
  /** Whether the end of the connection ends the body. */
  readonly endsWithConnection: boolean;
}

/**
 * Makes what follows a body to its end.
 *
 * @param framing how the body ends
 * @returns the follower of one body
 *
 * @example
 * ```ts
 * import { makeExtent } from "./extent.ts";
 * import assert from "node:assert/strict";
 *
 * const extent = makeExtent({ kind: "length", bytes: 3 });
 * assert.equal(extent.take(new Uint8Array(5)), 3);
 * assert.ok(extent.done());
 * ```
 */
export function makeExtent(framing: Framing): Extent {
  switch (framing.kind) {
    case "none":
      return { take: () => 0, done: () => true, endsWithConnection: false };
    case "close":
      return {
        take: (bytes, onData) => (onData?.(bytes), bytes.length),
        done: () => false,
        endsWithConnection: true,
      };
    case "chunked": {
      const { scan, done } = makeChunkScanner();
      return { take: scan, done, endsWithConnection: false };
    }
    case "length": {
      let left = framing.bytes;
      const take = (bytes: Uint8Array, onData?: (data: Uint8Array) => void): number => {
        const used = Math.min(left, bytes.length);
        left -= used;
        onData?.(used === bytes.length ? bytes : bytes.subarray(0, used));
        return used;
      };
      return { take, done: () => left === 0, endsWithConnection: false };
    }
  }
}
