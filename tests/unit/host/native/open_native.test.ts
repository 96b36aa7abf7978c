import assert from "node:assert/strict";
import { test } from "node:test";
import { openNative, remember } from "../../../../src/host/native/open_native.ts";
import { fakeNative } from "../../../support/native.ts";

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

test("openNative() has no library where processes cannot be replaced", () => {
  assert.deepEqual([openNative("deno", "win32"), openNative("bun", "freebsd")], [undefined, undefined]);
});
