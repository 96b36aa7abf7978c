/** An array of strings as `execve(2)` takes it. */
export interface Vector {
  /** The strings, each with its NUL byte, then the array of their addresses, which ends with 0; the first string is at 0. */
  readonly block: Uint8Array<ArrayBuffer>;
  /** The array of addresses. */
  readonly pointers: Uint8Array<ArrayBuffer>;
  /** Where the array of addresses lies. */
  readonly at: bigint;
}

// No engine keeps a block of this size on a heap whose objects move.
const LEAST = 8192;

/**
 * Lays strings out in one block of memory, so that no string needs an address of its own: an empty one has none, and would
 * end the array.
 *
 * @param strings the strings in bytes, without NUL
 * @param address says where a block lies
 * @returns the vector
 * @throws {TypeError} where a string holds a NUL byte
 */
export function layOut(
  strings: readonly Uint8Array<ArrayBuffer>[],
  address: (block: Uint8Array<ArrayBuffer>) => bigint,
): Vector {
  if (strings.some((string) => string.includes(0))) throw new TypeError("a string holds a NUL byte");
  const start = (strings.reduce((sum, string) => sum + string.length + 1, 0) + 7) & ~7;
  const block = new Uint8Array(Math.max(LEAST, start + 8 * (strings.length + 1)));
  const base = address(block);
  const view = new DataView(block.buffer);
  let at = 0;
  strings.forEach((string, index) => {
    block.set(string, at);
    view.setBigUint64(start + 8 * index, base + BigInt(at), true);
    at += string.length + 1;
  });
  return { block, pointers: block.subarray(start), at: base + BigInt(start) };
}
