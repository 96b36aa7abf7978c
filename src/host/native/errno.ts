import { type Native, word } from "./native.ts";

/**
 * Reads `errno`. Its address is found before it is needed: to look a function up changes it.
 *
 * @param native the C library
 * @returns reads the error number of the last call that failed; to be called before anything else is
 */
export function errnoReader(native: Native): () => number {
  const { memcpy } = native.load({ memcpy: "paa:a" });
  const at = native.darwin
    ? BigInt(native.load({ __error: ":a" }).__error())
    : BigInt(native.load({ __errno_location: ":a" }).__errno_location());
  return () => {
    const bytes = new Uint8Array(8);
    memcpy(bytes, at, 4n);
    return Number(word(bytes));
  };
}
