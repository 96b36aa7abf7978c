import { AuthError } from "../core/errors.ts";
import type { Changes } from "../core/host.ts";
import { Secret } from "../core/secret.ts";
import type { Credential } from "./parse.ts";

/** What a command's environment is changed for. */
export interface ApplyOptions {
  /** The environment that is changed; only URIs and GitHub's request variables are looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names that are not removed. */
  readonly keep?: readonly string[];
  /** Variables of env files that are MLflow's own: they are set as if they stood in the environment. */
  readonly more?: Readonly<Record<string, string>>;
  /** Whether `ACTIONS_ID_TOKEN_REQUEST_*` go too: `exec` takes them from its command, `export` leaves them to the shell. */
  readonly scrubOidc?: boolean;
}

const OWN = ["MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"];
const RIVALS = [
  "MLFLOW_TRACKING_AUTH",
  "MLFLOW_TRACKING_AWS_SIGV4",
  "MLFLOW_USERNAME",
  "MLFLOW_PASSWORD",
  "MLFLOW_TOKEN",
];
const URIS = ["MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI"];
const OIDC_PREFIX = "ACTIONS_ID_TOKEN_REQUEST_";

/** Every variable that {@link variablesFor} may set or remove in a shell; what `export --unset` unsets. */
export const CREDENTIAL_VARIABLES: readonly string[] = [...OWN, ...RIVALS];

/**
 * The variables that give an MLflow client exactly one way to authenticate.
 *
 * @param credential what to hand over
 * @param options the environment that is changed, and what to spare
 * @returns what to set, and what to remove (not to blank: R's client takes an empty variable for a set one)
 * @throws {AuthError} `usage` when a variable that is set is to be kept
 * @see https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/
 *
 * @example
 * ```ts
 * import { variablesFor } from "./apply.ts";
 * import { Secret } from "../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const changes = variablesFor({ kind: "bearer", token: new Secret("abc") }, { env: {} });
 * assert.deepEqual(changes.set.map(([name]) => name), ["MLFLOW_TRACKING_TOKEN"]);
 * assert.ok(changes.remove.includes("MLFLOW_TRACKING_PASSWORD"));
 * ```
 */
export function variablesFor(credential: Credential, options: ApplyOptions): Changes {
  const { env, keep = [] } = options;
  const set: (readonly [string, Secret])[] = credential.kind === "bearer"
    ? [["MLFLOW_TRACKING_TOKEN", credential.token]]
    : [["MLFLOW_TRACKING_USERNAME", new Secret(credential.username)], [
      "MLFLOW_TRACKING_PASSWORD",
      credential.password,
    ]];
  checkKept(set, keep);
  for (const name of URIS) {
    const bare = withoutUserinfo(env[name]);
    if (bare !== undefined && !keep.includes(name)) set.push([name, new Secret(bare)]);
  }
  return withoutRivals(set, options);
}

/**
 * Refuses to keep a variable that is set.
 *
 * @param set the variables that are set
 * @param keep the names that are to be kept
 * @throws {AuthError} `usage`
 */
export function checkKept(set: Changes["set"], keep: readonly string[]): void {
  const kept = keep.find((name) => set.some(([own]) => own === name));
  if (kept === undefined) return;
  throw new AuthError("usage", {
    message: `Cannot keep "${kept}": it carries ${OWN.includes(kept) ? "the credential" : "the way to the proxy"}`,
    remedy: `leave out --keep-env ${kept}`,
  });
}

/**
 * Adds to the variables that are set the removal of all that would compete with them.
 *
 * @param set the variables that are set
 * @param options the environment that is changed, and what to spare
 * @returns the changes
 */
export function withoutRivals(set: Changes["set"], options: ApplyOptions): Changes {
  const { env, more: given = {}, keep = [], scrubOidc = false } = options;
  const own = new Set(set.map(([name]) => name));
  const kept = Object.entries(given).filter(([name]) =>
    !own.has(name) && (!CREDENTIAL_VARIABLES.includes(name) || keep.includes(name))
  );
  const oidc = [`${OIDC_PREFIX}URL`, `${OIDC_PREFIX}TOKEN`];
  const more = Object.keys(env).filter((name) => name.startsWith(OIDC_PREFIX) && !oidc.includes(name)).sort();
  const remove = [...CREDENTIAL_VARIABLES.filter((name) => !own.has(name)), ...(scrubOidc ? [...oidc, ...more] : [])];
  return {
    set: [...set, ...kept.map(([name, value]) => [name, new Secret(value)] as const)],
    remove: remove.filter((name) => !keep.includes(name)),
  };
}

/**
 * Takes the user name and password out of an http(s) URI.
 *
 * @param uri the URI, or any other value
 * @returns the URI without `user:password@`, every other byte as it was; `undefined` where there is nothing to take away
 */
export function withoutUserinfo(uri: string | undefined): string | undefined {
  // A database URI needs its password; it takes no credential of ours.
  const match = /^(\s*https?:\/\/)[^/?#]*@/i.exec(uri ?? "");
  return match === null || uri === undefined ? undefined : match[1] + uri.slice(match[0].length);
}

/**
 * The value of the header that carries a credential.
 *
 * @param credential what to send
 * @returns `Bearer …`, or `Basic …` with the user name and password in UTF-8 (RFC 7617)
 *
 * @example
 * ```ts
 * import { headerFor } from "./apply.ts";
 * import { Secret } from "../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const header = headerFor({ kind: "basic", username: "Aladdin", password: new Secret("open sesame") });
 * assert.equal(header.reveal(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
 * ```
 */
export function headerFor(credential: Credential): Secret {
  if (credential.kind === "bearer") return new Secret(`Bearer ${credential.token.reveal()}`);
  const bytes = new TextEncoder().encode(`${credential.username}:${credential.password.reveal()}`);
  return new Secret(`Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`);
}
