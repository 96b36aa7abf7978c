import { chainText, classifyNetworkFailure, type NetworkFailure } from "../../azure/http/network_failure.ts";
import { explainProxy } from "../../azure/failures/proxy_errors.ts";
import { isLoopback } from "../../core/host_name.ts";
import { AuthError, type ErrorCode } from "../../core/errors.ts";
import { OPEN_FILES } from "../../core/error_code.ts";

/** The line that makes MLflow's clients trust a private root. */
const CA = "export MLFLOW_TRACKING_SERVER_CERT_PATH=<PEM file with the root that signed the server's certificate>";

/** What a remedy is filled in with. */
interface Place {
  readonly base: URL;
  readonly limitMs: number;
}

interface Row {
  readonly code: ErrorCode;
  readonly so: (place: Place) => string;
  readonly remedy: (place: Place) => string;
}

const unreachable = (so: string, remedy: Row["remedy"]): Row => ({ code: "mlflow-unreachable", so: () => so, remedy });
const look = ({ base }: Place): string => `check the way there (VPN, firewall, proxy): curl -v ${base.origin}`;

const withoutTls = ({ base }: Place): string =>
  `if the server speaks no TLS: export MLFLOW_TRACKING_URI=http://${base.host}${base.pathname.replace(/\/$/, "")}`;

const ROWS: Readonly<Record<NetworkFailure["kind"], Row>> = {
  "dns": unreachable("its name does not resolve", ({ base }) => `check the host name: nslookup ${base.hostname}`),
  "refused": unreachable(
    "the connection was refused",
    ({ base }) =>
      isLoopback(base.hostname) && base.protocol === "https:"
        ? `start what speaks TLS there; mlflow server by itself speaks http: export MLFLOW_TRACKING_URI=http://${base.host}`
        : isLoopback(base.hostname)
        ? `mlflow server --host ${base.hostname} --port ${base.port === "" ? "80" : base.port}`
        : "start the server, or correct the port",
  ),
  "reset": unreachable(
    "the connection broke before an answer came",
    ({ base }) =>
      `check what answers there, and whether it speaks ${base.protocol.slice(0, -1)}: curl -v ${base.origin}`,
  ),
  "proxy": {
    code: "network-proxy",
    so: () => "a proxy answers in its place",
    remedy: ({ base }) => `let the proxy pass it, or: export NO_PROXY=${base.hostname}`,
  },
  "timeout": { code: "mlflow-unreachable", so: ({ limitMs }) => `no answer within ${limitMs / 1000} s`, remedy: look },
  "deadline": unreachable("no answer in time", look),
  "too-large": unreachable("its answer is too large", look),
  "failed": unreachable(
    "what answers speaks no HTTP, or the request could not be sent",
    ({ base }) => `check what answers there: curl -v ${base.origin}`,
  ),
  "tls-untrusted": { code: "tls-untrusted", so: () => "its certificate's issuer is not trusted", remedy: () => CA },
  "tls-name": {
    code: "tls-name",
    so: () => "its certificate is for another name",
    remedy: ({ base }) =>
      `use a host name that the certificate holds: openssl s_client -connect ${base.hostname}:${
        base.port === "" ? "443" : base.port
      } </dev/null | openssl x509 -noout -ext subjectAltName`,
  },
  "tls-date": {
    code: "tls-date",
    so: () => "its certificate has expired or is not valid yet",
    remedy: () => "renew it, or set this machine's clock: date",
  },
  "tls-none": {
    code: "tls-failed",
    so: () => "what answers there speaks no TLS, or only a version that is not safe",
    remedy: withoutTls,
  },
  "open-files": { code: "open-files-limit", so: () => OPEN_FILES.is, remedy: () => OPEN_FILES.remedy },
  "tls-failed": { code: "tls-failed", so: () => "no TLS connection could be made", remedy: withoutTls },
};

/** How a server says in TLS that it wants a certificate, or another one; nobody else sends these alerts to a client. */
const WANTS_CERTIFICATE =
  /alert:? ?(certificate ?required|handshake ?failure|bad ?certificate|unknown ?ca|certificate ?unknown|unsupported ?certificate|decrypt ?error|access ?denied)|ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN)/i;

/**
 * The error for a server that wants a certificate of the client.
 *
 * @param base the tracking server's address
 * @param hasCertificate whether one was shown
 * @returns `mlflow-client-certificate`
 *
 * @example
 * ```ts
 * import { wantsCertificate } from "./probe_failure.ts";
 * import assert from "node:assert/strict";
 *
 * const error = wantsCertificate(new URL("https://mlflow.example"), false);
 * assert.match(error.remedy, /^export MLFLOW_TRACKING_CLIENT_CERT_PATH=/);
 * ```
 */
export function wantsCertificate(base: URL, hasCertificate: boolean): AuthError {
  const [so, remedy] = hasCertificate
    ? [
      "it does not take the client certificate",
      "export MLFLOW_TRACKING_CLIENT_CERT_PATH=<PEM file with a certificate of the authority that the server names, and its key>",
    ]
    : [
      "it wants a client certificate",
      "export MLFLOW_TRACKING_CLIENT_CERT_PATH=<PEM file with your certificate and its key>",
    ];
  return new AuthError("mlflow-client-certificate", {
    message: `Cannot reach tracking server "${base.host}": ${so}`,
    remedy,
  });
}

/**
 * Whether the runtime refuses a certificate that marks itself as an authority, as `openssl req -x509` makes them. MLflow's clients
 * take such a one where it is among their roots.
 *
 * @param error what a request was rejected with, or an error that it caused
 *
 * @example
 * ```ts
 * import { isAuthorityAsServer } from "./probe_failure.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(isAuthorityAsServer(new Error("invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))")));
 * ```
 */
export function isAuthorityAsServer(error: unknown): boolean {
  return /CaUsedAsEndEntity/.test(chainText(error));
}

/**
 * Says why a tracking server did not answer.
 *
 * @param error what the request was rejected with
 * @param place the tracking server's address, how long it was waited for, and whether a client certificate was shown
 * @returns `mlflow-unreachable`, `mlflow-client-certificate`, `network-proxy` or one of `tls-…`; an {@link AuthError} as it is
 *
 * @example
 * ```ts
 * import { probeFailure } from "./probe_failure.ts";
 * import assert from "node:assert/strict";
 *
 * const place = { base: new URL("http://127.0.0.1:5000"), limitMs: 10_000, hasCertificate: false };
 * const error = probeFailure(new TypeError("tcp connect error: Connection refused"), place);
 * assert.equal(error.message, 'Cannot reach tracking server "127.0.0.1:5000": the connection was refused');
 * ```
 */
export function probeFailure(error: unknown, place: Place & { readonly hasCertificate: boolean }): AuthError {
  if (error instanceof AuthError) return error;
  const { base } = place;
  if (base.protocol === "https:" && WANTS_CERTIFICATE.test(chainText(error))) {
    return wantsCertificate(base, place.hasCertificate);
  }
  const late = error instanceof DOMException && error.name === "TimeoutError";
  const failure = classifyNetworkFailure(error, base.host);
  const kind = late ? "timeout" : failure.kind;
  const ofProxy = explainProxy({ ...failure, kind }, error);
  if (ofProxy !== undefined) return ofProxy;
  const { code, so, remedy } = ROWS[kind];
  return new AuthError(code, {
    message: `Cannot reach tracking server "${base.host}": ${so(place)}`,
    remedy: remedy(place),
    cause: error,
  });
}
