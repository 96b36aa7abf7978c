import assert from "node:assert/strict";
import { test } from "node:test";
import { loadFcntl, type Native, openNative, remember, word } from "../../../../src/host/native/native.ts";

/** A library whose functions give their own names' lengths, and the names that were looked up. */
function fakeNative(
  darwin = false,
): { readonly native: Native; readonly asked: string[]; readonly calls: unknown[][] } {
  const asked: string[] = [];
  const calls: unknown[][] = [];
  const load: Native["load"] = (signatures, library = "") => {
    const made = Object.entries<string>(signatures).map(([name, signature]) => {
      asked.push(`${library}${name} ${signature}`);
      return [name, (...values: readonly unknown[]) => (calls.push([...values]), name.length)];
    });
    return Object.fromEntries(made) as ReturnType<Native["load"]>;
  };
  return { native: { load, address: () => 0n, darwin }, asked, calls };
}

test("remember() looks each function up once, and again under another signature or library", () => {
  const { native, asked } = fakeNative();
  const library = remember(native);
  const first = library.load({ read: "ipa:l", close: "i:i" });
  const second = library.load({ close: "i:i", open: "pi:i" });
  library.load({ close: "a:i" });
  library.load({ close: "i:i" }, "other ");
  assert.deepEqual(
    { asked, values: [first.read(), first.close(), second.close(), second.open()] },
    { asked: ["read ipa:l", "close i:i", "open pi:i", "close a:i", "other close i:i"], values: [4, 5, 5, 4] },
  );
});

test("loadFcntl() puts the argument where Apple's processors look for variadic ones", () => {
  const linux = fakeNative();
  loadFcntl(linux.native)(1, 4, 7n);
  const apple = fakeNative(true);
  loadFcntl(apple.native)(1, 4, 7n);
  assert.deepEqual([linux.calls, apple.calls], [[[1, 4, 7n]], [[1, 4, 7n, 0n, 0n, 0n, 0n, 0n, 7n]]]);
});

test("word() reads eight bytes, the lowest first", () => {
  assert.equal(word(new Uint8Array([1, 2, 0, 0, 0, 0, 0, 128])), 0x8000000000000201n);
});

test("openNative() has no library where processes cannot be replaced", () => {
  assert.deepEqual([openNative("deno", "win32"), openNative("bun", "freebsd")], [undefined, undefined]);
});
