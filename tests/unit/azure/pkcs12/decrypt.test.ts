import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { decrypted, pkcs12Key } from "../../../../src/azure/pkcs12/decrypt.ts";
import { nodeForge } from "../../../../src/azure/pkcs12/node_forge.ts";

const hex = (text: string): Uint8Array => Buffer.from(text, "hex");

// The vectors that Bouncy Castle and Go's x/crypto/pkcs12 hold themselves to.
const VECTORS = [
  ["smeg", "0a58cf64530d823f", 1, 1, 24, "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"],
  ["smeg", "0a58cf64530d823f", 1, 2, 8, "79993dfe048d3b76"],
  ["smeg", "3d83c0e4546ac140", 1, 3, 20, "8d967d88f6caa9d714800ab3d48051d63f73a312"],
  ["queeg", "05dec959acff72f7", 1000, 1, 24, "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4"],
] as const;

for (const [password, salt, iterations, purpose, length, key] of VECTORS) {
  test(`pkcs12Key() makes ${length} bytes for purpose ${purpose} in ${iterations} rounds`, () => {
    const made = pkcs12Key(password, { digest: "sha1", salt: hex(salt), iterations, purpose, length });
    assert.equal(Buffer.from(made).toString("hex"), key);
  });
}

test("pkcs12Key() tells no password from an empty one", () => {
  const options = { digest: "sha1", salt: hex("0a58cf64530d823f"), iterations: 1, purpose: 1, length: 8 } as const;
  assert.notDeepEqual(pkcs12Key(null, options), pkcs12Key("", options));
});

test("decrypted() refuses a cipher that it does not know", () => {
  const forge = nodeForge();
  const algorithm = forge.asn1.fromDer("\x30\x05\x06\x03\x2a\x03\x04", { strict: false, parseAllBytes: false });
  assert.throws(() => decrypted(algorithm, "", { forge, password: "" }), TypeError);
});
