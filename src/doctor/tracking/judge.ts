import type { AuthError } from "../../core/errors.ts";
import { secretLook } from "../../core/shown.ts";
import type { Answer } from "./answer.ts";
import type { Challenge } from "./challenges.ts";
import { evidenceOf, jsonOf, says } from "./evidence.ts";
import { wantsCertificate } from "./probe_failure.ts";
import { PROBES } from "./probe.ts";
import { judgeRedirect } from "./redirect.ts";
import { refusal, type RefusalKind } from "./server_refusal.ts";

/** What an answer to the search is judged with. */
export interface Asked {
  /** The tracking server's address. */
  readonly base: URL;
  /** Kind of the credential that was sent; `bearer` where none was. */
  readonly kind: "bearer" | "basic";
  /** Whether MLflow itself answered to the probe `health`. */
  readonly isHealthy: boolean;
  /** What it asked for where no credential was shown. */
  readonly wanted?: readonly Challenge[];
  /** Value of `MLFLOW_WORKSPACE`. */
  readonly workspace?: string | undefined;
  /** Whether a client certificate was shown. */
  readonly hasCertificate?: boolean;
}

/**
 * Judges what a tracking server answers to a search, by evidence: how the answer ended, the challenges, what the body is, the status.
 *
 * @param answer to the probe `search`
 * @param asked the server and the credential
 * @returns what is wrong, or `undefined` where the client takes it as a list of experiments
 *
 * @example
 * ```ts
 * import { judgeSearch } from "./judge.ts";
 * import assert from "node:assert/strict";
 *
 * const asked = { base: new URL("https://mlflow.example"), kind: "bearer", isHealthy: true } as const;
 * const answer = { type: "text/html", end: "whole", redirect: undefined, gateway: undefined } as const;
 * const challenges = [{ scheme: "basic", parameters: { realm: "mlflow" } }];
 * const refused = { ...answer, status: 401, text: "You are not authenticated.", challenges };
 * assert.equal(judgeSearch(refused, asked)?.code, "mlflow-wrong-scheme");
 * const taken = { ...answer, status: 200, text: '{"experiments": []}', challenges: [] };
 * assert.equal(judgeSearch(taken, asked), undefined);
 * ```
 */
export function judgeSearch(answer: Answer, asked: Asked): AuthError | undefined {
  const { base, kind } = asked;
  const refuse = (row: RefusalKind, detail?: string): AuthError =>
    refusal(row, { base, kind, status: answer.status, detail });
  if (answer.end !== "whole" && answer.status === 200) return refuse(answer.end);
  if (isTaken(answer)) return undefined;
  if (answer.redirect !== undefined) return judgeMove(answer, asked);
  const { status, challenges, gateway } = answer;
  if (status === 401 || status === 403) return refused(answer, { ...asked, refuse });
  const evidence = evidenceOf(answer);
  if (status === 407) return refuse("proxy");
  if (status === 429) return refuse("throttled");
  if (
    status === 400 && /plain HTTP request was sent to HTTPS port|HTTP request to an HTTPS server/i.test(answer.text)
  ) {
    return refuse("tls-port");
  }
  if (status === 400 && /No required SSL certificate|SSL certificate error/i.test(answer.text)) {
    return wantsCertificate(base, asked.hasCertificate ?? false);
  }
  if (status === 404 && jsonOf(answer)?.["error_code"] === "RESOURCE_DOES_NOT_EXIST") {
    return asked.workspace !== undefined && /workspace/i.test(answer.text)
      ? refuse("workspace", asked.workspace)
      : refuse("unknown-user");
  }
  if (status === 413 || status === 431) return refuse("too-large");
  // MLflow 3.17 with a cache for passwords falls over a token.
  const wants = (asked.wanted ?? []).map(({ scheme }) => scheme);
  if (status === 500 && wants.includes(kind === "bearer" ? "basic" : "bearer") && !wants.includes(kind)) {
    return refuse("wrong-scheme");
  }
  if (status >= 500) {
    return refuse(evidence.body === "mlflow-error" || ![502, 503, 504].includes(status) ? "failed" : "upstream");
  }
  if (evidence.body === "page" && status < 300) return refuse(gateway === undefined ? "page" : "gateway", gateway);
  return challenges.length > 0 ? refuse("gateway", gateway) : refuse("not-mlflow");
}

/**
 * Whether MLflow's client takes an answer for a list of experiments: any JSON object, of which it reads what it knows, and an empty
 * body, which it takes for an empty object.
 *
 * @param answer to the probe `search`
 *
 * @example
 * ```ts
 * import { isTaken } from "./judge.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(isTaken({ status: 200, text: '{"experiments": []}' }));
 * assert.ok(isTaken({ status: 200, text: "" }));
 * assert.ok(!isTaken({ status: 200, text: "[]" }));
 * ```
 */
export function isTaken(answer: Pick<Answer, "status" | "text">): boolean {
  return answer.status === 200 &&
    (["", "200 OK"].includes(answer.text.trim()) || jsonOf(answer) !== undefined ||
      /^\s*\{\s*"experiments"/.test(answer.text));
}

/** Where a redirect of the search leads a client. */
function judgeMove({ redirect, status }: Answer, { base, kind }: Asked): AuthError | undefined {
  if (redirect === undefined) return undefined;
  const move = judgeRedirect(redirect, { base, path: PROBES.search.path, status });
  if (move.isFollowed) return undefined;
  if (move.to === "server") return refusal("moved", { base, kind, status, detail: move.address });
  // A path may hold more than a name.
  const isPlain = /^\/[\w./-]{1,64}$/.test(redirect.pathname) && secretLook(redirect.pathname.slice(1)) === undefined;
  const detail = redirect.hostname === base.hostname && isPlain ? redirect.pathname : redirect.host;
  return refusal("login", { base, kind, status, detail });
}

type Refuse = (row: RefusalKind, detail?: string) => AuthError;

/** A refusal: the challenges say most, whatever the body is; then the body; the status alone says least. */
function refused(answer: Answer, asked: Asked & { readonly refuse: Refuse }): AuthError {
  const { refuse, isHealthy } = asked;
  if (says(answer, "Invalid Host header")) return refuse("host-blocked");
  // MLflow 3.16 and later say so of a route that they do not know, as below a path that is wrong.
  if (says(answer, "Permission denied")) return refuse(isHealthy ? "forbidden" : "not-mlflow");
  const bearer = answer.challenges.find(({ scheme }) => scheme === "bearer");
  if (bearer?.parameters["error"] === "insufficient_scope") return refuse("scope", scopeOf(bearer));
  const challenged = answer.status === 401 ? byChallenge(answer.challenges, asked) : undefined;
  if (challenged !== undefined) return challenged;
  if (says(answer, "You are not authenticated")) return refuse("rejected");
  const { body } = evidenceOf(answer);
  if (answer.status === 401) {
    return body === "json" || body === "mlflow-error" ? refuse("rejected") : refuse("gateway", answer.gateway);
  }
  if (bearer !== undefined) return refuse("rejected");
  if (body === "json" || body === "mlflow-error") return refuse(mayBePermission(answer) ? "forbidden" : "rejected");
  return refuse("gateway", answer.gateway);
}

/** What the schemes of a 401 ask for. */
function byChallenge(challenges: readonly Challenge[], { kind, refuse }: Asked & { readonly refuse: Refuse }) {
  const schemes = challenges.map(({ scheme }) => scheme);
  if (schemes.length === 0) return undefined;
  if (schemes.includes(kind)) {
    const isEntra = challenges.some(({ parameters }) => parameters["authorization_uri"] !== undefined);
    return refuse("rejected", isEntra ? "it wants one of Entra ID for its own application" : undefined);
  }
  if (schemes.includes("basic") || schemes.includes("bearer")) return refuse("wrong-scheme");
  return refuse("no-scheme", schemes.map(plainScheme).join(" or "));
}

/** Names come from outside: a message gets those that it knows. */
function plainScheme(scheme: string): string {
  const known: Readonly<Record<string, string>> = { negotiate: "Negotiate (Kerberos)", ntlm: "NTLM", digest: "Digest" };
  return known[scheme] ?? "a scheme of its own";
}

function scopeOf({ parameters }: Challenge): string | undefined {
  const scope = parameters["scope"];
  return scope !== undefined && /^[\w.:/ -]{1,128}$/.test(scope) ? scope : undefined;
}

/** MLflow's and mlflow-oidc-auth's own refusals; Databricks says 403 of tokens too, with a number for a code. */
function mayBePermission(answer: Answer): boolean {
  const json = jsonOf(answer);
  const message = json?.["message"];
  return json?.["error_code"] === "PERMISSION_DENIED" || (typeof message === "string" && /permission/i.test(message));
}
