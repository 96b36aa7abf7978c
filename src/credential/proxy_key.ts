import { Buffer } from "node:buffer";
import type { Host } from "../core/host.ts";
import { Secret } from "../core/secret.ts";

/** By this a key of the proxy is told from a token of a tracking server. */
const PREFIX = "mlflow-auth-";

/**
 * Makes the key that opens one proxy.
 *
 * @param host where randomness comes from
 * @returns `mlflow-auth-` and 256 random bits in base64url
 *
 * @example
 * ```ts
 * import { isKey, makeKey } from "./proxy_key.ts";
 * import assert from "node:assert/strict";
 *
 * const key = makeKey({ randomHex: () => "00112233445566778899aabbccddeeff" });
 * assert.ok(isKey(key.reveal()));
 * ```
 */
export function makeKey(host: Pick<Host, "randomHex">): Secret {
  const bits = Buffer.from(host.randomHex() + host.randomHex(), "hex");
  return new Secret(`${PREFIX}${bits.toString("base64url")}`);
}

/**
 * Tells whether a text is a key of a proxy of ours.
 *
 * @param text such as the value of `MLFLOW_TRACKING_TOKEN`
 * @returns whether it has a key's form
 */
export function isKey(text: string): boolean {
  return /^mlflow-auth-[\w-]{43}$/.test(text);
}
