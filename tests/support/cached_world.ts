import assert from "node:assert/strict";
import { makeLog } from "../../src/core/log.ts";
import { readSettings } from "../../src/core/settings/read_settings.ts";
import { Secret } from "../../src/core/secret.ts";
import { openCache } from "../../src/credential/cache/cache.ts";
import { fakeHost } from "./host.ts";
import { fakeKeyring } from "./keyring.ts";

/** Variables. */
export type Env = Readonly<Record<string, string>>;

/** Settings of a service principal, with the cache on. */
export const PRINCIPAL: Env = {
  MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net",
  MLFLOW_AZURE_SECRET_NAME: "mlflow",
  MLFLOW_AUTH_CACHE: "keyring",
  AZURE_TENANT_ID: "11111111-aaaa-4aaa-8aaa-111111111111",
  AZURE_CLIENT_ID: "22222222-aaaa-4aaa-8aaa-222222222222",
  AZURE_CLIENT_SECRET: "canary",
};

/**
 * A world in which a credential is kept; whatever asks Azure fails as a name that does not resolve.
 *
 * @param env the settings
 * @returns the settings, the keyring, what was asked and logged, and what to obtain a credential with
 */
export function cachedWorld(env: Env = PRINCIPAL) {
  const keyring = fakeKeyring();
  const { settings } = readSettings({ env });
  const asked: string[] = [];
  const lines: string[] = [];
  const host = fakeHost({
    env,
    keyring: () => Promise.resolve(keyring),
    fetch: ({ url }) => {
      asked.push(url);
      return Promise.reject(new TypeError("dns error: failed to lookup address"));
    },
  });
  const cache = openCache(settings, { host, keyring });
  cache.keep(
    cache.entryOf({
      credential: { kind: "bearer", token: new Secret("kept") },
      version: "1",
      expiresAtMs: undefined,
    }) ??
      assert.fail(),
  );
  const log = makeLog("DEBUG", (line) => lines.push(line));
  return { settings, keyring, cache, asked, lines, world: { host, log } };
}
