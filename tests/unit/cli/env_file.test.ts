import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvFile } from "../../../src/cli/env_file.ts";
import { fakeHost } from "../../support/host.ts";

test("readEnvFile() takes quotes, comments and a byte-order mark as .env files have them, and expands nothing", async () => {
  const text = "\uFEFFA=plain # note\nexport B='$x #y'\nC=\"two\\nlines\"\n\n# D=no\nE=\nA=last\n";
  const { variables } = await readEnvFile("x.env", fakeHost({ files: { "x.env": text } }));
  assert.deepEqual(variables, { A: "last", B: "$x #y", C: "two\nlines", E: "" });
});

test("readEnvFile() says why a file cannot be read", async () => {
  const failing = (code: string) => ({ readText: () => Promise.reject(Object.assign(new Error("x"), { code })) });
  const messages = await Promise.all(
    ["ENOENT", "EACCES", "EISDIR", "EIO"].map((code) =>
      readEnvFile("x.env", failing(code)).then(() => "", (error: Error) => error.message)
    ),
  );
  assert.deepEqual(messages, [
    'Cannot read settings from "x.env": no such file',
    'Cannot read settings from "x.env": permission denied',
    'Cannot read settings from "x.env": it is a folder',
    'Cannot read settings from "x.env": EIO',
  ]);
});
