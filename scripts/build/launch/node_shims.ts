/**
 * What runs of the program need of Node's modules before they need the modules: each takes milliseconds to be read, most of them to
 * start what no run uses. A shim has the few members that are asked for on the way; any other is the module's own, which is then read.
 *
 * @module
 */

/** Gives one of Node's modules, by its `node:` name. */
export type RealModule = (id: string) => unknown;

/** Members of a module, by their names. */
type Members = Readonly<Record<PropertyKey, unknown>>;

const memberOf = (module: unknown, name: PropertyKey): unknown => Reflect.get(Object(module), name);

/**
 * Stands for a module of which some members are known.
 *
 * @param known those members
 * @param read reads the module
 * @returns an object that has all members of the module
 */
function standFor(known: Members, read: () => unknown): unknown {
  return new Proxy(known, {
    get: (target, name) => name in target ? Reflect.get(target, name) : memberOf(read(), name),
    has: (target, name) => name in target || name in Object(read()),
  });
}

/** What is called, or made by `new`; its arguments are the module's business. */
type Called = ((...values: readonly unknown[]) => unknown) & (abstract new (...values: readonly unknown[]) => object);

/**
 * Stands for a function or a class of a module, which is read when it is called, extended and made, or asked for a member.
 *
 * @param read reads it
 * @param options members that are known, and what an instance of it must have: of anything else it is no question whether it is one
 * @returns the function
 */
function later(
  read: () => unknown,
  { known = {}, instancesHave }: { readonly known?: Members; readonly instancesHave?: string } = {},
): unknown {
  const found = (): Called => read() as Called;
  const stand = function (this: unknown, ...values: readonly unknown[]): unknown {
    if (new.target === undefined) return Reflect.apply(found(), this, values);
    // What extends it has its methods from here on.
    Object.setPrototypeOf(stand.prototype, found().prototype);
    return Reflect.construct(found(), values, new.target);
  };
  Object.defineProperty(stand, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      if (this !== stand && this !== outside) return Function.prototype[Symbol.hasInstance].call(this, value);
      if (instancesHave !== undefined && memberOf(value, instancesHave) === undefined) return false;
      return value instanceof found();
    },
  });
  const outside: unknown = new Proxy(stand, {
    get: (target, name) =>
      name in known ? known[name] : name in target ? Reflect.get(target, name) : memberOf(found(), name),
  });
  return outside;
}

/** Shims by the names of their modules. */
export type Shims = Readonly<Record<string, Members>>;

/** The control characters of bold, colours and the like. */
// deno-lint-ignore no-control-regex
const STYLE = /\x1b\[[\d;]*m/g;

/** The methods of an emitter of Node's that commander has a use for. */
class Emitter {
  readonly #listeners = new Map<string, readonly ((...values: readonly unknown[]) => void)[]>();

  on(event: string, listener: (...values: readonly unknown[]) => void): this {
    this.#listeners.set(event, [...this.#listeners.get(event) ?? [], listener]);
    return this;
  }

  emit(event: string, ...values: readonly unknown[]): boolean {
    const listeners = this.#listeners.get(event) ?? [];
    for (const listener of listeners) Reflect.apply(listener, this, values);
    return listeners.length > 0;
  }

  listenerCount(event: string): number {
    return this.#listeners.get(event)?.length ?? 0;
  }
}

/** A class of hashes with the methods of Node's. */
export type Hasher = new (algorithm: string) => object;

/**
 * Makes shims that web APIs are enough for, and what the runtime has besides.
 *
 * @param real gives Node's own modules
 * @param runtime the runtime's own class of hashes, where it has one
 * @returns the shims
 */
export function webShims(real: RealModule, { hasher }: { readonly hasher?: Hasher } = {}): Shims {
  const of = (id: string, name: string) => () => memberOf(real(id), name);
  const hashBy = (own: Hasher) => (algorithm: string, ...options: readonly unknown[]): unknown =>
    algorithm === "sha256" && options.length === 0
      ? new own(algorithm)
      : Reflect.apply(of("node:crypto", "createHash")() as Called, undefined, [algorithm, ...options]);
  return {
    "node:crypto": {
      randomUUID: () => crypto.randomUUID(),
      ...(hasher === undefined ? {} : { createHash: hashBy(hasher) }),
    },
    "node:events": { EventEmitter: Emitter },
    "node:stream": {
      Readable: later(of("node:stream", "Readable"), { instancesHave: "pipe" }),
      Transform: later(of("node:stream", "Transform"), { instancesHave: "pipe" }),
    },
    "node:util": {
      stripVTControlCharacters: (text: string) => {
        const plain = text.replaceAll(STYLE, "");
        return plain.includes("\x1b") || plain.includes("\x9b")
          ? Reflect.apply(of("node:util", "stripVTControlCharacters")() as Called, undefined, [text])
          : plain;
      },
      inspect: later(of("node:util", "inspect"), { known: { custom: Symbol.for("nodejs.util.inspect.custom") } }),
    },
  };
}

/**
 * Makes the `require` of scripts.
 *
 * @param parts gives what is no module of Node's
 * @param modules Node's own modules, and shims for them
 * @returns a module by its name; of a shim each time the same
 *
 * @example
 * ```ts
 * import { makeRequire } from "./node_shims.ts";
 * import assert from "node:assert/strict";
 *
 * const read: string[] = [];
 * const real = (id: string) => {
 *   read.push(id);
 *   return { sep: "/", join: () => "a/b" };
 * };
 * const require = makeRequire((id) => id, { real, shims: { "node:path": { sep: "/" } } });
 * const path = require("node:path") as { readonly sep: string; readonly join: () => string };
 * assert.deepEqual([path.sep, read], ["/", []]);
 * assert.deepEqual([path.join(), read], ["a/b", ["node:path"]]);
 * assert.equal(require("./program.js"), "./program.js");
 * ```
 */
export function makeRequire(
  parts: (id: string) => unknown,
  { real, shims }: { readonly real: RealModule; readonly shims: Shims },
): (id: string) => unknown {
  const made = new Map<string, unknown>();
  return (id) => {
    if (!id.startsWith("node:")) return parts(id);
    const known = made.get(id);
    if (known !== undefined) return known;
    const shim = shims[id];
    let read: unknown;
    const module = shim === undefined ? real(id) : standFor(shim, () => read ??= real(id));
    made.set(id, module);
    return module;
  };
}
