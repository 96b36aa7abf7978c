import { cString, type Native } from "./native/native.ts";

/** Most files of the system are smaller: memory for more would have to be filled with zeros first. */
const FIRST = 4096;
const CLOEXEC = { linux: 0o2000000, darwin: 0x1000000 };

/** Files read through the C library: Deno itself reads nothing below /proc or /dev without every permission there is. */
export interface SystemFiles {
  /** All bytes of a file, or at most `limit`; `undefined` where it cannot be opened or read. */
  readonly read: (path: string, limit?: number) => Uint8Array<ArrayBuffer> | undefined;
  /** The target of a symbolic link; `undefined` where there is none. */
  readonly link: (path: string) => string | undefined;
  /** Whether something of that name exists. */
  readonly exists: (path: string) => boolean;
}

function doubled(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(2 * bytes.length);
  more.set(bytes);
  return more;
}

/**
 * Makes a reader of system files. Functions are looked up when they are first used.
 *
 * @param native the C library
 * @returns the reader
 */
export function makeSystemFiles(native: Native): SystemFiles {
  const { open, read, close } = native.load({ open: "pi:i", read: "ipa:l", close: "i:i" });
  const flags = native.darwin ? CLOEXEC.darwin : CLOEXEC.linux;
  return {
    read: (path, limit = Infinity) => {
      const fd = Number(open(cString(path), flags));
      if (fd < 0) return undefined;
      let bytes = new Uint8Array(Math.min(FIRST, limit));
      let [total, got] = [0, 1];
      while (got > 0 && total < limit) {
        if (total === bytes.length) bytes = doubled(bytes);
        const room = bytes.subarray(total, limit);
        got = Number(BigInt.asIntN(64, BigInt(read(fd, room, BigInt(room.length)))));
        total += got;
      }
      close(fd);
      return got < 0 ? undefined : bytes.slice(0, total);
    },
    link: (path) => {
      const { readlink } = native.load({ readlink: "ppa:l" });
      const target = new Uint8Array(4096);
      const got = Number(BigInt.asIntN(64, BigInt(readlink(cString(path), target, 4096n))));
      return got < 0 ? undefined : new TextDecoder().decode(target.subarray(0, got));
    },
    exists: (path) => {
      const { access } = native.load({ access: "pi:i" });
      return access(cString(path), 0) === 0;
    },
  };
}
