import { AuthError, type ErrorCode } from "../../core/errors.ts";
import type { Answer } from "./probe.ts";

// What a tracking server's refusals mean. An upstream body is never repeated, only its status.

/** What the answers are judged with. */
export interface Sender {
  /** The tracking server's URL. */
  readonly base: URL;
  /** Kind of the credential that was sent. */
  readonly kind: "bearer" | "basic";
  /** Scheme that the server asked for where no credential was shown. */
  readonly wanted?: string | undefined;
  /** Whether MLflow itself answered to the probe `health`; true where nothing is known. */
  readonly healthy?: boolean;
}

const WORDS = { bearer: "a token", basic: "a user name and password" };
const SHAPES = { bearer: '{"token": "…"}', basic: '{"username": "…", "password": "…"}' };

/**
 * A refused credential: of the wrong kind, if the challenge asks for the other one.
 *
 * @param answer with status 401
 * @param sender the server and the kind of credential
 * @returns `mlflow-wrong-scheme` or `mlflow-rejected`
 *
 * @example
 * ```ts
 * import { refused } from "./server_refusal.ts";
 * import assert from "node:assert/strict";
 *
 * const sender = { base: new URL("https://mlflow.example"), kind: "bearer" } as const;
 * assert.equal(refused({ challenge: "basic" }, sender).code, "mlflow-wrong-scheme");
 * assert.equal(refused({ challenge: "bearer" }, sender).code, "mlflow-rejected");
 * ```
 */
export function refused({ challenge }: Pick<Answer, "challenge">, { base, kind }: Sender): AuthError {
  const wanted = challenge === "basic" || challenge === "bearer" ? challenge : kind;
  if (wanted !== kind) {
    return new AuthError("mlflow-wrong-scheme", {
      message: `${doing(base)}: it wants ${WORDS[wanted]}, the secret holds ${WORDS[kind]}`,
      remedy: `store ${SHAPES[wanted]} in the secret`,
    });
  }
  return new AuthError("mlflow-rejected", {
    message: `${doing(base)}: it refuses ${WORDS[kind]} from the secret (HTTP 401)`,
    remedy: kind === "bearer"
      ? "store a token that the server accepts; its audience and expiry may be wrong"
      : "store the user's current password, or have it reset on the server",
  });
}

/** What a refusal is about. */
export interface RefusalDetails {
  /** The tracking server's URL. */
  readonly base: URL;
  readonly status: number;
  /** Host that a redirect leads to. */
  readonly redirectHost?: string | undefined;
}

interface Row {
  readonly code: ErrorCode;
  /** Ends the sentence `Cannot use tracking server "…": …`. */
  readonly so: (details: RefusalDetails) => string;
  readonly remedy: (details: RefusalDetails) => string;
}

const GATEWAY =
  "store a token for the audience of the gateway in front of the server, or name the address behind the gateway";

const ROWS = {
  "unknown-user": {
    code: "mlflow-rejected",
    so: () => "it takes the credential, but knows no such user",
    remedy: () => "ask the server's administrator to create the user that the credential stands for",
  },
  "forbidden": {
    code: "mlflow-forbidden",
    so: () => "it knows the user, who may not search experiments",
    remedy: () => "ask the server's administrator for a permission on your experiments",
  },
  "intercepted": {
    code: "mlflow-intercepted",
    so: ({ redirectHost }) =>
      redirectHost === undefined ? "something else answers in its place" : `the answer leads to "${redirectHost}"`,
    remedy: () => GATEWAY,
  },
  // MLflow 3.5 and later compare the name exactly, its port included.
  "host-blocked": {
    code: "mlflow-host-blocked",
    so: () => "it refuses this name in the Host header",
    remedy: ({ base }) =>
      `add the name to the server's list: mlflow server --allowed-hosts "${
        base.port === "" ? base.hostname : `${base.hostname},${base.host}`
      }"`,
  },
  "failed": {
    code: "mlflow-failed",
    so: () => "it failed to answer",
    remedy: () => "look into the server's log, and try again",
  },
  "not-mlflow": {
    code: "mlflow-not-mlflow",
    so: () => "no MLflow server answers there",
    remedy: () => "correct the address; keep the path, if the server stands below one",
  },
} as const satisfies Readonly<Record<string, Row>>;

/**
 * The error for an answer that is none of a tracking server which takes the credential.
 *
 * @param kind what the answer is
 * @param details the server, the answer's status, and where a redirect leads
 * @returns the error, `mlflow-…`
 *
 * @example
 * ```ts
 * import { refusal } from "./server_refusal.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   refusal("intercepted", { base: new URL("https://mlflow.example"), status: 302, redirectHost: "login.example" }).message,
 *   'Cannot use tracking server "mlflow.example": the answer leads to "login.example" (HTTP 302)',
 * );
 * ```
 */
export function refusal(kind: keyof typeof ROWS, details: RefusalDetails): AuthError {
  const row: Row = ROWS[kind];
  const so = `${row.so(details)} (HTTP ${details.status})`;
  return new AuthError(row.code, { message: `${doing(details.base)}: ${so}`, remedy: row.remedy(details) });
}

function doing(base: URL): string {
  return `Cannot use tracking server "${base.host}${base.pathname.replace(/\/+$/, "")}"`;
}
