import { AuthError, type ErrorCode } from "../../core/errors.ts";

// What a tracking server's refusals mean. An upstream body is never repeated, only its status.

/** What a refusal is about. */
export interface RefusalDetails {
  /** The tracking server's address. */
  readonly base: URL;
  /** Status of the answer. */
  readonly status: number;
  /** Kind of the credential that was sent; a token where none was. */
  readonly kind: "bearer" | "basic";
  /** What the words need besides: a host, a scheme, an address, a workspace. */
  readonly detail?: string | undefined;
}

interface Row {
  readonly code: ErrorCode;
  /** Ends the sentence `Cannot use tracking server "…": …`. */
  readonly so: (details: RefusalDetails) => string;
  readonly remedy: (details: RefusalDetails) => string;
}

const WORDS = { bearer: "a token", basic: "a user name and password" };
const SHAPES = { bearer: '{"token": "…"}', basic: '{"username": "…", "password": "…"}' };
const OTHER = { bearer: "basic", basic: "bearer" } as const;
/** Hosts that MLflow's list holds by default; naming a list drops them. */
const DEFAULT_HOSTS = "localhost:*,127.0.0.1:*,[::1]:*,10.*,192.168.*";

const ROWS = {
  "rejected": {
    code: "mlflow-rejected",
    so: ({ kind, detail }) => `it refuses ${WORDS[kind]} from the secret${detail === undefined ? "" : `: ${detail}`}`,
    remedy: ({ kind, detail }) =>
      kind === "basic"
        ? "store the user's current password, or have it reset on the server; a server that takes tokens alone wants " +
          SHAPES.bearer
        : `store a token that the server accepts; ${
          detail === undefined
            ? "its audience and expiry may be wrong"
            : "its audience has to be the server's application"
        }`,
  },
  "unknown-user": {
    code: "mlflow-rejected",
    so: () => "it takes the credential, but knows no such user",
    remedy: () => "ask the server's administrator to create the user that the credential stands for",
  },
  "wrong-scheme": {
    code: "mlflow-wrong-scheme",
    so: ({ kind }) => `it wants ${WORDS[OTHER[kind]]}, the secret holds ${WORDS[kind]}`,
    remedy: ({ kind }) => `store ${SHAPES[OTHER[kind]]} in the secret`,
  },
  "no-scheme": {
    code: "mlflow-wrong-scheme",
    so: ({ detail }) => `it asks for ${detail} alone, which no MLflow client speaks`,
    remedy: () =>
      "no token and no password can work there: have the server take Basic or Bearer too, or name an address that does",
  },
  "forbidden": {
    code: "mlflow-forbidden",
    so: () => "it knows the user, who may not search experiments",
    remedy: () => "ask the server's administrator for a permission on your experiments",
  },
  "scope": {
    code: "mlflow-forbidden",
    so: () => "it takes the token, which lacks a scope",
    remedy: ({ detail }) =>
      `store a token with the scope that the server asks for${detail === undefined ? "" : `: ${detail}`}`,
  },
  "gateway": {
    code: "mlflow-intercepted",
    so: ({ detail }) => `${detail ?? "a gateway"} answers in its place, and does not take the credential`,
    remedy: () =>
      "store a token for the gateway's audience, and have the gateway take tokens (oauth2-proxy: --skip-jwt-bearer-tokens; " +
      "IAP and App Service: the client id of their application), or name the address behind it",
  },
  "page": {
    code: "mlflow-intercepted",
    so: () => "a web page answers in its place",
    remedy: () =>
      "name the address of the API behind the page, or have the gateway take tokens (oauth2-proxy: --skip-jwt-bearer-tokens)",
  },
  "login": {
    code: "mlflow-intercepted",
    so: ({ detail }) => `the answer leads to "${detail}"`,
    remedy: () =>
      "store a token for the audience of the gateway in front of the server, and have it take tokens " +
      "(oauth2-proxy: --skip-jwt-bearer-tokens), or name the address behind it",
  },
  "moved": {
    code: "mlflow-wrong-address",
    so: ({ detail }) => `it answers at "${detail}", and clients lose their request on the way there`,
    remedy: ({ detail }) => `export MLFLOW_TRACKING_URI=${detail}`,
  },
  "tls-port": {
    code: "mlflow-wrong-address",
    so: () => "its port speaks TLS, and the URI begins with http://",
    remedy: ({ base }) => `export MLFLOW_TRACKING_URI=https://${base.host}${base.pathname.replace(/\/$/, "")}`,
  },
  "proxy": {
    code: "network-proxy",
    so: () => "a proxy on the way wants a password",
    remedy: ({ base }) =>
      `put the proxy's user and password into HTTPS_PROXY and HTTP_PROXY, or go past it: export NO_PROXY=${base.hostname}`,
  },
  "throttled": {
    code: "mlflow-throttled",
    so: () => "it is asked too often",
    remedy: () => "wait a minute and try again; clients do so by themselves: export MLFLOW_HTTP_REQUEST_MAX_RETRIES=7",
  },
  // MLflow 3.5 and later compare the name exactly, its port included.
  "host-blocked": {
    code: "mlflow-host-blocked",
    so: () => "it refuses the name in the Host header",
    remedy: ({ base }) =>
      `add the name to the server's list: mlflow server --allowed-hosts "${DEFAULT_HOSTS},${base.host}"; ` +
      "if a proxy in front of it sends another name, have it pass the Host header on",
  },
  "workspace": {
    code: "mlflow-workspace",
    so: ({ detail }) => `it has no workspace "${detail}"`,
    remedy: () => "correct MLFLOW_WORKSPACE, or: unset MLFLOW_WORKSPACE",
  },
  "no-workspaces": {
    code: "mlflow-workspace",
    so: () => "it has no workspaces, and MLFLOW_WORKSPACE names one",
    remedy: () => "start the server with --enable-workspaces, or: unset MLFLOW_WORKSPACE",
  },
  "failed": {
    code: "mlflow-failed",
    so: () => "it failed to answer",
    remedy: () => "look into the server's log, and try again",
  },
  "upstream": {
    code: "mlflow-failed",
    so: () => "the gateway in front of it gets no answer from it",
    remedy: () => "start MLflow behind the gateway, and look into the gateway's log",
  },
  "too-large": {
    code: "mlflow-failed",
    so: ({ kind }) => `it finds the headers too large, in which ${WORDS[kind]} goes`,
    remedy: () =>
      "raise the limit of the server or gateway for headers (nginx: large_client_header_buffers), or store a shorter token",
  },
  "cut": {
    code: "mlflow-failed",
    so: () => "its answer broke off half-way",
    remedy: () => "try again; if it stays, look into the log of the server and of what stands before it",
  },
  "garbled": {
    code: "mlflow-failed",
    so: () => "its answer is not in the encoding that it names",
    remedy: () => "look into what compresses answers in front of the server",
  },
  "endless": {
    code: "mlflow-failed",
    so: () => "its answer does not end",
    remedy: () => "look into the log of the server and of what stands before it",
  },
  "not-mlflow": {
    code: "mlflow-not-mlflow",
    so: () => "no MLflow server answers there",
    remedy: () => "correct the address; keep the path, if the server stands below one",
  },
} as const satisfies Readonly<Record<string, Row>>;

/** What an answer can be but one of a tracking server that takes the credential. */
export type RefusalKind = keyof typeof ROWS;

/**
 * The error for an answer that is none of a tracking server which takes the credential.
 *
 * @param kind what the answer is
 * @param details the server, the answer's status, the credential's kind, and what the words need
 * @returns the error, `mlflow-…` or `network-proxy`
 *
 * @example
 * ```ts
 * import { refusal } from "./server_refusal.ts";
 * import assert from "node:assert/strict";
 *
 * const base = new URL("https://mlflow.example");
 * assert.equal(
 *   refusal("login", { base, status: 302, kind: "bearer", detail: "login.example" }).message,
 *   'Cannot use tracking server "mlflow.example": the answer leads to "login.example" (HTTP 302)',
 * );
 * ```
 */
export function refusal(kind: RefusalKind, details: RefusalDetails): AuthError {
  const row: Row = ROWS[kind];
  const { base, status } = details;
  const place = `${base.host}${base.pathname.replace(/\/+$/, "")}`;
  return new AuthError(row.code, {
    message: `Cannot use tracking server "${place}": ${row.so(details)} (HTTP ${status})`,
    remedy: row.remedy(details),
  });
}
