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
  const failing = (code: string) => ({ readBytes: () => Promise.reject(Object.assign(new Error("x"), { code })) });
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

test("readEnvFile() says what becomes of ~ behind --env-file=", async () => {
  const remedy = await readEnvFile("~/x.env", fakeHost()).then(() => "", (error: { remedy: string }) => error.remedy);
  assert.equal(remedy, "write the whole path: no shell replaced ~");
});

const utf16 = (text: string, big = false): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  [...text].forEach((character, at) => view.setUint16(at * 2, character.charCodeAt(0), !big));
  return bytes;
};

/** Files as people have them, and what they set; words for a file that is refused. */
const FILES:
  readonly (readonly [what: string, bytes: Uint8Array<ArrayBuffer>, set: unknown, warnings?: readonly string[]])[] = [
    ["UTF-8 with a mark", new TextEncoder().encode("\uFEFFA=ü"), { A: "ü" }],
    ["UTF-16 as PowerShell writes it", utf16("\uFEFF$env:A = 'ü€'\r\n"), { A: "ü€" }],
    ["UTF-16 without a mark", utf16("A=1\n"), { A: "1" }],
    ["UTF-16 the other way round", utf16("\uFEFFA=1\n", true), { A: "1" }],
    ["a JSON object", new TextEncoder().encode(' {"A": "1", "B": 2, "C": true}'), { A: "1", B: "2", C: "true" }],
    ["a JSON list of App Service", new TextEncoder().encode('[{"name": "A", "slotSetting": false, "value": "1"}]'), {
      A: "1",
    }],
    ["JSON that is cut off", new TextEncoder().encode('{"A": "canary'), "it begins like JSON and is not valid"],
    ["nested JSON", new TextEncoder().encode('{"A": {"B": "canary"}}'), "it is JSON, but not an object of texts"],
    ["nothing", new Uint8Array(), {}, ["x.env sets no variable"]],
    ["notes alone", new TextEncoder().encode("# A=1\n"), {}, ["x.env sets no variable"]],
    ["a quote that nothing closes", new TextEncoder().encode('A=1\nB="two\nC=3'), { A: "1", B: '"two', C: "3" }, [
      "line 2 of x.env opens a quote that nothing closes",
    ]],
    ["a strange line", new TextEncoder().encode("A=1\nsource canary\n"), { A: "1" }, [
      "line 2 of x.env sets no variable",
    ]],
  ];

for (const [what, bytes, set, warnings = []] of FILES) {
  test(`readEnvFile() reads ${what}`, async () => {
    const read = readEnvFile("x.env", { readBytes: () => Promise.resolve(bytes) });
    if (typeof set === "string") {
      return await assert.rejects(read, {
        code: "env-file-unreadable",
        message: `Cannot read settings from "x.env": ${set}`,
      });
    }
    assert.deepEqual(await read, { path: "x.env", variables: set, warnings });
  });
}
