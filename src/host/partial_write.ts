import { errnoReader } from "./native/errno.ts";
import type { Start } from "./exec/start.ts";

const EINTR = 4;

/** Writes as many bytes as there is room for: their number, 0 where there is none, -1 where it fails. */
export type PartialWrite = (bytes: Uint8Array<ArrayBuffer>) => number;

/**
 * Makes a writer for a descriptor. Where it does not block, the runtime's own says nothing of the bytes that it has written before there
 * was no room; where it blocks, the module that writes takes longer to be read than all of `--help` to be made.
 *
 * @param start what the process was started with
 * @param fd the descriptor
 * @returns the writer, whose functions are looked up when it is first used, or `undefined` where the descriptor is closed
 */
export function partialWriter(
  { native, stdioFlags }: Pick<Start, "native" | "stdioFlags">,
  fd: number,
): PartialWrite | undefined {
  if ((stdioFlags[fd] ?? -1) < 0) return undefined;
  const again = native.darwin ? 35 : 11;
  return (bytes) => {
    const { write } = native.load({ write: "ipa:l" });
    const errno = errnoReader(native);
    const written = Number(BigInt.asIntN(64, BigInt(write(fd, bytes, BigInt(bytes.length)))));
    if (written >= 0) return written;
    const failed = errno();
    return failed === again || failed === EINTR ? 0 : -1;
  };
}
