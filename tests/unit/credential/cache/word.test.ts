import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../../src/core/errors.ts";
import { decodeWord, encodeWord, lasts } from "../../../../src/credential/cache/word.ts";
import { cachedWorld } from "../../../support/cached_world.ts";

const details = { message: 'Cannot read "a": b', remedy: "do c" };

test("decodeWord() hears what encodeWord() said", () => {
  const { cache } = cachedWorld();
  const entry = cache.find() ?? assert.fail();
  const said = decodeWord(encodeWord({ is: "entry", entry }, cache), cache);
  assert.equal(said?.is === "entry" && said.entry.version, "1");
  const error = new AuthError("vault-forbidden", details);
  const failed = decodeWord(encodeWord({ is: "failure", error }, cache), cache);
  assert.ok(failed?.is === "failure");
  const { code, message, remedy } = failed.error;
  assert.deepEqual({ code, message, remedy }, { code: "vault-forbidden", ...details });
  assert.deepEqual(decodeWord(encodeWord({ is: "alone" }, cache), cache), { is: "alone" });
});

test("decodeWord() hears nothing that is not this program's", () => {
  const { cache } = cachedWorld();
  const texts = ["", "x", "e", "e{}", "f", "f{}", 'f{"code":"no-such","message":"a","remedy":"b"}', "fnull"];
  assert.deepEqual(texts.map((text) => decodeWord(new TextEncoder().encode(text), cache)), texts.map(() => undefined));
});

test("lasts() is true of what asking again does not end", () => {
  const of = (code: ConstructorParameters<typeof AuthError>[0]) => lasts(new AuthError(code, details));
  assert.deepEqual(
    (["vault-forbidden", "secret-not-found", "entra-secret-wrong", "credential-invalid"] as const).map(of),
    [true, true, true, true],
  );
  const passing = ["vault-throttled", "entra-throttled", "managed-identity-busy", "deadline", "network-reset"] as const;
  assert.deepEqual(passing.map(of), passing.map(() => false));
  assert.equal(lasts(new Error("no")), false);
});
