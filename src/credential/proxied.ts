import { AuthError } from "../core/errors.ts";
import type { Changes } from "../core/host.ts";
import { Secret } from "../core/secret.ts";
import { SERVER_VARIABLES } from "./allowed_hosts.ts";
import { type ApplyOptions, checkKept, withoutRivals } from "./apply.ts";
import { isKey } from "./proxy_key.ts";

/** How to reach a proxy of ours. */
export interface ProxyAccess {
  /** `http://127.0.0.1:PORT`, without path and slash. */
  readonly uri: string;
  /** What opens it. */
  readonly key: Secret;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** How MLflow's clients reach the tracking server: the proxy does that for them. */
export const TLS = [
  "MLFLOW_TRACKING_SERVER_CERT_PATH",
  "MLFLOW_TRACKING_CLIENT_CERT_PATH",
  "MLFLOW_TRACKING_INSECURE_TLS",
] as const;

const LOOPBACK = ["127.0.0.1", "localhost", "::1"] as const;

/**
 * The variables that lead an MLflow client to a proxy, with its key as the only way to authenticate.
 *
 * @param access the proxy
 * @param options the environment that is changed, what to spare, where the proxy forwards to, and whether the key is part of the URL,
 * for clients that read no credential from the environment
 * @returns what to set, and what to remove
 * @throws {AuthError} `usage` when a variable that is set is to be kept
 *
 * @example
 * ```ts
 * import { variablesForProxy } from "./proxied.ts";
 * import { Secret } from "../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const access = { uri: "http://127.0.0.1:4040", key: new Secret("mlflow-auth-k") };
 * const { set } = variablesForProxy(access, {
 *   env: { NO_PROXY: ".corp" },
 *   keyInUrl: true,
 *   upstream: new URL("https://mlflow.example"),
 * });
 * assert.deepEqual(set.map(([name, value]) => `${name}=${value.reveal()}`), [
 *   "MLFLOW_TRACKING_URI=http://127.0.0.1:4040/mlflow-auth-k",
 *   "NO_PROXY=.corp,127.0.0.1,localhost,::1",
 *   "no_proxy=.corp,127.0.0.1,localhost,::1",
 * ]);
 * ```
 */
export function variablesForProxy(
  access: ProxyAccess,
  options: ApplyOptions & { readonly keyInUrl: boolean; readonly upstream: URL },
): Changes {
  const { env, keep = [], keyInUrl, upstream } = options;
  const uri = new Secret(keyInUrl ? `${access.uri}/${access.key.reveal()}` : access.uri);
  const set: (readonly [string, Secret])[] = [
    ["MLFLOW_TRACKING_URI", uri],
    ...(keyInUrl ? [] : [["MLFLOW_TRACKING_TOKEN", access.key] as const]),
    ...ledTo(upstream, env).map((name) => [name, uri] as const),
    ...bypass(env).map(([name, value]) => [name, new Secret(value)] as const),
  ];
  checkKept(set, keep);
  const changes = withoutRivals(set, options);
  const moved: readonly string[] = TLS.filter((name) => !keep.includes(name));
  return { set: changes.set.filter(([name]) => !moved.includes(name)), remove: [...changes.remove, ...moved] };
}

/** Variables besides the tracking URI that name the tracking server, path and all: behind the proxy there is one. */
const ledTo = (upstream: URL, env: Variables): readonly string[] =>
  SERVER_VARIABLES.filter((name) => {
    const url = name === "MLFLOW_TRACKING_URI" ? undefined : httpUrl(env[name]);
    return url !== undefined && isSamePlace(upstream, url);
  });

/**
 * Says whether two addresses are those of one server.
 *
 * @param one an address
 * @param other another one
 * @returns whether scheme, host, port and path are the same, but for slashes at the end
 */
export function isSamePlace(one: URL, other: URL): boolean {
  const place = ({ origin, pathname }: URL): string => origin + pathname.replace(/\/+$/, "");
  return place(one) === place(other);
}

/**
 * What keeps requests to this machine from a proxy of yours. Which spelling a client reads, and whether it reads both, differs: each gets
 * what it had, or what the other one had.
 *
 * @param env where `NO_PROXY` and `no_proxy` are
 * @returns both, with the names of this machine
 */
export function bypass(env: Variables): readonly (readonly [name: string, value: string])[] {
  const valueOf = (name: string): string => env[name] ?? "";
  return ([["NO_PROXY", "no_proxy"], ["no_proxy", "NO_PROXY"]] as const).map(([name, other]) => {
    const before = valueOf(name) === "" ? valueOf(other) : valueOf(name);
    const named = before.split(",").map((item) => item.trim());
    const missing = named.includes("*") ? [] : LOOPBACK.filter((host) => !named.includes(host));
    return [name, [...(before === "" ? [] : [before]), ...missing].join(",")] as const;
  });
}

function httpUrl(uri: string | undefined): URL | undefined {
  if (uri === undefined || !/^\s*https?:\/\//i.test(uri) || !URL.canParse(uri)) return undefined;
  return new URL(uri);
}

/**
 * Finds the proxy of ours that an environment leads to: by the key, which is the token or the first part of the path.
 *
 * @param env where `MLFLOW_TRACKING_URI` and `MLFLOW_TRACKING_TOKEN` are
 * @returns the proxy, or `undefined` where the tracking server is none
 *
 * @example
 * ```ts
 * import { proxyIn } from "./proxied.ts";
 * import assert from "node:assert/strict";
 *
 * const key = `mlflow-auth-${"k".repeat(43)}`;
 * assert.equal(proxyIn({ MLFLOW_TRACKING_URI: `http://127.0.0.1:4040/${key}` })?.uri, "http://127.0.0.1:4040");
 * assert.equal(proxyIn({ MLFLOW_TRACKING_URI: "https://mlflow.example", MLFLOW_TRACKING_TOKEN: "abc" }), undefined);
 * ```
 */
export function proxyIn(env: Variables): ProxyAccess | undefined {
  const token = env["MLFLOW_TRACKING_TOKEN"] ?? "";
  const uri = env["MLFLOW_TRACKING_URI"] ?? "";
  if (!isKey(token) && !uri.includes("/mlflow-auth-")) return undefined;
  const url = httpUrl(uri);
  if (url === undefined) return undefined;
  const key = [url.pathname.split("/")[1] ?? "", token].find(isKey);
  return key === undefined ? undefined : { uri: url.origin, key: new Secret(key) };
}

/**
 * Refuses to hand a credential to a proxy of ours: it opens for its key alone, and has one.
 *
 * @param env where the proxy would be named
 * @throws {AuthError} `proxy-nested`
 */
export function checkNotProxied(env: Variables): void {
  const proxy = proxyIn(env);
  if (proxy === undefined) return;
  throw new AuthError("proxy-nested", {
    message: `Cannot hand a credential to "${new URL(proxy.uri).host}": it is a proxy of mlflow-auth, which has one`,
    remedy: 'run the command as it is, or, where the proxy is gone, first: eval "$(mlflow-auth export --unset)"',
  });
}
