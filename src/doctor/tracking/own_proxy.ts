import { AuthError } from "../../core/errors.ts";
import type { Host } from "../../core/host.ts";
import { BEFORE_PROXY } from "../../credential/before_proxy.ts";
import type { ProxyAccess } from "../../credential/proxied.ts";
import { failed, type Note, ok } from "../finding.ts";

/** How long a proxy of this machine may take to answer. */
const ANSWER_MS = 3000;

/** What a proxy of ours says of itself. */
export interface ProxyState {
  /** Its host and port. */
  readonly place: string;
  readonly ready: boolean;
  readonly ageSeconds: number;
  readonly readAgainInSeconds: number;
}

/**
 * Asks a proxy of ours how it is; it answers that to everybody.
 *
 * @param access the proxy that the environment leads to
 * @param host the network, the timer and the environment
 * @returns what it says
 * @throws {AuthError} `proxy-gone` where nobody answers there, or somebody else
 *
 * @example
 * ```ts
 * import { askProxy } from "./own_proxy.ts";
 * import { Secret } from "../../core/secret.ts";
 * import assert from "node:assert/strict";
 *
 * const access = { uri: "http://127.0.0.1:4040", key: new Secret("mlflow-auth-k") };
 * const host = { fetch: () => Promise.reject(new Error("refused")), after: () => () => {}, env: {} };
 * await assert.rejects(askProxy(access, host), { code: "proxy-gone" });
 * ```
 */
export async function askProxy({ uri }: ProxyAccess, host: Pick<Host, "fetch" | "after" | "env">): Promise<ProxyState> {
  const place = new URL(uri).host;
  const late = new AbortController();
  const cancel = host.after(ANSWER_MS, () => late.abort());
  try {
    const response = await host.fetch(new Request(`${uri}/-/ready`, { signal: late.signal }));
    const { ready, ageSeconds, readAgainInSeconds } = await response.json() as Partial<ProxyState>;
    if (typeof ready !== "boolean" || typeof ageSeconds !== "number" || typeof readAgainInSeconds !== "number") {
      throw new TypeError("it answers as another program does");
    }
    return { place, ready, ageSeconds, readAgainInSeconds };
  } catch (cause) {
    throw new AuthError("proxy-gone", {
      message: `Cannot reach the proxy at "${place}": it does not run any more`,
      // Only a shell that `export --proxy` was for knows the way back.
      remedy: host.env[BEFORE_PROXY] === undefined
        ? "leave this command, and start it again with a new proxy, by exec --proxy"
        : 'eval "$(mlflow-auth export --unset)"; eval "$(mlflow-auth export --proxy)"',
      cause,
    });
  } finally {
    cancel();
  }
}

/**
 * What a proxy says of itself, as a finding.
 *
 * @param state what it says
 * @returns `ok`, or a failure where the tracking server refused what it holds
 *
 * @example
 * ```ts
 * import { proxyNote } from "./own_proxy.ts";
 * import assert from "node:assert/strict";
 *
 * const state = { place: "127.0.0.1:4040", ready: true, ageSeconds: 12, readAgainInSeconds: 270 };
 * assert.equal(
 *   proxyNote(state).message,
 *   'a proxy of mlflow-auth at "127.0.0.1:4040" holds a credential, read 12 s ago, to be read again in 270 s',
 * );
 * ```
 */
export function proxyNote({ place, ready, ageSeconds, readAgainInSeconds }: ProxyState): Note {
  if (ready) {
    return ok(
      `a proxy of mlflow-auth at "${place}" holds a credential, read ${ageSeconds} s ago, to be read again in ${readAgainInSeconds} s`,
    );
  }
  return failed(
    new AuthError("mlflow-rejected", {
      message:
        `Cannot use the proxy at "${place}": the tracking server refused the credential that it holds, read ${ageSeconds} s ago`,
      remedy: "store a credential in the secret that the server takes; the proxy reads it again when it is refused",
    }),
  );
}
