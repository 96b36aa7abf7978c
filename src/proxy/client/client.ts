import type { Host } from "../../core/host.ts";
import type { Channel } from "../../core/sockets.ts";
import { type Reply, replyBytes } from "./reply.ts";
import { makeSource, type Source } from "../http1/source.ts";

/** A program that is connected to the proxy. */
export interface Client {
  readonly channel: Channel;
  readonly source: Source;
  /** Whether it has gone, or its connection was given up. */
  readonly gone: () => boolean;
  /** Calls something when it goes; `undefined` calls nothing. */
  readonly onGone: (run: (() => void) | undefined) => void;
  /** Gives the connection up. */
  readonly close: () => void;
  /** Answers for the proxy itself. */
  readonly reply: (reply: Reply, options: { readonly head: boolean; readonly keep: boolean }) => Promise<void>;
  /** Says goodbye, and takes what is still sent for a while: a reset would take the answer away from who still sends. */
  readonly linger: () => Promise<void>;
}

/** How long who was answered before the end of the body may go on sending. */
const LINGER_MS = 2_000;

/**
 * Makes a client of a connection.
 *
 * @param channel the connection
 * @param host the clock
 * @returns the client
 */
export function makeClient(channel: Channel, host: Pick<Host, "after">): Client {
  let gone = false;
  let run: (() => void) | undefined;
  const leave = (): void => {
    if (gone) return;
    gone = true;
    run?.();
  };
  const source = makeSource(channel, leave);
  const close = (): void => {
    channel.close();
    leave();
  };
  return {
    channel,
    source,
    gone: () => gone,
    onGone: (wanted) => void (run = wanted),
    close,
    reply: async (reply, options) => await channel.write(replyBytes(reply, options)),
    linger: async () => {
      const callOff = host.after(LINGER_MS, close);
      try {
        await channel.shut();
        while (await source.take() !== null);
      } catch {
        // It has gone, as it was asked to.
      } finally {
        callOff();
        close();
      }
    },
  };
}
