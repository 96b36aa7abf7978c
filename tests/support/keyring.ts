import type { Keyring } from "../../src/core/keyring.ts";

/** A keyring in memory, whose clock and refusals a test sets. */
export interface FakeKeyring extends Keyring {
  readonly keys: Map<string, { readonly bytes: Uint8Array<ArrayBuffer>; readonly seconds: number }>;
  readonly clock: { bootMs: number };
  /** The code that every call is refused with. */
  readonly refusal: { code: string | undefined };
}

/**
 * Makes a keyring in memory.
 *
 * @param uid the user
 * @returns the keyring; nothing in it ends by itself
 */
export function fakeKeyring(uid = 1000): FakeKeyring {
  const keys: FakeKeyring["keys"] = new Map();
  const clock = { bootMs: 100_000 };
  const refusal: FakeKeyring["refusal"] = { code: undefined };
  const check = (): void => {
    if (refusal.code !== undefined) throw Object.assign(new Error(refusal.code), { code: refusal.code });
  };
  return {
    keys,
    clock,
    refusal,
    find: (name) => {
      check();
      return keys.get(name)?.bytes;
    },
    keep: ({ name, bytes }, seconds) => {
      check();
      keys.set(name, { bytes, seconds });
    },
    list: (prefix) => {
      check();
      return [...keys].filter(([name]) => name.startsWith(prefix)).map(([name, { bytes }]) => ({ name, bytes }));
    },
    forget: (name) => {
      check();
      return keys.delete(name);
    },
    bootMs: () => clock.bootMs,
    bootId: "boot-1",
    uid,
  };
}
