import { AuthError, type ErrorCode } from "../../core/errors.ts";
import { OPEN_FILES } from "../../core/error_code.ts";
import { explainProxy } from "./proxy_errors.ts";
import type { NetworkFailure } from "../http/network_failure.ts";

interface Row {
  readonly code: ErrorCode;
  readonly is: (host: string) => string;
  /** `url` is the service's root, as curl takes it. */
  readonly remedy: (host: string, url: string) => string;
}

const hostname = (host: string): string => host.replace(/:\d+$/, "");
const handshake = (host: string): string =>
  `openssl s_client -connect ${/:\d+$/.test(host) ? host : `${host}:443`} -servername ${hostname(host)} </dev/null`;
const privateZone = (host: string): string =>
  /\.vault\.(azure|usgov)/.test(host)
    ? "; with a private endpoint, link the zone privatelink.vaultcore.azure.net to your network, or join the VPN"
    : "";

const ROWS: Readonly<Record<NetworkFailure["kind"], Row>> = {
  dns: {
    code: "network-dns",
    is: (host) => `the name ${hostname(host)} does not resolve`,
    remedy: (host) => `check the name: nslookup ${hostname(host)}${privateZone(host)}`,
  },
  refused: {
    code: "network-refused",
    is: (host) => `${host} refuses the connection`,
    remedy: (_, url) => `check the address and your proxy settings: curl -v ${url}`,
  },
  timeout: {
    code: "network-timeout",
    is: (host) => `${host} does not answer in time`,
    remedy: (host, url) => `check the way to it: curl -v --max-time 5 ${url}${privateZone(host)}`,
  },
  reset: {
    code: "network-reset",
    is: (host) => `the connection to ${host} broke`,
    remedy: (_, url) => `try again; if it stays, check proxies and firewalls on the way: curl -v ${url}`,
  },
  proxy: {
    code: "network-proxy",
    is: (host) => `a proxy answers in place of ${host}`,
    remedy: (host) => `let the proxy pass ${hostname(host)}, or go past it: export NO_PROXY=${hostname(host)}`,
  },
  "tls-untrusted": {
    code: "tls-untrusted",
    is: (host) => `the issuer of the certificate of ${host} is not trusted`,
    remedy: (host) => `name your root: export MLFLOW_AUTH_CA_BUNDLE=<PEM file>; to see the issuer: ${handshake(host)}`,
  },
  "tls-name": {
    code: "tls-name",
    is: (host) => `the certificate of ${host} is for another name`,
    remedy: (host) => `check the host's name, and who answers there: ${handshake(host)}`,
  },
  "tls-date": {
    code: "tls-date",
    is: (host) => `the certificate of ${host} has expired or is not valid yet, by this machine's clock`,
    remedy: (host) => `check the clock: date -u; then the certificate: ${handshake(host)}`,
  },
  "tls-none": {
    code: "tls-failed",
    is: (host) => `what answers at ${host} speaks no TLS, or only a version that is not safe`,
    remedy: (_, url) => `check the host and its port: curl -v ${url}`,
  },
  "tls-failed": {
    code: "tls-failed",
    is: (host) => `no TLS connection to ${host} could be made`,
    remedy: (host) => `check who answers there: ${handshake(host)}`,
  },
  deadline: {
    code: "deadline",
    is: (host) => `it took too long; ${host} was asked last`,
    remedy: (_, url) => `give it more time: --deadline 60; or check the way to it: curl -v --max-time 5 ${url}`,
  },
  "too-large": {
    code: "network-failed",
    is: (host) => `the answer of ${host} is larger than 1 MiB, and was not read to its end`,
    remedy: (_, url) => `check who answers there: curl -sv ${url} | head -c 1000`,
  },
  "open-files": {
    code: "open-files-limit",
    is: () => OPEN_FILES.is,
    remedy: () => OPEN_FILES.remedy,
  },
  failed: {
    code: "network-failed",
    is: (host) => `the request to ${host} could not be sent`,
    remedy: (_, url) => `check the way to it: curl -v ${url}`,
  },
};

/**
 * The error for a request that got no answer.
 *
 * @param failure what happened, and with which host
 * @param context what was being done, as in `Cannot read secret "mlflow" from "team.vault.azure.net"`, and the failure below
 * @returns the error, `network-*`, `tls-*` or `deadline`
 *
 * @example
 * ```ts
 * import { explainNetwork } from "./network_errors.ts";
 * import assert from "node:assert/strict";
 *
 * const error = explainNetwork({ kind: "dns", host: "tema.vault.azure.net" }, { doing: 'Cannot read secret "mlflow"' });
 * assert.equal(error.message, 'Cannot read secret "mlflow": the name tema.vault.azure.net does not resolve');
 * ```
 */
export function explainNetwork(
  failure: NetworkFailure,
  context: { readonly doing: string; readonly cause?: unknown },
): AuthError {
  const ofProxy = explainProxy(failure, context.cause);
  if (ofProxy !== undefined) return ofProxy;
  const row = ROWS[failure.kind];
  const [unread, ...others] = failure.kind === "tls-untrusted" ? failure.unreadRoots ?? [] : [];
  const names = [unread, ...others].join(", ");
  return new AuthError(row.code, {
    message: `${context.doing}: ${row.is(failure.host)}${unread === undefined ? "" : ` (set, but not read: ${names})`}`,
    remedy: unread === undefined || failure.ownRoots === true
      ? row.remedy(failure.host, `${failure.scheme ?? "https"}://${failure.host}/`)
      : `export MLFLOW_AUTH_CA_BUNDLE="$${unread}"`,
    cause: context.cause,
  });
}
