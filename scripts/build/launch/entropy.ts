/** Commands that open connections by TLS with almost every run. */
const CONNECTING: readonly string[] = ["exec", "export", "proxy", "doctor"];

/** Versions from this one on gather entropy with the first connection by TLS, for milliseconds in which nothing else is done. */
const SLOW = [2, 7] as const;

/** What says whether a run will connect. */
export interface Line {
  /** The arguments of the program. */
  readonly args: readonly string[];
  /** Of Deno. */
  readonly version: string;
  /** `MLFLOW_AUTH_CACHE` of the environment: where a credential may be kept, most runs connect to nobody. */
  readonly cache: string | undefined;
}

/**
 * Says whether entropy is to be gathered while the program is read. A wrong guess costs time and nothing else.
 *
 * @param line the command line, and what it is run by
 * @returns whether it is
 *
 * @example
 * ```ts
 * import { needsEntropy } from "./entropy.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(needsEntropy({ args: ["exec", "--", "true"], version: "2.9.6", cache: undefined }), true);
 * assert.equal(needsEntropy({ args: ["exec", "--", "true"], version: "2.4.2", cache: undefined }), false);
 * ```
 */
export function needsEntropy({ args, version, cache }: Line): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const slow = major > SLOW[0] || (major === SLOW[0] && minor >= SLOW[1]);
  return slow && CONNECTING.includes(args[0] ?? "") && cache !== "keyring" && !args.includes("--cache");
}

/**
 * Has AWS-LC gather its entropy on another thread: to make a key of ECDSA does, and those of AES, HMAC and Ed25519 do not.
 *
 * @param line the command line, and what it is run by
 */
export function gatherEntropy(line: Line): void {
  if (!needsEntropy(line)) return;
  // Nobody waits for the key; that it cannot be made is no failure of the program.
  crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]).catch(() => {});
}
