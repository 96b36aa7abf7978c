/** Where a build finds its tools, caches, downloads and temporary folder. */
const KEPT: readonly string[] = [
  "APPDATA",
  "DENORT_BIN",
  "DENO_CERT",
  "DENO_DIR",
  "DENO_TLS_CA_STORE",
  "HOME",
  "LD_LIBRARY_PATH",
  "LOCALAPPDATA",
  "NODE_EXTRA_CA_CERTS",
  "NPM_CONFIG_REGISTRY",
  "PATH",
  "PATHEXT",
  "SSL_CERT_FILE",
  "SYSTEMROOT",
  "TEMP",
  "TMP",
  "TMPDIR",
  "USERPROFILE",
  "XDG_CACHE_HOME",
];

/** What leads to the download server. */
const PROXIES = /^(?:https?|all|no)_proxy$/i;

/**
 * The variables that a step of the build gets. Any other may end up in the program: what `OTEL_DENO` said while it was compiled held
 * for each of its runs.
 *
 * @param env the variables of whoever builds
 * @returns those that say where things are
 *
 * @example
 * ```ts
 * import { buildEnvironment } from "./build_environment.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(buildEnvironment({ PATH: "/bin", OTEL_DENO: "true" }), { PATH: "/bin" });
 * ```
 */
export function buildEnvironment(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => KEPT.includes(name.toUpperCase()) || PROXIES.test(name)),
  );
}
