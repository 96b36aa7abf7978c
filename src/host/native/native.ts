import { openDeno } from "./native_deno.ts";
import { openBun } from "./native_bun.ts";

/**
 * A function of the C library. A `p` takes bytes by their address, `a` an unsigned 64-bit number, `i` a signed 32-bit one;
 * a result of `a` or `l` (signed 64-bit) is a `bigint`, of `i` a `number`.
 */
export type NativeFunction = (...values: readonly (Uint8Array<ArrayBuffer> | bigint | number)[]) => bigint | number;

/** The C library of the system, called without leaving the main thread. */
export interface Native {
  /**
   * Looks functions up; each takes a moment, so a caller asks for what it uses and no more.
   * Throws the runtime's own error where the library or a function is missing.
   */
  readonly load: <const K extends string>(
    signatures: Readonly<Record<K, string>>,
    library?: string,
  ) => Readonly<Record<K, NativeFunction>>;
  /** Where bytes lie. Only right for as long as they stay referenced, and only for 8 KiB and more: smaller ones may move. */
  readonly address: (bytes: Uint8Array<ArrayBuffer>) => bigint;
  /** Whether the system is macOS, whose constants differ. */
  readonly darwin: boolean;
}

/** Text as the C library takes it. */
export const cString = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(`${text}\0`);

/** The unsigned 64-bit number that eight bytes hold. */
export const word = (bytes: Uint8Array<ArrayBuffer>): bigint =>
  new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);

/**
 * Opens the C library. musl's loader knows `libc.so.6` as itself, and `libc.so` may be a linker script.
 *
 * @param runtime which runtime's foreign function interface there is
 * @param platform the system
 * @returns the library, or `undefined` where commands have to be spawned (Windows, an unknown system)
 */
export function openNative(runtime: "deno" | "bun", platform: string): Native | undefined {
  if (platform !== "linux" && platform !== "darwin") return undefined;
  const darwin = platform === "darwin";
  const libc = darwin ? "/usr/lib/libSystem.B.dylib" : "libc.so.6";
  const native = runtime === "bun" ? openBun(libc, darwin) : openDeno(libc, darwin);
  return native === undefined ? undefined : remember(native);
}

/**
 * Looks each function up once.
 *
 * @param native a library
 * @returns the same library; what was asked for before costs nothing
 */
export function remember(native: Native): Native {
  const known = new Map<string, NativeFunction>();
  return {
    ...native,
    load: <const K extends string>(signatures: Readonly<Record<K, string>>, library?: string) => {
      const keyOf = (name: string, signature: string): string => `${library ?? ""} ${name} ${signature}`;
      const wanted = Object.entries<string>(signatures);
      const missing = wanted.filter(([name, signature]) => !known.has(keyOf(name, signature)));
      const found: Readonly<Record<string, NativeFunction>> = missing.length === 0
        ? {}
        : native.load(Object.fromEntries(missing), library);
      for (const [name, signature] of missing) {
        const loaded = found[name];
        if (loaded !== undefined) known.set(keyOf(name, signature), loaded);
      }
      const all = wanted.map(([name, signature]) => [name, known.get(keyOf(name, signature))]);
      return Object.fromEntries(all) as Readonly<Record<K, NativeFunction>>;
    },
  };
}

/**
 * The signature of `fcntl(2)` with one argument. Apple's arm64 puts variadic arguments on the stack: six that are not used fill the
 * registers.
 *
 * @param native the library
 * @returns the signature, and a call of it: descriptor, command, argument
 */
export function loadFcntl(native: Native): (fd: number, command: number, argument?: bigint) => number {
  if (!native.darwin) {
    const { fcntl } = native.load({ fcntl: "iia:i" });
    return (fd, command, argument = 0n) => Number(fcntl(fd, command, argument));
  }
  const { fcntl } = native.load({ fcntl: "iiaaaaaaa:i" });
  return (fd, command, argument = 0n) => Number(fcntl(fd, command, argument, 0n, 0n, 0n, 0n, 0n, argument));
}
