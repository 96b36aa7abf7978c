/**
 * An MLflow tracking credential from Azure Key Vault, as a library.
 *
 * A {@link Host} is the world that the library may touch: the environment, files, the network and the clock, each a plain function,
 * so that a program decides what it lends.
 *
 * @example
 * ```ts
 * import { headerFor, parseCredential, Secret, variablesFor } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * // resolveCredential() reads the secret from the vault; here it is at hand.
 * const credential = parseCredential(new Secret('{"token": "abc"}'), { name: "mlflow" });
 * assert.equal(headerFor(credential).reveal(), "Bearer abc");
 * assert.deepEqual(variablesFor(credential, { env: {} }).set.map(([name, value]) => [name, value.reveal()]), [
 *   ["MLFLOW_TRACKING_TOKEN", "abc"],
 * ]);
 * ```
 *
 * @module
 */
export { AuthError, type ErrorCode, type ErrorDetails, ERRORS } from "./src/core/errors.ts";
export type { Changes, Host, Network } from "./src/core/host.ts";
export { type Level, LEVELS, type Log, makeLog } from "./src/core/log.ts";
export { readSettings, type SettingSources, type SettingsRead } from "./src/core/settings/read_settings.ts";
export { Secret } from "./src/core/secret.ts";
export { type Setting, SETTINGS, type Settings } from "./src/core/settings/settings.ts";
export { type ApplyOptions, headerFor, variablesFor } from "./src/credential/apply.ts";
export { type Credential, parseCredential, type ParseOptions } from "./src/credential/parse.ts";
export { resolveCredential, type Resolved, type ResolveHost } from "./src/credential/resolve.ts";
