import { errnoReader } from "../native/errno.ts";
import type { Native } from "../native/native.ts";

/** The process keyring: it ends with this process, and with `execve(2)`. */
export const PROCESS_KEYRING = -2;
/** The user's keyring: every process of the user has it. */
export const USER_KEYRING = -4;

/** Numbers of system calls, by processor. */
const NUMBERS: Readonly<Record<string, Readonly<Record<"addKey" | "keyctl" | "getEuid" | "getTime", number>>>> = {
  x64: { addKey: 248, keyctl: 250, getEuid: 107, getTime: 228 },
  arm64: { addKey: 217, keyctl: 219, getEuid: 175, getTime: 113 },
};

const SETPERM = 5;
const DESCRIBE = 6;
const LINK = 8;
const SEARCH = 10;
const READ = 11;
const SET_TIMEOUT = 15;
const INVALIDATE = 21;
const BOOT_CLOCK = 7;

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
  /** The effective user. */
  readonly uid: () => number;
  /** Milliseconds since this machine was started. */
  readonly bootMs: () => number;
}

/** The most that a key of type `user` holds. */
const LARGEST = 32_767;
// What a block of memory holds: the type, a name, and what goes in or comes out. Blocks of this size do not move.
const TYPE = 0;
const NAME = 16;
const DATA = 8192;

const failure = (code: string, what: string): Error => Object.assign(new Error(`${code}: ${what}`), { code });

/**
 * Makes the calls, all through `syscall(2)`: there is no other function of the C library for them, `libkeyutils` need not be
 * installed, and to look one function up takes a tenth of the time that ten take.
 *
 * @param native the C library
 * @param architecture the processor, as `process.arch` has it
 * @returns the calls, or `undefined` for a processor whose numbers are not known here
 * @see https://man7.org/linux/man-pages/man7/keyrings.7.html
 */
export function openKeyCalls(native: Native, architecture: string): KeyCalls | undefined {
  const numbers = NUMBERS[architecture];
  if (numbers === undefined) return undefined;
  const block = new Uint8Array(DATA + LARGEST + 1);
  const start = native.address(block);
  const { syscall } = native.load({ syscall: "llllll:l" });
  const errno = errnoReader(native);
  const put = (at: number, bytes: Uint8Array<ArrayBuffer>): bigint => {
    block.set(bytes, at);
    block[at + bytes.length] = 0;
    return start + BigInt(at);
  };
  const text = (at: number, value: string): bigint => put(at, new TextEncoder().encode(value));
  const call = (number: number, values: readonly (number | bigint)[]): number => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = values;
    const result = Number(syscall(number, a, b, c, d, e));
    if (result >= 0) return result;
    const code = errno();
    throw failure(CODES[code] ?? `errno ${code}`, `system call ${number}`);
  };
  const plain = (operation: number) => (key: number, value = 0): void =>
    void call(numbers.keyctl, [operation, key, value]);
  const fill = (operation: number, key: number): Uint8Array<ArrayBuffer> => {
    const length = call(numbers.keyctl, [operation, key, start + BigInt(DATA), LARGEST]);
    // A keyring that is longer than the room for it says how long it is, and is not read.
    if (length > LARGEST) throw failure("EINVAL", "longer than there is room");
    return block.slice(DATA, DATA + length);
  };
  return {
    add: (name, payload, ring) => {
      if (payload.length > LARGEST) throw failure("EINVAL", "too long");
      const key = [text(TYPE, "user"), text(NAME, name), put(DATA, payload), payload.length, ring];
      return call(numbers.addKey, key);
    },
    setTimeout: plain(SET_TIMEOUT),
    setPermissions: plain(SETPERM),
    link: plain(LINK),
    search: (ring, name) => call(numbers.keyctl, [SEARCH, ring, text(TYPE, "user"), text(NAME, name)]),
    describe: (key) => new TextDecoder().decode(fill(DESCRIBE, key)).replace(/\0$/, ""),
    read: (key) => fill(READ, key),
    invalidate: plain(INVALIDATE),
    uid: () => call(numbers.getEuid, []),
    bootMs: () => {
      call(numbers.getTime, [BOOT_CLOCK, start + BigInt(DATA)]);
      const view = new DataView(block.buffer, DATA);
      return Number(view.getBigInt64(0, true)) * 1000 + Math.floor(Number(view.getBigInt64(8, true)) / 1e6);
    },
  };
}
