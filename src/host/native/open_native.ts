import type { Native, NativeFunction } from "./native.ts";
import { openBun } from "./native_bun.ts";
import { openDeno } from "./native_deno.ts";

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
