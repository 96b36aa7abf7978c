import { AuthError } from "../../core/errors.ts";
import type { Session } from "../session.ts";
import type { BesideOptions } from "./start_beside.ts";

/** The options that say how a proxy is used, as they are read. */
export interface ProxyFlags {
  readonly proxy?: true | undefined;
  readonly keyInUrl?: true | undefined;
  readonly allowHttp?: true | undefined;
}

/**
 * Refuses options of the proxy where there is none.
 *
 * @param flags what was given
 * @throws {AuthError} `usage`
 *
 * @example
 * ```ts
 * import { checkProxyFlags } from "./proxy_options.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(() => checkProxyFlags({ keyInUrl: true }), { code: "usage" });
 * ```
 */
export function checkProxyFlags({ proxy, keyInUrl, allowHttp }: ProxyFlags): void {
  if (proxy === true) return;
  const stray = keyInUrl === true ? "--key-in-url" : allowHttp === true ? "--allow-http" : undefined;
  if (stray === undefined) return;
  throw new AuthError("usage", {
    message: `Cannot understand the command line: "${stray}" says how a proxy is used, and there is none`,
    remedy: `add --proxy, or leave out ${stray}`,
  });
}

/**
 * What the options say of how a proxy is used.
 *
 * @param flags what was given
 * @param session what the proxy's first credential is read with
 * @returns whether the key is part of the URL, whether the credential may cross the network unencrypted, and how it is read
 */
export function besideOptions(
  flags: ProxyFlags,
  session: Session,
): Pick<BesideOptions, "keyInUrl" | "allowHttp" | "read"> {
  return {
    keyInUrl: flags.keyInUrl === true,
    allowHttp: flags.allowHttp === true,
    read: async () => await (await import("./read_fresh.ts")).readFresh(session, false),
  };
}
