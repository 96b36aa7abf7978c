import assert from "node:assert/strict";
import { test } from "node:test";
import { errorCode, OPEN_FILES, tellsOpenFiles } from "../../../src/core/error_code.ts";

test("errorCode() gives the code of an error that has one", () => {
  const thrown = [Object.assign(new Error("x"), { code: "EACCES" }), new Error("x"), { code: 5 }, null, "ENOENT"];
  assert.deepEqual(thrown.map(errorCode), ["EACCES", undefined, undefined, undefined, undefined]);
});

test("tellsOpenFiles() knows the words of Deno, Bun and Node, and its own", () => {
  const told = [
    "Too many open files (os error 24): open 'a'",
    "EMFILE: Was there a typo in the url or port?",
    "EMFILE",
  ];
  assert.deepEqual([...told, OPEN_FILES.is, "ENFILE", "open files"].map(tellsOpenFiles), [
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});
