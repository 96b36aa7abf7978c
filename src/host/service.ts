import process from "node:process";
import type { Host } from "../core/host.ts";
import type { Service } from "../core/service.ts";
import type { Native } from "./native/native.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_NOSIGNAL = 0x4000;

/** `struct sockaddr_un`: the family, then the path, or a NUL byte and a name that stands in no folder. */
function socketAddress(path: string): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(path.startsWith("@") ? `\0${path.slice(1)}` : `${path}\0`);
  const address = new Uint8Array(2 + name.length);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(name, 2);
  return address;
}

/** https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html */
function notify(native: Native, { path, state }: { readonly path: string; readonly state: string }): void {
  const { socket, sendto, close } = native.load({ socket: "iii:i", sendto: "ipaipi:l", close: "i:i" });
  const fd = Number(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (fd < 0) return;
  const [text, address] = [new TextEncoder().encode(state), socketAddress(path)];
  sendto(fd, text, BigInt(text.length), MSG_NOSIGNAL, address, address.length);
  close(fd);
}

/**
 * Makes what a program needs that runs until it is stopped; from then on it listens for that.
 *
 * @param native the C library, where it can be called
 * @param env where `NOTIFY_SOCKET` is
 * @returns the service
 */
export function makeService(native: Native | undefined, env: Host["env"]): Service {
  const { promise, resolve } = Promise.withResolvers<void>();
  const signals = ["SIGTERM", "SIGINT"] as const;
  const stop = (): void => {
    for (const signal of signals) process.off(signal, stop);
    resolve();
  };
  for (const signal of signals) process.on(signal, stop);
  const path = env["NOTIFY_SOCKET"] ?? "";
  return {
    stopped: promise,
    notify: (state) => {
      if (native !== undefined && !native.darwin && /^[/@]./.test(path)) notify(native, { path, state });
    },
    exit: (status) => process.exit(status),
  };
}
