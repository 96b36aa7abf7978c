import type { Platform } from "./platforms.ts";

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "arm64" };

/** The newest symbol version of glibc that a program names. */
function glibcMinor(program: Uint8Array): number {
  const text = new TextDecoder("latin1").decode(program);
  const minors = [...text.matchAll(/GLIBC_2\.(\d{1,3})/g)].map(([, minor]) => Number(minor));
  if (minors.length === 0) throw new RangeError("Cannot tag a Linux program: it names no symbol of glibc");
  return Math.max(...minors);
}

const MACHO_64 = 0xfeedfacf;
const LC_VERSION_MIN_MACOSX = 0x24;
const LC_BUILD_VERSION = 0x32;

/** The oldest macOS that a program runs on, from its load commands (`mach-o/loader.h`). */
function macosMinimum(program: Uint8Array): readonly [major: number, minor: number] {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  if (view.getUint32(0, true) !== MACHO_64) throw new RangeError("Cannot tag a macOS program: it is not Mach-O");
  const count = view.getUint32(16, true);
  let at = 32;
  for (let index = 0; index < count; index++) {
    const command = view.getUint32(at, true);
    if (command === LC_BUILD_VERSION || command === LC_VERSION_MIN_MACOSX) {
      const version = view.getUint32(at + (command === LC_BUILD_VERSION ? 12 : 8), true);
      return [version >>> 16, (version >>> 8) & 0xff];
    }
    at += view.getUint32(at + 4, true);
  }
  throw new RangeError("Cannot tag a macOS program: it does not say which macOS it needs");
}

/**
 * The platform tag of a wheel, read from the program that it carries: an installer then refuses a system that is too old.
 * https://packaging.python.org/specifications/platform-compatibility-tags/
 *
 * @param platform the program's target
 * @param program its bytes
 * @returns such as `manylinux_2_27_x86_64`
 * @throws RangeError where the bytes are no program of that target
 *
 * @example
 * ```ts
 * import { platformTag } from "./platform_tag.ts";
 * import assert from "node:assert/strict";
 *
 * const program = new TextEncoder().encode("GLIBC_2.9 GLIBC_2.27 GLIBC_2.3");
 * assert.equal(platformTag({ os: "linux", cpus: ["x64"] }, program), "manylinux_2_27_x86_64");
 * ```
 */
export function platformTag({ os, cpus, libc }: Pick<Platform, "os" | "cpus" | "libc">, program: Uint8Array): string {
  const arch = ARCHITECTURES[cpus[0] ?? ""] ?? "";
  if (os === "win32") return "win_amd64";
  // What musl's versions promise each other, no program says: 1.2 is the line of all that is kept up.
  if (libc === "musl") return `musllinux_1_2_${arch === "arm64" ? "aarch64" : arch}`;
  if (os === "linux") return `manylinux_2_${glibcMinor(program)}_${arch === "arm64" ? "aarch64" : arch}`;
  const [major, minor] = macosMinimum(program);
  // From macOS 11 on, tags have no minor version.
  return `macosx_${major}_${major >= 11 ? 0 : minor}_${arch}`;
}
