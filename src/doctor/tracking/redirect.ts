/** What following a redirect means to MLflow's Python client, which `requests` sends its requests for. */
export interface Move {
  /** `login`: a page to sign in at. `server`: the same API at another address. */
  readonly to: "login" | "server" | "elsewhere";
  /** The address that the client should be given, without a slash at its end; for `server`. */
  readonly address?: string;
  /** Whether the client gets there by itself, with its method, its body and its credential. */
  readonly isFollowed: boolean;
}

/** People paste the address into a shell: what such a one would act on is written as URLs may have it. */
const inOneWord = (path: string): string =>
  path.replace(/[^\w.~%/@:+,=-]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);

const LOGIN = /(^|[/._-])(login|signin|sign[_-]in|logon|oauth2?|oidc|auth|saml2?|sso|authorize|adfs)([/._-]|$)/i;

/**
 * Judges a redirect.
 *
 * @param location where it leads
 * @param asked the address that was asked, the path of the probe, and the answer's status
 * @returns where that is, for a client
 * @see https://requests.readthedocs.io/en/latest/user/quickstart/#redirection-and-history
 *
 * @example
 * ```ts
 * import { judgeRedirect } from "./redirect.ts";
 * import assert from "node:assert/strict";
 *
 * const asked = { base: new URL("http://mlflow.example"), path: "/api/search", status: 301 };
 * assert.deepEqual(judgeRedirect(new URL("https://mlflow.example/api/search"), asked), {
 *   to: "server",
 *   address: "https://mlflow.example",
 *   isFollowed: false,
 * });
 * ```
 */
export function judgeRedirect(
  location: URL,
  { base, path: asked, status }: { readonly base: URL; readonly path: string; readonly status: number },
): Move {
  const isSameHost = location.hostname === base.hostname;
  const [bare = asked] = asked.split("?");
  const isSameApi = location.pathname.endsWith(bare);
  const own = base.pathname.replace(/\/+$/, "");
  const path = location.pathname.startsWith(`${own}/`) ? location.pathname.slice(own.length) : location.pathname;
  if (!isSameApi && LOGIN.test(path)) return { to: "login", isFollowed: false };
  if (!isSameHost) return { to: "elsewhere", isFollowed: false };
  const root = isSameApi ? location.pathname.slice(0, -bare.length) : location.pathname;
  const keepsCredential = location.origin === base.origin ||
    base.protocol === "http:" && location.protocol === "https:" && base.port === "" && location.port === "";
  return {
    to: "server",
    address: `${location.origin}${inOneWord(root.replace(/\/+$/, ""))}`,
    // By any other status it goes on with a GET, which has no body.
    isFollowed: (status === 307 || status === 308) && isSameApi && keepsCredential,
  };
}
