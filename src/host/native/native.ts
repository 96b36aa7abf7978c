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
