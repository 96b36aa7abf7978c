import { test } from "node:test";
import assert from "node:assert/strict";
import { docker } from "../../../../src/shell/formats/docker.ts";
import { changesOf, NOWHERE } from "../../../support/values.ts";

const print = (value: string): string => docker.print(changesOf({ T: value }, ["A"]), NOWHERE);

test("docker prints a value as it is", () => {
  assert.equal(print(" '\"$#\\é\ra "), "T= '\"$#\\é\ra \n");
});

test("docker refuses a newline, a final carriage return and a line beyond the reader's buffer", () => {
  const message = (reason: string) => ({
    code: "format-cannot-hold",
    message: `Cannot print "T" in format "docker": ${reason}`,
    remedy: "mlflow-auth export --format json",
  });
  assert.throws(() => print("a\nb"), message("the value holds a line break"));
  assert.throws(() => print("a\r"), message("the value ends in a carriage return"));
  assert.throws(() => print("é".repeat(32_767)), message("the line would be longer than 64 KiB"));
  assert.equal(print("é".repeat(32_766)).length, 32_766 + 3);
});

test("docker cannot unset, and prints nothing on failure", () => {
  assert.deepEqual([docker.unset, docker.failure], [undefined, ""]);
});
