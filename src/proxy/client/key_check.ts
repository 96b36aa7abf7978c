import { Buffer } from "node:buffer";
import type { Secret } from "../../core/secret.ts";

/** What {@link makeKeyCheck} makes. */
export interface KeyCheck {
  /** Whether the value of an `Authorization` field holds the key, as bearer token or as password. */
  readonly inHeader: (value: string) => boolean;
  /** The target without the key that is its first segment; `undefined` where that is no key. */
  readonly inTarget: (target: string) => string | undefined;
}

/** Compares in the same time whatever differs; `node:crypto` has this too, and takes longer to load than the rest of the proxy. */
function equal(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

/**
 * Makes what looks for the proxy's key, compared in the same time whatever is compared.
 *
 * @param key the proxy's key
 * @returns two looks, one at each place where it may be
 *
 * @example
 * ```ts
 * import { makeKeyCheck } from "./key_check.ts";
 * import { Secret } from "../../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const check = makeKeyCheck(new Secret("mlflow-auth-k"));
 * assert.ok(check.inHeader("Bearer mlflow-auth-k"));
 * assert.ok(check.inHeader(`Basic ${btoa("anybody:mlflow-auth-k")}`));
 * assert.equal(check.inTarget("/mlflow-auth-k/version?x=1"), "/version?x=1");
 * ```
 */
export function makeKeyCheck(key: Secret): KeyCheck {
  const expected = key.reveal();
  const isKey = (text: string): boolean => equal(text, expected);
  return {
    inHeader: (value) => {
      const [, scheme = "", rest = ""] = /^(bearer|basic) +([\x21-\x7e]+)$/i.exec(value) ?? [];
      if (/^bearer$/i.test(scheme)) return isKey(rest);
      if (scheme === "") return false;
      const pair = Buffer.from(rest, "base64").toString("latin1");
      return isKey(pair.slice(pair.indexOf(":") + 1));
    },
    inTarget: (target) => {
      const end = expected.length + 1;
      if (!isKey(target.slice(1, end))) return undefined;
      const rest = target.slice(end);
      if (rest === "" || rest.startsWith("?")) return `/${rest}`;
      return rest.startsWith("/") ? rest : undefined;
    },
  };
}
