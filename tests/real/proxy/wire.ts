import { bytesOf, hear } from "../../support/heads.ts";

/** A connection whose bytes a test writes and reads itself, one character a byte. */
export interface Wire extends Disposable {
  readonly say: (text: string) => Promise<void>;
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** The next bytes; `null` at the end, or where the connection broke. */
  readonly read: () => Promise<Uint8Array | null>;
  /** All that comes until it holds a text, or the connection ends. */
  readonly hear: (until: string | RegExp) => Promise<string>;
  /** All that comes until the connection ends. */
  readonly hearAll: () => Promise<string>;
  /** Puts text back, to be heard next. */
  readonly unhear: (text: string) => void;
  /** Sends the end, and goes on to listen. */
  readonly shut: () => Promise<void>;
  readonly close: () => void;
}

/** Makes a wire of a connection. */
export function wireOf(conn: Deno.Conn): Wire {
  const buffer = new Uint8Array(256 * 1024);
  let kept = "";
  const read = async (): Promise<Uint8Array | null> => {
    if (kept !== "") {
      const bytes = bytesOf(kept);
      kept = "";
      return bytes;
    }
    try {
      const length = await conn.read(buffer);
      return length === null ? null : buffer.subarray(0, length);
    } catch {
      return null;
    }
  };
  const write = async (bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
  };
  const close = (): void => {
    try {
      conn.close();
    } catch {
      // It is closed already.
    }
  };
  return {
    say: (text) => write(bytesOf(text)),
    write,
    read,
    hear: (until) => hear(read, until),
    hearAll: () => hear(read, undefined),
    unhear: (text) => void (kept = text + kept),
    shut: () => conn.closeWrite(),
    close,
    [Symbol.dispose]: close,
  };
}
