import { classifyNetworkFailure, type NetworkFailure } from "../../azure/http/network_failure.ts";
import { explainProxy } from "../../azure/failures/proxy_errors.ts";
import { isLoopback } from "../../azure/http/loopback.ts";
import { AuthError, type ErrorCode } from "../../core/errors.ts";

const CA = "export MLFLOW_TRACKING_SERVER_CERT_PATH=<PEM file with the root that signed the server's certificate>";

const WHY: Readonly<Record<NetworkFailure["kind"], readonly [code: ErrorCode, so: string, remedy: string]>> = {
  "dns": ["mlflow-unreachable", "its name does not resolve", "check the host name: nslookup HOST"],
  "refused": ["mlflow-unreachable", "the connection was refused", "start the server, or correct the port"],
  "reset": ["mlflow-unreachable", "the connection broke", "check the scheme and what stands in between: curl -v URL"],
  "proxy": ["network-proxy", "a proxy answers in its place", "let the proxy pass it, or: export NO_PROXY=HOST"],
  "timeout": ["mlflow-unreachable", "no answer within 10 s", "check the way there (VPN, firewall, proxy): curl -v URL"],
  "deadline": ["mlflow-unreachable", "no answer in time", "check the way there (VPN, firewall, proxy): curl -v URL"],
  "failed": ["mlflow-unreachable", "the request could not be sent", "check the way there: curl -v URL"],
  "tls-untrusted": ["tls-untrusted", "its certificate's issuer is not trusted", CA],
  "tls-name": ["tls-name", "its certificate is for another name", "use a host name that the certificate holds"],
  "tls-date": [
    "tls-date",
    "its certificate has expired or is not valid yet",
    "renew it, or set this machine's clock: date",
  ],
  "tls-failed": [
    "tls-failed",
    "no TLS connection could be made",
    "begin the URL with http:// if the server speaks no TLS",
  ],
};

/**
 * Says why a tracking server did not answer.
 *
 * @param error what the request was rejected with
 * @param base the tracking server's URL
 * @returns `mlflow-unreachable` or one of `tls-…`; an {@link AuthError} as it is
 *
 * @example
 * ```ts
 * import { probeFailure } from "./probe_failure.ts";
 * import assert from "node:assert/strict";
 *
 * const error = probeFailure(new TypeError("tcp connect error: Connection refused"), new URL("http://127.0.0.1:5000"));
 * assert.equal(error.message, 'Cannot reach tracking server "127.0.0.1:5000": the connection was refused');
 * ```
 */
export function probeFailure(error: unknown, base: URL): AuthError {
  if (error instanceof AuthError) return error;
  const late = error instanceof DOMException && error.name === "TimeoutError";
  const failure = classifyNetworkFailure(error, base.host);
  const kind = late ? "timeout" : failure.kind;
  const ofProxy = explainProxy({ ...failure, kind }, error);
  if (ofProxy !== undefined) return ofProxy;
  const [code, so, remedy] = WHY[kind];
  return new AuthError(code, {
    message: `Cannot reach tracking server "${base.host}": ${so}`,
    remedy: kind === "refused" && isLoopback(base.hostname)
      ? `mlflow server --host ${base.hostname} --port ${base.port === "" ? "80" : base.port}`
      : remedy.replace("HOST", base.hostname).replace("URL", base.origin),
    cause: error,
  });
}
