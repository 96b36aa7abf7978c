import assert from "node:assert/strict";
import { test } from "node:test";
import { proxyFailed, readReply, writeReply } from "../../../../src/cli/proxied/reply.ts";
import { AuthError } from "../../../../src/core/errors.ts";

const failure = (line: string | undefined): AuthError | undefined => {
  const reply = readReply(line);
  return "error" in reply ? reply.error : undefined;
};

test("readReply() gives back an error with its code and remedy", () => {
  const error = new AuthError("vault-forbidden", { message: "Cannot read", remedy: "ask", cause: new Error("secret") });
  const line = writeReply({ error });
  assert.ok(!line.includes("secret"));
  const { code, message, remedy } = failure(line) ?? {};
  assert.deepEqual({ code, message, remedy }, { code: "vault-forbidden", message: "Cannot read", remedy: "ask" });
});

test("readReply() takes silence, and what is no reply, for a proxy that failed", () => {
  const codes = [undefined, "", "x", "[]", "null", '{"error":{"code":"none"}}'].map((line) => failure(line)?.code);
  assert.deepEqual([...new Set(codes)], ["proxy-failed"]);
});

test("proxyFailed() says what is so", () => {
  assert.equal(proxyFailed("it is late").message, 'Cannot start the proxy on "127.0.0.1": it is late');
});
