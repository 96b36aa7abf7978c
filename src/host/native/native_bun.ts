import process from "node:process";
import type { Native, NativeFunction } from "./native.ts";

/** What is used of `bun:ffi`. */
interface BunFfi {
  readonly dlopen: (
    library: string,
    symbols: Readonly<Record<string, { readonly args: readonly string[]; readonly returns: string }>>,
  ) => { readonly symbols: Readonly<Record<string, NativeFunction>> };
  readonly ptr: (bytes: Uint8Array) => number;
}

const KINDS: Readonly<Record<string, string>> = { p: "ptr", a: "u64", i: "i32", l: "i64" };

/**
 * Opens a library through Bun's foreign function interface.
 *
 * @param libc the C library's name
 * @param darwin whether the system is macOS
 * @returns the library, or `undefined` where this build of Bun has no such interface
 */
export function openBun(libc: string, darwin: boolean): Native | undefined {
  // Not an import: Deno's checker and bundler know no `bun:` module.
  const ffi = process.getBuiltinModule("bun:ffi") as BunFfi | undefined;
  if (ffi === undefined) return undefined;
  return {
    darwin,
    address: (bytes) => BigInt(ffi.ptr(bytes)),
    load: <const K extends string>(signatures: Readonly<Record<K, string>>, library = libc) => {
      const definitions = Object.fromEntries(
        Object.entries<string>(signatures).map(([name, signature]) => {
          const [taken = "", given = ""] = signature.split(":");
          return [name, { args: [...taken].map((letter) => KINDS[letter] ?? ""), returns: KINDS[given] ?? "" }];
        }),
      );
      return ffi.dlopen(library, definitions).symbols as Readonly<Record<K, NativeFunction>>;
    },
  };
}
