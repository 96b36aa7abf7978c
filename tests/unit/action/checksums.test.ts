import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { digestOf, readChecksums } from "../../../action/checksums.mjs";

const digest = "0123456789abcdef".repeat(4);
const file = "mlflow-auth-x86_64-unknown-linux-gnu.tar.gz";

test("readChecksums() reads the file that is committed", () => {
  const text = readFileSync(new URL("../../../action/sha256sums.json", import.meta.url), "utf8");
  assert.deepEqual(readChecksums(text), JSON.parse(text));
});

test("readChecksums() refuses what is no table of SHA-256", () => {
  const refused = (text: string, is: string) =>
    assert.throws(() => readChecksums(text), { message: `Cannot read "sha256sums.json": ${is}` });
  refused("{", "it is not JSON");
  refused("[]", "it is not an object");
  refused('{"1.0.0": 1}', '"1.0.0" is not an object');
  refused('{"1.0.0": {"a": "0123"}}', '"a" has no SHA-256');
});

test("digestOf() gives the digest of the version's file", () => {
  assert.equal(digestOf({ "1.0.0": { [file]: digest } }, { version: "1.0.0", archive: file }), digest);
});

test("digestOf() refuses a file that it cannot check", () => {
  const refused = {
    message: `Cannot install "${file}" of version "2.0.0": this revision of the action has no SHA-256 for it`,
  };
  assert.throws(() => digestOf({}, { version: "2.0.0", archive: file }), refused);
  assert.throws(() => digestOf({ "1.0.0": { [file]: digest } }, { version: "2.0.0", archive: file }), {
    ...refused,
    remedy: "use the action at the tag v2.0.0, or one of the versions that it knows: 1.0.0",
  });
  assert.throws(() => digestOf({ "2.0.0": { other: digest } }, { version: "2.0.0", archive: file }), refused);
  assert.throws(() => digestOf({}, { version: "toString", archive: "length" }), /no SHA-256/);
});
