import type { Admitted } from "../client/admit.ts";
import { type Destination, forwardedHead } from "./forward.ts";
import { headAndBody } from "../http1/latin1.ts";
import type { Connection } from "./pool.ts";
import type { Tape } from "./tape.ts";

/** A request on its way to the tracking server. */
export interface Upload {
  /** Whether all of it has been sent. */
  readonly complete: () => boolean;
  /** Whether the client has gone, or its body is nonsense. */
  readonly clientFailed: () => boolean;
  /** Sends nothing more. */
  readonly stop: () => void;
  /** Settles when all has been sent, or no more can be. */
  readonly over: Promise<void>;
}

/** What goes along with a request. */
export interface UploadOptions {
  readonly tape: Tape;
  readonly connection: Connection;
  readonly to: Destination;
  /** The value of the credential's field. */
  readonly credential: string;
  /** Called when the whole body has been read. */
  readonly onEnded: () => void;
}

/**
 * Sends a request, its body while it comes. The answer is read meanwhile, by others.
 *
 * @param request what was let in
 * @param options its body, where it goes and with what credential
 * @returns what has become of it
 */
export function upload(
  request: Admitted,
  { tape, connection, to, credential, onEnded }: UploadOptions,
): Upload {
  const { channel } = connection;
  let stopped = false;
  let complete = false;
  let clientFailed = false;

  /** A server that takes no more may have answered already: who reads the answer says what it was. */
  const stop = (): void => void (stopped = true);
  /** Where the client fails, the server sees its connection end before the body does. */
  const failClient = (): void => {
    clientFailed = true;
    channel.close();
    stop();
  };
  const sent = (): void => void (complete = true);
  /** Sends the parts behind the first ones, while they come. */
  const pump = async (head: Promise<void>, first: number): Promise<void> => {
    await head;
    for (let index = first; !stopped; index++) {
      const part = await tape.part(index).catch(failClient);
      if (part === undefined) return;
      if (part === null) {
        sent();
        return onEnded();
      }
      if (!stopped) await channel.write(part);
    }
  };
  const begin = (): Promise<void> => {
    let parts: readonly Uint8Array[];
    try {
      parts = tape.ready();
    } catch {
      failClient();
      return Promise.resolve();
    }
    const head = channel.write(headAndBody(forwardedHead(request, { to, credential }), parts));
    if (!tape.ended()) return pump(head, parts.length).catch(stop);
    onEnded();
    return head.then(sent, stop);
  };
  const over = begin();
  return { complete: () => complete, clientFailed: () => clientFailed, stop, over };
}
