import { test } from "node:test";
import assert from "node:assert/strict";
import { bytesOf, requireRoom } from "../../../src/shell/size.ts";

test("requireRoom() takes the limit itself, and names the value of most bytes beyond it", () => {
  const room = { format: "gitlab", limitBytes: 8, reason: "the file is full" };
  requireRoom([["U", "a"]], { ...room, sizeBytes: 8 });
  assert.throws(() => requireRoom([["U", "aaa"], ["P", "éé"]], { ...room, sizeBytes: 9 }), {
    code: "format-cannot-hold",
    message: 'Cannot print "P" in format "gitlab": the file is full',
    remedy: "mlflow-auth export --format json",
  });
});

test("bytesOf() counts bytes of UTF-8", () => {
  assert.deepEqual(["", "a", "é", "🔑"].map(bytesOf), [0, 1, 2, 4]);
});
