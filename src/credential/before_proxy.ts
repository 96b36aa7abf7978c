import type { Changes } from "../core/host.ts";
import { Secret } from "../core/secret.ts";
import { SERVER_VARIABLES } from "./allowed_hosts.ts";
import { withoutUserinfo } from "./apply.ts";
import { bypass, TLS } from "./proxied.ts";

/** The variable of a shell that tells what `export --proxy` has changed there, so that `export --unset` can put it back. */
export const BEFORE_PROXY = "MLFLOW_AUTH_BEFORE_PROXY";

type Variables = Readonly<Record<string, string | undefined>>;

const BYPASS = ["NO_PROXY", "no_proxy"] as const;

/**
 * Notes what leads to the tracking server before a proxy does. It holds no secret: the key and the credential are not among it, and
 * a user name and password inside of a URI are left out.
 *
 * @param env the environment of the shell
 * @returns value of {@link BEFORE_PROXY}: `v=1`, then `NAME=value` for what is set, encoded as a form is
 *
 * @example
 * ```ts
 * import { noteBefore } from "./before_proxy.ts";
 * import assert from "node:assert/strict";
 *
 * const env = { MLFLOW_TRACKING_URI: "https://ada:pw@mlflow.example", NO_PROXY: ".corp" };
 * assert.equal(noteBefore(env), "v=1&MLFLOW_TRACKING_URI=https%3A%2F%2Fmlflow.example&NO_PROXY=.corp");
 * ```
 */
export function noteBefore(env: Variables): string {
  const held = [...SERVER_VARIABLES, ...BYPASS, ...TLS].flatMap((name): readonly (readonly [string, string])[] => {
    const value = env[name];
    return value === undefined ? [] : [[name, withoutUserinfo(value) ?? value]];
  });
  return new URLSearchParams([["v", "1"], ...held.map(([name, value]): [string, string] => [name, value])]).toString();
}

/**
 * Puts back what {@link noteBefore} noted, but for what somebody has changed since.
 *
 * @param env the environment of the shell now
 * @param uri the proxy's address, `http://127.0.0.1:PORT`; `undefined` where nothing leads to one any more
 * @returns what to set and what to remove; `undefined` where nothing was noted
 *
 * @example
 * ```ts
 * import { BEFORE_PROXY, changesBack } from "./before_proxy.ts";
 * import assert from "node:assert/strict";
 *
 * const note = { [BEFORE_PROXY]: "v=1&MLFLOW_TRACKING_URI=https%3A%2F%2Fmlflow.example" };
 * const env = { ...note, MLFLOW_TRACKING_URI: "http://127.0.0.1:4040", NO_PROXY: "127.0.0.1,localhost,::1" };
 * const back = changesBack(env, "http://127.0.0.1:4040");
 * assert.deepEqual(back?.set.map(([name, value]) => `${name}=${value.reveal()}`), ["MLFLOW_TRACKING_URI=https://mlflow.example"]);
 * assert.deepEqual(back?.remove, ["NO_PROXY", BEFORE_PROXY]);
 * ```
 */
export function changesBack(env: Variables, uri: string | undefined): Changes | undefined {
  const note = new URLSearchParams(env[BEFORE_PROXY] ?? "");
  if (note.get("v") !== "1") return undefined;
  const before = (name: string): string | undefined => note.get(name) ?? undefined;
  const led = uri === undefined ? [] : SERVER_VARIABLES.filter((name) => leadsTo(env[name], uri));
  const gained = new Map<string, string>(bypass({ NO_PROXY: before("NO_PROXY"), no_proxy: before("no_proxy") }));
  const names = [
    ...led,
    ...BYPASS.filter((name) => env[name] === gained.get(name)),
    ...TLS.filter((name) => env[name] === undefined && before(name) !== undefined),
  ];
  const set = names.flatMap((name): readonly (readonly [string, Secret])[] => {
    const value = before(name);
    return value === undefined ? [] : [[name, new Secret(value)]];
  });
  return { set, remove: [...names.filter((name) => before(name) === undefined), BEFORE_PROXY] };
}

/**
 * Whether a variable leads to a proxy.
 *
 * @param value of the variable
 * @param uri the proxy's address, `http://127.0.0.1:PORT`
 */
export function leadsTo(value: string | undefined, uri: string): boolean {
  return value !== undefined && URL.canParse(value) && new URL(value).origin === uri;
}
