import { AuthError } from "../core/errors.ts";
import type { Host } from "../core/host.ts";
import { pathWord, showPath } from "../core/shown.ts";
import type { Credential } from "./parse.ts";

/** The files that an MLflow client reads beside its environment. */
export interface Shadows {
  /** Path of `~/.mlflow/credentials`, where it holds a user name and a password. */
  readonly credentialsFile: string | undefined;
  /** The netrc entry that answers for the tracking server. */
  readonly netrc: { readonly path: string; readonly entry: string } | undefined;
}

/**
 * Looks for files that would win over the credential in MLflow's Python client: `~/.mlflow/credentials`, which it prefers to a
 * token, and netrc, which its HTTP library (requests) prefers to any header.
 *
 * @param trackingUri the tracking server; without one only a netrc `default` entry counts
 * @param host where the files are
 * @returns what was found; a file that is missing or unreadable is none, as it is for the clients
 * @see https://requests.readthedocs.io/en/latest/user/authentication/#netrc-authentication
 *
 * @example
 * ```ts
 * import { findShadows } from "./shadows.ts";
 * import assert from "node:assert/strict";
 *
 * const readText = (path: string) =>
 *   path === "/home/ada/.netrc" ? Promise.resolve("default login ada password x") : Promise.reject(new Error("none"));
 * const found = await findShadows("https://mlflow.example", { env: {}, home: "/home/ada", readText });
 * assert.deepEqual(found.netrc, { path: "/home/ada/.netrc", entry: "default" });
 * ```
 */
export async function findShadows(
  trackingUri: string | undefined,
  host: Pick<Host, "env" | "home" | "readText">,
): Promise<Shadows> {
  const credentials = host.home === undefined ? undefined : `${host.home}/.mlflow/credentials`;
  const text = credentials === undefined ? undefined : await readIfThere(credentials, host);
  return {
    credentialsFile: text !== undefined && holdsBasicPair(text) ? credentials : undefined,
    netrc: await findNetrc(trackingUri, host),
  };
}

async function findNetrc(
  uri: string | undefined,
  host: Pick<Host, "env" | "home" | "readText">,
): Promise<Shadows["netrc"]> {
  const named = host.env["NETRC"];
  const paths = named !== undefined ? [named] : [`${host.home}/.netrc`, `${host.home}/_netrc`];
  for (const path of paths.filter((candidate) => candidate !== "" && !candidate.startsWith("undefined"))) {
    const text = await readIfThere(path.replace(/^~(?=\/)/, host.home ?? "~"), host);
    if (text === undefined) continue;
    const entries = netrcEntries(text);
    const hostname = uri !== undefined && URL.canParse(uri)
      ? new URL(uri).hostname.replace(/^\[(.*)\]$/, "$1")
      : undefined;
    const entry = entries.find((name) => name === hostname) ?? entries.find((name) => name === "default");
    return entry === undefined ? undefined : { path, entry };
  }
  return undefined;
}

async function readIfThere(path: string, host: Pick<Host, "readText">): Promise<string | undefined> {
  try {
    return await host.readText(path);
  } catch {
    // What the client cannot read it ignores as well.
    return undefined;
  }
}

/** Reads an INI file as Python's configparser does, as far as the two keys of section `[mlflow]` go. */
function holdsBasicPair(text: string): boolean {
  let section = "";
  const held = new Set<string>();
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    section = /^\s*\[([^\]]+)\]/.exec(line)?.[1] ?? section;
    const pair = /^\s*([^#;=:\s][^=:]*?)\s*[=:]\s*(\S.*)$/.exec(line);
    if (section === "mlflow" && pair?.[1] !== undefined) held.add(pair[1].toLowerCase());
  }
  return held.has("mlflow_tracking_username") && held.has("mlflow_tracking_password");
}

/** Names of the machines in a netrc file; macro bodies (`macdef` up to a blank line) are no entries. */
function netrcEntries(text: string): readonly string[] {
  const lines = text.replace(/^[ \t]*macdef[\s\S]*?(?:\n[ \t]*\n|$(?![\s\S]))/gm, "\n").split("\n");
  const words = lines.flatMap((line) => line.replace(/^\s*#.*/, "").match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []);
  const entries: string[] = [];
  for (let at = 0; at < words.length; at++) {
    if (words[at] === "default") entries.push("default");
    else if (words[at] === "machine") entries.push(words[++at] ?? "");
    else if (["login", "user", "account", "password"].includes(words[at] ?? "")) at++;
  }
  return entries;
}

/**
 * Refuses a token that `~/.mlflow/credentials` would keep from being used.
 *
 * @param credential what is to be handed over
 * @param shadows what {@link findShadows} found
 * @throws {AuthError} `credentials-file-wins`
 *
 * @example
 * ```ts
 * import { checkCredentialsFile } from "./shadows.ts";
 * import { Secret } from "../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const credential = { kind: "bearer", token: new Secret("abc") } as const;
 * const shadows = { credentialsFile: "/home/ada/.mlflow/credentials", netrc: undefined };
 * assert.throws(() => checkCredentialsFile(credential, shadows), { code: "credentials-file-wins" });
 * ```
 */
export function checkCredentialsFile(credential: Credential, shadows: Shadows): void {
  if (credential.kind !== "bearer" || shadows.credentialsFile === undefined) return;
  const path = pathWord(shadows.credentialsFile);
  throw new AuthError("credentials-file-wins", {
    message: `Cannot hand over the token: "${
      showPath(shadows.credentialsFile)
    }" holds a user name and password that MLflow's Python client prefers`,
    remedy: `pass --proxy --key-in-url, or --force if the command does not read it, or: mv ${path} ${path}.off`,
  });
}

/**
 * Refuses a proxy whose key MLflow's Python client would not send, as a file of the user wins over it.
 *
 * @param shadows what {@link findShadows} found for the proxy's address
 * @throws {AuthError} `credentials-file-wins`, `netrc-wins`
 *
 * @example
 * ```ts
 * import { checkProxyShadows } from "./shadows.ts";
 * import assert from "node:assert/strict";
 *
 * const netrc = { path: "/home/ada/.netrc", entry: "default" };
 * assert.throws(() => checkProxyShadows({ credentialsFile: undefined, netrc }), { code: "netrc-wins" });
 * ```
 */
export function checkProxyShadows({ credentialsFile, netrc }: Shadows): void {
  const remedy = "pass --key-in-url, which no file wins over";
  if (credentialsFile !== undefined) {
    throw new AuthError("credentials-file-wins", {
      message: `Cannot hand over the proxy's key: "${
        showPath(credentialsFile)
      }" holds a user name and password that MLflow's Python client prefers`,
      remedy,
    });
  }
  if (netrc !== undefined) {
    throw new AuthError("netrc-wins", {
      message: `Cannot hand over the proxy's key: entry "${netrc.entry}" of "${
        showPath(netrc.path)
      }" wins over it in MLflow's Python client`,
      remedy,
    });
  }
}
