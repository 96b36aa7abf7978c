import assert from "node:assert/strict";
import { test } from "node:test";
import { fileExists } from "../../../src/azure/file_exists.ts";

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

test("fileExists() asks POSIX for the file's name with a slash behind it", async () => {
  const asked: string[] = [];
  const readText = (path: string) => {
    asked.push(path);
    return failing("ENOTDIR")();
  };
  assert.equal(await fileExists("/usr/bin/az", { readText, platform: "linux" }), true);
  assert.deepEqual(asked, ["/usr/bin/az/"]);
});

test("fileExists() takes a missing file and a folder for no file", async () => {
  for (const code of ["ENOENT", "EISDIR", "EACCES"]) {
    assert.equal(await fileExists("/usr/bin/az", { readText: failing(code), platform: "linux" }), false, code);
  }
});

test("fileExists() reads the file on Windows", async () => {
  assert.equal(await fileExists("C:\\az.cmd", { readText: () => Promise.resolve("@echo"), platform: "windows" }), true);
  assert.equal(await fileExists("C:\\az.cmd", { readText: failing("ENOENT"), platform: "windows" }), false);
});
