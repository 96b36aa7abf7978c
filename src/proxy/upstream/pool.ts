import type { Host } from "../../core/host.ts";
import type { Channel } from "../../core/sockets.ts";
import { makeSource, type Source } from "../http1/source.ts";

/** A connection to the tracking server. */
export interface Connection {
  readonly channel: Channel;
  readonly source: Source;
  /** Whether it has served a request before: the server may close such a one at any time. */
  readonly used: boolean;
}

/** Connections to the tracking server that wait for the next request. */
export interface Pool {
  /** One that waits, if there is any. */
  readonly waiting: () => Connection | undefined;
  /** A new one. Rejects where there is none to be had. */
  readonly connect: () => Promise<Connection>;
  /** Keeps a connection whose last answer has been read to its end. */
  readonly keep: (connection: Connection) => void;
  /** Gives all up, and keeps no more. */
  readonly close: () => void;
}

/** What is between this machine and the server may forget a silent connection without a word, Azure's balancers after four minutes. */
const MAX_IDLE_MS = 45_000;

/** More than MLflow's clients open at once. */
const MAX_IDLE = 64;

interface Idle {
  readonly connection: Connection;
  readonly sinceMs: number;
}

/**
 * Makes the pool.
 *
 * @param host the clock
 * @param connect makes a new connection
 * @returns the pool
 *
 * @example
 * ```ts
 * import { makePool } from "./pool.ts";
 * import assert from "node:assert/strict";
 *
 * const channel = {
 *   read: () => new Promise<null>(() => {}),
 *   write: () => Promise.resolve(),
 *   shut: () => Promise.resolve(),
 *   close: () => {},
 * };
 * const pool = makePool({ now: () => 0, after: () => () => {} }, () => Promise.resolve(channel));
 * const first = await pool.connect();
 * pool.keep(first);
 * assert.equal(pool.waiting()?.channel, first.channel);
 * ```
 */
export function makePool(host: Pick<Host, "now" | "after">, connect: () => Promise<Channel>): Pool {
  const idle: Idle[] = [];
  let closed = false;
  let callOff: (() => void) | undefined;

  const drop = (channel: Channel): void => {
    const index = idle.findIndex(({ connection }) => connection.channel === channel);
    if (index >= 0) idle.splice(index, 1)[0]?.connection.channel.close();
  };
  const sweep = (): void => {
    callOff = undefined;
    const before = host.now() - MAX_IDLE_MS;
    for (const { connection, sinceMs } of [...idle]) if (sinceMs <= before) drop(connection.channel);
    if (idle.length > 0) callOff = host.after(MAX_IDLE_MS, sweep);
  };
  return {
    waiting: () => {
      for (let last = idle.pop(); last !== undefined; last = idle.pop()) {
        const { connection, sinceMs } = last;
        const age = host.now() - sinceMs;
        if (connection.source.isSilent() && age >= 0 && age < MAX_IDLE_MS) return connection;
        connection.channel.close();
      }
      return undefined;
    },
    connect: async () => {
      const channel = await connect();
      return { channel, source: makeSource(channel, () => drop(channel)), used: false };
    },
    keep: (connection) => {
      const { channel, source, used } = connection;
      if (closed || idle.length >= MAX_IDLE || !source.isSilent()) return channel.close();
      idle.push({ connection: used ? connection : { channel, source, used: true }, sinceMs: host.now() });
      // What comes now, the end included, is none of an answer.
      source.watch();
      callOff ??= host.after(MAX_IDLE_MS, sweep);
    },
    close: () => {
      closed = true;
      callOff?.();
      for (const { connection } of idle.splice(0)) connection.channel.close();
    },
  };
}
