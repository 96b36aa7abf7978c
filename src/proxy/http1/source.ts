import type { Channel } from "../../core/sockets.ts";

/** What a channel sends, with what was read too far put back. */
export interface Source {
  /** The next bytes, valid until the next call; `null` at the end. */
  readonly take: () => Promise<Uint8Array | null>;
  /** The next bytes if they are here already. */
  readonly takeReady: () => Uint8Array | undefined;
  /** Puts bytes back that {@link Source.take} gave and nobody used. */
  readonly unread: (bytes: Uint8Array) => void;
  /** Begins to read, so that the end of the connection is noticed; what comes is kept for {@link Source.take}. */
  readonly watch: () => void;
  /** Whether nothing has come that was not taken, and the end neither. */
  readonly isSilent: () => boolean;
}

/**
 * Makes a source of a channel.
 *
 * @param channel what to read
 * @param onEnd called once, when the other side has sent its last byte or the connection broke
 * @returns the source
 *
 * @example
 * ```ts
 * import { makeSource } from "./source.ts";
 * import assert from "node:assert/strict";
 *
 * const parts = [new Uint8Array([1, 2, 3]), null];
 * const source = makeSource({ read: () => Promise.resolve(parts.shift() ?? null) }, () => {});
 * const bytes = await source.take();
 * source.unread(bytes?.subarray(1) ?? new Uint8Array());
 * assert.deepEqual(await source.take(), new Uint8Array([2, 3]));
 * assert.equal(await source.take(), null);
 * ```
 */
export function makeSource(channel: Pick<Channel, "read">, onEnd: () => void): Source {
  let rest: Uint8Array | undefined;
  let pending: Promise<Uint8Array | null> | undefined;
  let settled = false;
  const start = (): Promise<Uint8Array | null> => {
    if (pending !== undefined) return pending;
    settled = false;
    const begun = channel.read();
    pending = begun;
    begun.then((bytes) => {
      settled = true;
      if (bytes === null) onEnd();
    }, () => {
      settled = true;
      onEnd();
    });
    return begun;
  };
  const takeReady = (): Uint8Array | undefined => {
    const bytes = rest;
    rest = undefined;
    return bytes;
  };
  return {
    take: async () => {
      const bytes = takeReady();
      if (bytes !== undefined) return bytes;
      try {
        return await start();
      } finally {
        pending = undefined;
      }
    },
    takeReady,
    unread: (bytes) => {
      if (bytes.length > 0) rest = bytes;
    },
    watch: () => {
      if (rest === undefined) void start();
    },
    isSilent: () => rest === undefined && (pending === undefined || !settled),
  };
}
