const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Runtimes differ in how many U+FFFD they write for one broken sequence. */
const shape = (text: string): string => text.replace(/\uFFFD+/g, "\uFFFD");

/** Whether an argument may have lost bytes when the runtime decoded it. */
export const mayBeDamaged = (argv: readonly string[]): boolean => argv.some((argument) => argument.includes("\uFFFD"));

/**
 * Gives the arguments as the caller wrote them, byte for byte.
 *
 * @param argv the command and its arguments, as the runtime decoded them
 * @param commandLine this process' own arguments in bytes, where they are known; the command's are the last of them
 * @returns the arguments; those that do not fit `commandLine` are encoded as UTF-8
 *
 * @example
 * ```ts
 * import { argumentBytes } from "./argument_bytes.ts";
 * import assert from "node:assert/strict";
 *
 * const own = [new Uint8Array([0x78]), new Uint8Array([0xff])];
 * assert.deepEqual(argumentBytes(["\uFFFD"], own), [new Uint8Array([0xff])]);
 * ```
 */
export function argumentBytes(
  argv: readonly string[],
  commandLine: readonly Uint8Array<ArrayBuffer>[] = [],
): readonly Uint8Array<ArrayBuffer>[] {
  const own = argv.length <= commandLine.length ? commandLine.slice(commandLine.length - argv.length) : [];
  return argv.map((argument, at) => {
    const bytes = own[at];
    const same = bytes !== undefined && shape(decoder.decode(bytes)) === shape(argument);
    return same ? bytes : new TextEncoder().encode(argument);
  });
}
