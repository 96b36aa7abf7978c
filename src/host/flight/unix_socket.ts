import { errnoReader } from "../native/errno.ts";
import type { Native } from "../native/native.ts";

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const CLOSED_AND_WAITING_NOT = 0o2000000 | 0o4000;
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const POLLIN = 1;
const NEVER_SIGNALS_NOR_WAITS = 0x4000 | 0x40;
const BACKLOG = 4096;
const CHUNK = 65_536;

/** Error numbers of Linux. */
export const ERRNO = { EINTR: 4, EAGAIN: 11, EADDRINUSE: 98, ECONNRESET: 104, ECONNREFUSED: 111 } as const;

/** Sockets of the abstract namespace: they have no file, are closed by `execve(2)` and end with who opened them. */
export interface UnixSockets {
  /** A socket; negative where there is none. */
  readonly open: () => number;
  /** 0, or the error number. */
  readonly listen: (fd: number, name: string) => number;
  readonly connect: (fd: number, name: string) => number;
  /** The next that waits to be accepted; negative where there is none. */
  readonly accept: (fd: number) => number;
  /** The user at the other end, or who listened there. */
  readonly peerUid: (fd: number) => number;
  /** Whether all of it was sent. */
  readonly send: (fd: number, bytes: Uint8Array<ArrayBuffer>) => boolean;
  /** What came: no bytes at the end, `undefined` where there is nothing yet. */
  readonly receive: (fd: number) => Uint8Array<ArrayBuffer> | undefined;
  /** Blocks until something comes, or for so long; whether something came. */
  readonly poll: (fd: number, ms: number) => boolean;
  readonly close: (fd: number) => void;
}

/** `struct sockaddr_un` of a name in the abstract namespace. */
function addressOf(name: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(`\0${name}`);
  const address = new Uint8Array(2 + text.length);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(text, 2);
  return address;
}

/**
 * Opens the sockets of the C library. Its functions are looked up when they are first used.
 *
 * @param native the C library
 * @returns the sockets
 * @see https://man7.org/linux/man-pages/man7/unix.7.html
 */
export function openUnixSockets(native: Native): UnixSockets {
  const errno = errnoReader(native);
  const call = native.load({ socket: "iii:i", bind: "ipi:i", listen: "ii:i", connect: "ipi:i", close: "i:i" });
  const outcome = (result: bigint | number): number => Number(result) === 0 ? 0 : errno();
  return {
    open: () => Number(call.socket(AF_UNIX, SOCK_STREAM | CLOSED_AND_WAITING_NOT, 0)),
    listen: (fd, name) => {
      const address = addressOf(name);
      const bound = outcome(call.bind(fd, address, address.length));
      return bound === 0 ? outcome(call.listen(fd, BACKLOG)) : bound;
    },
    connect: (fd, name) => {
      const address = addressOf(name);
      return outcome(call.connect(fd, address, address.length));
    },
    accept: (fd) => Number(native.load({ accept4: "iaai:i" }).accept4(fd, 0n, 0n, CLOSED_AND_WAITING_NOT)),
    peerUid: (fd) => {
      const { getsockopt } = native.load({ getsockopt: "iiipp:i" });
      const [credentials, length] = [new Uint8Array(12), new Uint8Array(4)];
      new DataView(length.buffer).setUint32(0, credentials.length, true);
      const failed = Number(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, length)) !== 0;
      return failed ? -1 : new DataView(credentials.buffer).getUint32(4, true);
    },
    send: (fd, bytes) => {
      const { send } = native.load({ send: "ipai:l" });
      return Number(send(fd, bytes, BigInt(bytes.length), NEVER_SIGNALS_NOR_WAITS)) === bytes.length;
    },
    receive: (fd) => {
      const { recv } = native.load({ recv: "ipai:l" });
      const bytes = new Uint8Array(CHUNK);
      const got = Number(recv(fd, bytes, BigInt(CHUNK), 0));
      if (got >= 0) return bytes.subarray(0, got);
      const error = errno();
      return error === ERRNO.EAGAIN || error === ERRNO.EINTR ? undefined : new Uint8Array();
    },
    poll: (fd, ms) => {
      const { poll } = native.load({ poll: "pai:i" });
      const wanted = new Uint8Array(8);
      const view = new DataView(wanted.buffer);
      view.setInt32(0, fd, true);
      view.setInt16(4, POLLIN, true);
      return Number(poll(wanted, 1n, ms)) > 0;
    },
    close: (fd) => void call.close(fd),
  };
}
