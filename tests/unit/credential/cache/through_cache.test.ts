import assert from "node:assert/strict";
import { test } from "node:test";
import { obtainThroughCache } from "../../../../src/credential/cache/through_cache.ts";
import { cachedWorld, PRINCIPAL } from "../../../support/cached_world.ts";

test("obtainThroughCache() takes what is kept, and asks nobody", async () => {
  const { settings, asked, world: { host, log } } = cachedWorld();
  const { credential, version } = await obtainThroughCache(settings, { host, log });
  assert.deepEqual([credential.kind === "bearer" && credential.token.reveal(), version, asked], ["kept", "1", []]);
});

test("obtainThroughCache() goes on as without a cache where the kernel refuses, and says so in a debug line alone", async () => {
  for (const code of ["EPERM", "ENOSYS", "EDQUOT"]) {
    const { settings, keyring, lines, world: { host, log } } = cachedWorld();
    keyring.refusal.code = code;
    await assert.rejects(obtainThroughCache(settings, { host, log }), { code: "network-dns" });
    assert.match(
      lines.filter((line) => line.includes("keyring")).join("\n"),
      new RegExp(`^.*debug: keyring: .*${code}`),
    );
  }
});

test("obtainThroughCache() never takes what is kept for whoever is signed in with a developer tool", async () => {
  const { settings, keyring, world: { host, log } } = cachedWorld({
    ...PRINCIPAL,
    AZURE_CLIENT_SECRET: "",
    AZURE_TOKEN_CREDENTIALS: "AzureCliCredential",
  });
  assert.equal(keyring.keys.size, 1);
  await assert.rejects(obtainThroughCache(settings, { host, log }), { code: "developer-tool-missing" });
});
