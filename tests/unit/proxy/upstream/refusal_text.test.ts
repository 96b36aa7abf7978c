import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { test } from "node:test";
import { isPermissionDenied } from "../../../../src/proxy/upstream/refusal_text.ts";
import { makeSource } from "../../../../src/proxy/http1/source.ts";
import { answerHead, bytesOf, fields, textOf } from "../../../support/heads.ts";

async function look(body: Uint8Array, encoding?: string): Promise<readonly [boolean, string]> {
  const parts = [body.slice(0, 3), body.slice(3)];
  const source = makeSource({ read: () => Promise.resolve(parts.shift() ?? null) }, () => {});
  const head = answerHead({
    status: 403,
    fields: encoding === undefined ? [] : fields(["Content-Encoding", encoding]),
  });
  const own = await isPermissionDenied(head, { framing: { kind: "length", bytes: body.length }, source });
  return [own, textOf(source.takeReady() ?? new Uint8Array())];
}

test("isPermissionDenied() knows MLflow's three texts, and puts the body back", async () => {
  const texts = [
    "Permission denied",
    "Invalid Host header - possible DNS rebinding attack detected",
    "Cross-origin request blocked",
  ];
  for (const text of texts) assert.deepEqual(await look(bytesOf(text)), [true, text]);
});

test("isPermissionDenied() knows them compressed too", async () => {
  const body = new Uint8Array(gzipSync("Permission denied"));
  assert.deepEqual(await look(body, "gzip"), [true, textOf(body)]);
});

test("isPermissionDenied() takes nothing else for one of them", async () => {
  const others = [
    "",
    "<html>403 Forbidden</html>",
    '{"error_code":"PERMISSION_DENIED"}',
    "x Permission denied",
    "Invalid Hostname",
  ];
  for (const text of others) assert.deepEqual(await look(bytesOf(text)), [false, text]);
  assert.equal((await look(bytesOf("no gzip at all"), "gzip"))[0], false);
  assert.equal((await look(bytesOf(`Permission denied${" ".repeat(70_000)}`)))[0], false);
});
