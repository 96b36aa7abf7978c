import { test } from "node:test";
import assert from "node:assert/strict";
import { kubernetes } from "../../../../src/shell/formats/kubernetes.ts";
import { changesOf, NOWHERE } from "../../../support/values.ts";

test("kubernetes prints a Secret with the values in base64", () => {
  assert.equal(
    kubernetes.print(changesOf({ U: "me", P: "é\n" }, ["A"]), NOWHERE),
    '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"mlflow-auth"},"type":"Opaque","data":{"U":"bWU=","P":"w6kK"}}\n',
  );
});

test("kubernetes refuses values that together are beyond 1 MiB, and names the largest", () => {
  const half = 524_288;
  assert.throws(() => kubernetes.print(changesOf({ U: "u".repeat(half), P: "p".repeat(half + 1) }), NOWHERE), {
    code: "format-cannot-hold",
    message: 'Cannot print "P" in format "kubernetes": the Secret would be larger than 1 MiB',
  });
});

test("kubernetes cannot unset, and prints nothing on failure", () => {
  assert.deepEqual([kubernetes.unset, kubernetes.failure], [undefined, ""]);
});
