import { test } from "node:test";
import assert from "node:assert/strict";
import { systemd } from "../../../../src/shell/formats/systemd.ts";
import { changesOf, NOWHERE } from "../../../support/values.ts";

test("systemd quotes a value and escapes four characters", () => {
  assert.equal(
    systemd.print(changesOf({ T: "a\\b\"c$d`e'f\n#" }, ["A"]), NOWHERE),
    'T="a\\\\b\\"c\\$d\\`e\'f\n#"\n',
  );
});

test("systemd refuses a noncharacter, for which it would drop the variable", () => {
  assert.throws(() => systemd.print(changesOf({ T: "a\u{1fffe}" }), NOWHERE), {
    code: "format-cannot-hold",
    message: 'Cannot print "T" in format "systemd": the value holds a Unicode noncharacter',
  });
});

test("systemd cannot unset, and prints nothing on failure", () => {
  assert.deepEqual([systemd.unset, systemd.failure], [undefined, ""]);
});
