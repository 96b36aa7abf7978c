import { cString, type Native, type NativeFunction } from "./native.ts";

const KINDS = { p: "buffer", a: "u64", i: "i32", l: "i64" } as const;

function kind(letter: string): "buffer" | "u64" | "i32" | "i64" {
  const known = Object.entries(KINDS).find(([own]) => own === letter)?.[1];
  if (known === undefined) throw new TypeError(`no such kind of argument: ${letter}`);
  return known;
}

interface Definition {
  readonly parameters: readonly ("buffer" | "u64" | "i32" | "i64")[];
  readonly result: "buffer" | "u64" | "i32" | "i64";
}

function define(signature: string): Definition {
  const [taken = "", given = ""] = signature.split(":");
  return { parameters: [...taken].map(kind), result: kind(given) };
}

type Pointer = Deno.PointerValue<Definition>;

/** `dlsym(3)`, for what the program has loaded already. */
function openDlsym(libc: string, darwin: boolean): (name: string) => Pointer {
  const definition = { dlsym: { parameters: ["u64", "buffer"], result: "pointer" } } as const;
  const everywhere = darwin ? 0xfffffffffffffffen : 0n;
  const lookUp = (library: string) => {
    const { dlsym } = Deno.dlopen(library, definition).symbols;
    return (name: string): Pointer => dlsym(everywhere, cString(name)) as Pointer;
  };
  try {
    return lookUp(libc);
  } catch {
    // glibc has it in the main library since 2.34.
    return lookUp("libdl.so.2");
  }
}

/**
 * Opens a library through Deno's foreign function interface.
 *
 * @param libc the C library's name
 * @param darwin whether the system is macOS
 * @returns the library
 */
export function openDeno(libc: string, darwin: boolean): Native {
  const dlsym = openDlsym(libc, darwin);
  return {
    darwin,
    address: (bytes) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)),
    load: <const K extends string>(signatures: Readonly<Record<K, string>>, library?: string) => {
      const found = Object.entries<string>(signatures).map(([name, signature]): [string, NativeFunction] => {
        const definition = define(signature);
        // `dlopen` makes machine code for each function, which takes six times as long.
        const pointer = library === undefined ? dlsym(name) : null;
        if (pointer === null) {
          return [name, Deno.dlopen(library ?? libc, { [name]: definition }).symbols[name] as NativeFunction];
        }
        const called = new Deno.UnsafeFnPointer(pointer, definition);
        return [name, (...values) => called.call(...values) as bigint | number];
      });
      return Object.fromEntries(found) as Readonly<Record<K, NativeFunction>>;
    },
  };
}
