import assert from "node:assert/strict";
import { test } from "node:test";
import { findExamples, moduleOf } from "../../../../scripts/tests/doc_examples.ts";

test("findExamples() finds the examples of doc comments and no other block", () => {
  const text = [
    "/**",
    " * Says a.",
    " *",
    " * ```sh",
    " * $ not this",
    " * ```",
    " * @example",
    " * ```ts",
    " * if (a) {",
    " *   b();",
    " * }",
    " * ```",
    " */",
    "export const a = `",
    "```ts",
    "nor this",
    "```",
    "`;",
    "  /** ```ts ignore",
    "   * nor this",
    "   * ```",
    "   */",
  ].join("\n");
  assert.deepEqual(findExamples(text, "a.ts"), [{ line: 9, code: "if (a) {\n  b();\n}" }]);
});

test("moduleOf() leads relative imports to where the example stands", () => {
  const code =
    'import { a } from "./a.ts";\nimport b from "node:b";\nconst c = await import("../c.ts");\nimport "./d.ts";';
  assert.equal(
    moduleOf(code, "file:///project/src/core/x.ts"),
    'import { a } from "file:///project/src/core/a.ts";\nimport b from "node:b";\n' +
      'const c = await import("file:///project/src/c.ts");\nimport "file:///project/src/core/d.ts";',
  );
});
