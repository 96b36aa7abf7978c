import type { Flight, Heard } from "../../core/flight.ts";
import { ERRNO, type UnixSockets } from "./unix_socket.ts";

/**
 * How long the process sleeps in the kernel before timers have their turn: the first is that of the notice after two seconds. Each turn
 * takes milliseconds, more where Bun collects garbage in it, and of hundreds that wait all take them from the one that reads: who is told
 * before the slice is over has had none.
 */
const SLICE_MS = 2000;
const HEADER = 4;

/** What {@link joinFlight} works with. */
export interface FlightParts {
  readonly sockets: UnixSockets;
  readonly uid: number;
  /** Gives timers and signals their turn. */
  readonly rest: () => Promise<void>;
}

/**
 * Takes the place of the one who does something for all processes of this user, or finds out who has it.
 *
 * @param name what is to be done; whoever says the same name wants the same
 * @param parts sockets, the user, and a rest between slices
 * @returns this process' part
 */
export function joinFlight(name: string, parts: FlightParts): Flight {
  const { sockets, uid } = parts;
  const place = `mlflow-auth/1/${uid}/${name}`;
  const fd = sockets.open();
  if (fd < 0) return { is: "alone", because: "no socket" };
  const listened = sockets.listen(fd, place);
  if (listened === 0) {
    return {
      is: "leader",
      tell: (bytes) => {
        tellAll(fd, { bytes: framed(bytes), sockets, uid });
        sockets.close(fd);
      },
      end: () => sockets.close(fd),
    };
  }
  const alone = (because: string): Flight => {
    sockets.close(fd);
    return { is: "alone", because };
  };
  if (listened !== ERRNO.EADDRINUSE) return alone(`no place (errno ${listened})`);
  const connected = sockets.connect(fd, place);
  if (connected === ERRNO.ECONNREFUSED || connected === ERRNO.EAGAIN) {
    // It ended a moment ago, or more wait than it takes.
    sockets.close(fd);
    return { is: "follower", wait: () => Promise.resolve({ is: "ended" }) };
  }
  if (connected !== 0) return alone(`no way to the place (errno ${connected})`);
  if (sockets.peerUid(fd) !== uid) return alone("another user has the place");
  return { is: "follower", wait: (leftMs) => waitFor(fd, { ...parts, leftMs }) };
}

function framed(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(HEADER + bytes.length);
  new DataView(frame.buffer).setUint32(0, bytes.length, true);
  frame.set(bytes, HEADER);
  return frame;
}

function tellAll(
  fd: number,
  { bytes, sockets, uid }: Pick<FlightParts, "sockets" | "uid"> & { readonly bytes: Uint8Array<ArrayBuffer> },
): void {
  for (let peer = sockets.accept(fd); peer >= 0; peer = sockets.accept(fd)) {
    if (sockets.peerUid(peer) === uid) sockets.send(peer, bytes);
    sockets.close(peer);
  }
}

async function waitFor(
  fd: number,
  { sockets, leftMs, rest }: FlightParts & { readonly leftMs: () => number },
): Promise<Heard> {
  let got = new Uint8Array();
  try {
    for (;;) {
      const bytes = sockets.receive(fd);
      if (bytes !== undefined) {
        if (bytes.length === 0) return { is: "ended" };
        const whole = new Uint8Array(got.length + bytes.length);
        whole.set(got);
        whole.set(bytes, got.length);
        got = whole;
        const message = messageIn(got);
        if (message !== undefined) return { is: "told", bytes: message };
        continue;
      }
      const left = leftMs();
      if (left <= 0) return { is: "late" };
      if (!sockets.poll(fd, Math.ceil(Math.min(SLICE_MS, left)))) await rest();
    }
  } finally {
    sockets.close(fd);
  }
}

function messageIn(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  if (bytes.length < HEADER) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return bytes.length < HEADER + length ? undefined : bytes.subarray(HEADER, HEADER + length);
}
