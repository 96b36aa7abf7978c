import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal, replyBytes } from "../../../../src/proxy/client/reply.ts";
import { textOf } from "../../../support/heads.ts";

test("replyBytes() writes an answer whole, and to HEAD without its body", () => {
  const reply = refusal(503, "Cannot do it: not now", { fields: [["Retry-After", "0"]] });
  const body = '{"error_code":"TEMPORARILY_UNAVAILABLE","message":"mlflow-auth: Cannot do it: not now"}\n';
  const head = [
    ...["HTTP/1.1 503 Service Unavailable", "Content-Type: application/json", `Content-Length: ${body.length}`],
    ...["Cache-Control: no-store", "Retry-After: 0", "Connection: close", "", ""],
  ].join("\r\n");
  assert.equal(textOf(replyBytes(reply, { head: false, keep: false })), head + body);
  assert.equal(textOf(replyBytes(reply, { head: true, keep: true })), head.replace("close", "keep-alive"));
});
