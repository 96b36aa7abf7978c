import { cString, type Native } from "../native/native.ts";
import { errnoReader } from "../native/errno.ts";

/** The process keyring: it ends with this process, and with `execve(2)`. */
export const PROCESS_KEYRING = -2;
/** The user's keyring: every process of the user has it. */
export const USER_KEYRING = -4;

const NUMBERS: Readonly<Record<string, { readonly addKey: number; readonly keyctl: number }>> = {
  x64: { addKey: 248, keyctl: 250 },
  arm64: { addKey: 217, keyctl: 219 },
};

const SETPERM = 5;
const DESCRIBE = 6;
const LINK = 8;
const SEARCH = 10;
const READ = 11;
const SET_TIMEOUT = 15;
const INVALIDATE = 21;

const CODES: Readonly<Record<number, string>> = {
  1: "EPERM",
  12: "ENOMEM",
  13: "EACCES",
  22: "EINVAL",
  38: "ENOSYS",
  122: "EDQUOT",
  126: "ENOKEY",
  127: "EKEYEXPIRED",
  128: "EKEYREVOKED",
};

/** The calls that are used of `keyctl(2)` and `add_key(2)`; each throws the system's error, with its `code`. */
export interface KeyCalls {
  readonly add: (name: string, payload: Uint8Array<ArrayBuffer>, ring: number) => number;
  readonly setTimeout: (key: number, seconds: number) => void;
  readonly setPermissions: (key: number, permissions: number) => void;
  readonly link: (key: number, ring: number) => void;
  readonly search: (ring: number, name: string) => number;
  /** Such as `user;1000;1000;3f010000;name`. */
  readonly describe: (key: number) => string;
  readonly read: (key: number) => Uint8Array<ArrayBuffer>;
  readonly invalidate: (key: number) => void;
}

/** The most that a key of type `user` holds. */
const LARGEST = 32_767;

/**
 * Makes the calls. There is no function of the C library for them but `syscall(2)` itself; `libkeyutils` need not be installed.
 *
 * @param native the C library
 * @param architecture the processor, as `process.arch` has it
 * @returns the calls, or `undefined` for a processor whose numbers are not known here
 * @see https://man7.org/linux/man-pages/man7/keyrings.7.html
 */
export function openKeyCalls(native: Native, architecture: string): KeyCalls | undefined {
  const numbers = NUMBERS[architecture];
  if (numbers === undefined) return undefined;
  const errno = errnoReader(native);
  const type = cString("user");
  const settle = (result: bigint | number, what: string): number => {
    if (Number(result) >= 0) return Number(result);
    const number = errno();
    const code = CODES[number] ?? `errno ${number}`;
    throw Object.assign(new Error(`${code}: ${what}`), { code });
  };
  const plain = (operation: number) => (key: number, value = 0): void => {
    const { syscall } = native.load({ syscall: "llllll:l" });
    settle(syscall(numbers.keyctl, operation, key, value, 0, 0), `keyctl ${operation}`);
  };
  const fill = (operation: number, key: number): Uint8Array<ArrayBuffer> => {
    const { syscall } = native.load({ syscall: "lllpll:l" });
    const bytes = new Uint8Array(LARGEST);
    const length = settle(syscall(numbers.keyctl, operation, key, bytes, LARGEST, 0), `keyctl ${operation}`);
    // A keyring that is longer than the room for it says how long it is, and is not read.
    if (length > LARGEST) throw Object.assign(new Error("EINVAL: longer than there is room"), { code: "EINVAL" });
    return bytes.subarray(0, length);
  };
  return {
    add: (name, payload, ring) => {
      if (payload.length > LARGEST) throw Object.assign(new Error("EINVAL: too long"), { code: "EINVAL" });
      const { syscall } = native.load({ syscall: "lpppll:l" });
      return settle(syscall(numbers.addKey, type, cString(name), payload, payload.length, ring), "add_key");
    },
    setTimeout: plain(SET_TIMEOUT),
    setPermissions: plain(SETPERM),
    link: plain(LINK),
    search: (ring, name) => {
      const { syscall } = native.load({ syscall: "lllppl:l" });
      return settle(syscall(numbers.keyctl, SEARCH, ring, type, cString(name), 0), "keyctl search");
    },
    describe: (key) => new TextDecoder().decode(fill(DESCRIBE, key)).replace(/\0$/, ""),
    read: (key) => fill(READ, key),
    invalidate: plain(INVALIDATE),
  };
}
