import assert from "node:assert/strict";
import { test } from "node:test";
import { keyFrom } from "../../../../src/cli/proxied/key_file.ts";
import type { OwnFile } from "../../../../src/core/host.ts";

const randomHex = () => "0123456789abcdef0123456789abcdef";
const from = (keepOwnFile: (path: string, text: string) => Promise<OwnFile>) =>
  keyFrom("/run/key", { randomHex, keepOwnFile });

test("keyFrom() makes a key for a file that is new", async () => {
  const made: string[] = [];
  const key = await from((path, text) => {
    made.push(path, text);
    return Promise.resolve({ text });
  });
  assert.deepEqual(made, ["/run/key", `${key.reveal()}\n`]);
});

test("keyFrom() refuses a file that is not fit, or holds something else", async () => {
  const refused = async (file: Promise<OwnFile>) =>
    await from(() => file).then(() => undefined, (error) => [error.code, error.message]);
  const says = (flaw: string) => ["key-file-unusable", `Cannot use the key file "/run/key": ${flaw}`];
  assert.deepEqual(
    await refused(Promise.resolve({ flaw: "its mode is 0644, not 0600" })),
    says("its mode is 0644, not 0600"),
  );
  assert.deepEqual(await refused(Promise.resolve({ text: "hunter2\n" })), says("it holds no key of a proxy"));
  const remedyOf = async (file: Promise<OwnFile>) => await from(() => file).then(() => "", ({ remedy }) => remedy);
  const missing = Promise.reject(Object.assign(new Error("x"), { code: "ENOENT" }));
  assert.equal(await remedyOf(missing), "mkdir -p /run, or name another --key-file");
  assert.equal(
    await remedyOf(Promise.resolve({ text: "hunter2\n" })),
    "remove it, so that the proxy makes its own, or name another --key-file",
  );
  const denied = Object.assign(new Error("x"), { code: "EACCES" });
  assert.deepEqual(await refused(Promise.reject(denied)), says("permission denied"));
});
