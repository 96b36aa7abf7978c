import type { Native, NativeFunction } from "./native.ts";

const KINDS = { p: "buffer", a: "u64", i: "i32", l: "i64" } as const;

function kind(letter: string): "buffer" | "u64" | "i32" | "i64" {
  const known = Object.entries(KINDS).find(([own]) => own === letter)?.[1];
  if (known === undefined) throw new TypeError(`no such kind of argument: ${letter}`);
  return known;
}

/**
 * Opens a library through Deno's foreign function interface.
 *
 * @param libc the C library's name
 * @param darwin whether the system is macOS
 * @returns the library
 */
export function openDeno(libc: string, darwin: boolean): Native {
  return {
    darwin,
    address: (bytes) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)),
    load: <const K extends string>(signatures: Readonly<Record<K, string>>, library = libc) => {
      const definitions = Object.fromEntries(
        Object.entries<string>(signatures).map(([name, signature]) => {
          const [taken = "", given = ""] = signature.split(":");
          return [name, { parameters: [...taken].map(kind), result: kind(given) }];
        }),
      );
      return Deno.dlopen(library, definitions).symbols as Readonly<Record<K, NativeFunction>>;
    },
  };
}
