import { errnoReader } from "../native/errno.ts";
import type { Native } from "../native/native.ts";

const O_CLOEXEC = { linux: 0o2000000, darwin: 0x1000000 };
const EINTR = 4;
const POLLIN = 1;
const CHUNK = 65536;

/** A pipe that no other program inherits. */
export interface Pipe {
  readonly reader: number;
  readonly writer: number;
}

/**
 * Makes a pipe.
 *
 * @param native the C library
 * @returns its two ends
 * @throws Error where there are no descriptors left
 */
export function makePipe(native: Native): Pipe {
  const ends = new Uint8Array(8);
  const view = new DataView(ends.buffer);
  // macOS has no `pipe2`, and closes what a child is not given anyway.
  const made = native.darwin
    ? native.load({ pipe: "p:i" }).pipe(ends)
    : native.load({ pipe2: "pi:i" }).pipe2(ends, O_CLOEXEC.linux);
  if (made !== 0) throw new Error(`no pipe: system error ${errnoReader(native)()}`);
  return { reader: view.getInt32(0, true), writer: view.getInt32(4, true) };
}

/**
 * Says whether a descriptor has something to read, or its other end is closed.
 *
 * @param native the C library
 * @param asked the descriptor, of which a pidfd has something to read once its process has ended; how long to wait for it, in which
 * nothing else is done
 * @returns whether it has
 */
export function isReadable(
  native: Native,
  { fd, timeoutMs }: { readonly fd: number; readonly timeoutMs: number },
): boolean {
  const { poll } = native.load({ poll: "pai:i" });
  const asked = new Uint8Array(8);
  const view = new DataView(asked.buffer);
  view.setInt32(0, fd, true);
  view.setInt16(4, POLLIN, true);
  return Number(poll(asked, 1n, timeoutMs)) > 0;
}

/**
 * Writes a text to a pipe, and waits while it is full.
 *
 * @param native the C library
 * @param what the pipe, and what to write
 * @returns whether somebody still reads
 */
export function writeAll(
  native: Native,
  { fd, text }: { readonly fd: number; readonly text: string },
): boolean {
  const { write } = native.load({ write: "ipa:l" });
  const errno = errnoReader(native);
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    const rest = bytes.slice(at);
    const written = Number(BigInt.asIntN(64, BigInt(write(fd, rest, BigInt(rest.length)))));
    if (written < 0 && errno() !== EINTR) return false;
    at += Math.max(written, 0);
  }
  return true;
}

/**
 * Reads a pipe up to its first line break, or to its end.
 *
 * @param native the C library
 * @param from the pipe, when to give up, and the clock
 * @returns the text without the line break; `undefined` where it did not come
 */
export function readLine(
  native: Native,
  { fd, untilMs, now }: { readonly fd: number; readonly untilMs: number; readonly now: () => number },
): string | undefined {
  const { read } = native.load({ read: "ipa:l" });
  const decoder = new TextDecoder();
  for (let text = "";;) {
    const end = text.indexOf("\n");
    if (end >= 0) return text.slice(0, end);
    const waitMs = Math.ceil(untilMs - now());
    if (waitMs <= 0) return undefined;
    // A signal may have ended the wait.
    if (!isReadable(native, { fd, timeoutMs: waitMs })) continue;
    const chunk = new Uint8Array(CHUNK);
    const got = Number(BigInt.asIntN(64, BigInt(read(fd, chunk, BigInt(chunk.length)))));
    if (got <= 0) return undefined;
    text += decoder.decode(chunk.subarray(0, got), { stream: true });
  }
}
