import type { Channel } from "../../core/sockets.ts";

/** What a channel sends, with what was read too far put back. */
export interface Source {
  /** The next bytes, valid until the next call; `null` at the end, also of a connection that broke. Does not reject. */
  readonly take: () => Promise<Uint8Array | null>;
  /** The next bytes if they are here already. */
  readonly takeReady: () => Uint8Array | undefined;
  /** Puts bytes back that {@link Source.take} gave and nobody used. */
  readonly unread: (bytes: Uint8Array) => void;
  /** Begins to read, so that the end of the connection is noticed; what comes is kept for {@link Source.take}. */
  readonly watch: () => void;
  /** Whether nothing has come that was not taken, and the end neither. */
  readonly isSilent: () => boolean;
  /** Whether it ended because the connection broke. */
  readonly broke: () => boolean;
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
  /** What has come and was not taken. */
  let rest: Uint8Array | undefined;
  let reading: Promise<Uint8Array | null> | undefined;
  /** Whether somebody waits for what is being read. */
  let wanted = false;
  let end: "ended" | "broke" | undefined;

  const came = (bytes: Uint8Array | null): Uint8Array | null => {
    reading = undefined;
    if (bytes === null) {
      end ??= "ended";
      onEnd();
    } else if (!wanted) rest = bytes;
    wanted = false;
    return bytes;
  };
  const failed = (): null => {
    end = "broke";
    came(null);
    return null;
  };
  const read = (): Promise<Uint8Array | null> => reading ??= channel.read().then(came, failed);
  const takeReady = (): Uint8Array | undefined => {
    const bytes = rest;
    rest = undefined;
    return bytes;
  };
  return {
    take: () => {
      const bytes = takeReady();
      if (bytes !== undefined) return Promise.resolve(bytes);
      if (end !== undefined) return Promise.resolve(null);
      wanted = true;
      return read();
    },
    takeReady,
    unread: (bytes) => {
      if (bytes.length > 0) rest = bytes;
    },
    watch: () => {
      if (rest === undefined && end === undefined) void read();
    },
    isSilent: () => rest === undefined && end === undefined,
    broke: () => end === "broke",
  };
}
