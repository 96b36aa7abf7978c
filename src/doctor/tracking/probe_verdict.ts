import type { Answer } from "./probe.ts";
import { refusal, refused, type Sender } from "./server_refusal.ts";

const isPage = ({ type, text }: Answer): boolean =>
  type.includes("html") && /<(!doctype|html|head|body|script)/i.test(text);

/** MLflow's own refusals are plain sentences, although Flask calls them HTML. */
const says = (answer: Answer, sentence: string): boolean => answer.text.trimStart().startsWith(sentence);

function jsonOf(answer: Answer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(answer.text);
    return isRecord(value) ? value : undefined;
  } catch {
    // What is no JSON is no answer of this API; one that was cut off at its end still begins like one.
    return answer.type === "application/json" && answer.text.startsWith('{"experiments"') ? {} : undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A list of experiments; MLflow leaves an empty one out. */
function isExperiments(answer: Answer): boolean {
  const json = answer.status === 200 ? jsonOf(answer) : undefined;
  return json !== undefined && Object.keys(json).every((key) => key === "experiments" || key === "next_page_token");
}

/**
 * Tells MLflow's own answer to `health`, which is public wherever MLflow stands.
 *
 * @param answer to the probe `health`
 * @returns whether it is `OK`
 *
 * @example
 * ```ts
 * import { isHealthy } from "./probe_verdict.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(isHealthy({ status: 200, text: "OK" }));
 * ```
 */
export function isHealthy({ status, text }: Pick<Answer, "status" | "text">): boolean {
  return status === 200 && text.trim() === "OK";
}

/**
 * Judges what a tracking server answers to who shows no credential.
 *
 * @param answers to `health` and `search`, unsigned
 * @param base the tracking server's URL
 * @returns `open` where it asks for none, `guarded` where MLflow refuses, `redirected` where something else does
 * @throws {AuthError} `mlflow-host-blocked`, `mlflow-failed` or `mlflow-not-mlflow`
 * @see https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/
 *
 * @example
 * ```ts
 * import { judgeUnsigned } from "./probe_verdict.ts";
 * import assert from "node:assert/strict";
 *
 * const plain = { type: "text/plain", redirectHost: undefined, challenge: undefined };
 * const answers = {
 *   health: { ...plain, status: 200, text: "OK" },
 *   search: { ...plain, status: 401, text: "You are not authenticated. Please see …", challenge: "basic" },
 * };
 * assert.equal(judgeUnsigned(answers, new URL("https://mlflow.example")), "guarded");
 * ```
 */
export function judgeUnsigned(
  answers: { readonly health: Answer; readonly search: Answer },
  base: URL,
): "open" | "guarded" | "redirected" {
  const { health, search } = answers;
  if (says(search, "Invalid Host header")) throw refusal("host-blocked", { base, ...search });
  const healthy = isHealthy(health);
  // An empty object alone may be anybody's.
  if (isExperiments(search) && (healthy || search.text.includes('"experiments"'))) return "open";
  if (search.status === 401 || says(search, "Permission denied")) {
    // A gateway in front may guard /health as well, so a challenge is enough where the page is not a login form.
    if (healthy || says(search, "You are not authenticated") || !isPage(search)) return "guarded";
  }
  if (search.status >= 500) throw refusal("failed", { base, ...search });
  if (search.redirectHost !== undefined || isPage(search) && search.status !== 404) return "redirected";
  if (search.status === 403) return "redirected";
  throw refusal("not-mlflow", { base, ...search });
}

/**
 * Judges what a tracking server answers to a search that shows the credential.
 *
 * @param answer to `search`, signed
 * @param sender the server and the kind of credential
 * @throws {AuthError} unless it is a list of experiments: `mlflow-wrong-scheme`, `mlflow-rejected`, `mlflow-forbidden`,
 * `mlflow-host-blocked`, `mlflow-intercepted`, `mlflow-failed` or `mlflow-not-mlflow`
 *
 * @example
 * ```ts
 * import { judgeSigned } from "./probe_verdict.ts";
 * import assert from "node:assert/strict";
 *
 * const sender = { base: new URL("https://mlflow.example"), kind: "bearer" } as const;
 * const refused = { status: 401, type: "text/html", text: "You are not authenticated.", redirectHost: undefined };
 * assert.throws(() => judgeSigned({ ...refused, challenge: "basic" }, sender), { code: "mlflow-wrong-scheme" });
 * ```
 */
export function judgeSigned(answer: Answer, sender: Sender): void {
  const { base, kind, wanted, healthy = true } = sender;
  if (isExperiments(answer)) return;
  if (says(answer, "Invalid Host header")) throw refusal("host-blocked", { base, ...answer });
  // MLflow 3.16 and later say so of a route that they do not know, as below a path that is wrong.
  if (says(answer, "Permission denied")) throw refusal(healthy ? "forbidden" : "not-mlflow", { base, ...answer });
  if (answer.status === 401 && !isPage(answer)) throw refused(answer, sender);
  if (answer.status === 404 && jsonOf(answer)?.["error_code"] === "RESOURCE_DOES_NOT_EXIST") {
    throw refusal("unknown-user", { base, ...answer });
  }
  const isElsewhere = answer.redirectHost !== undefined || isPage(answer) && answer.status < 404;
  if (isElsewhere || answer.status === 401 || answer.status === 403) {
    throw refusal("intercepted", { base, ...answer });
  }
  // MLflow 3.17 with a cache for passwords falls over a token.
  if (answer.status === 500 && wanted === "basic" && kind === "bearer") throw refused({ challenge: wanted }, sender);
  const hasFailed = answer.status >= 500 || answer.status === 429 || answer.status === 400;
  throw refusal(hasFailed ? "failed" : "not-mlflow", { base, ...answer });
}

/**
 * Reads who the server takes the sender for.
 *
 * @param answer to the probe `user`
 * @returns the user's name, or `undefined` where the server is older than 3.13, has no users, or gives no plain name
 *
 * @example
 * ```ts
 * import { readUser } from "./probe_verdict.ts";
 * import assert from "node:assert/strict";
 *
 * const rest = { type: "application/json", redirectHost: undefined, challenge: undefined };
 * const text = '{"is_basic_auth":true,"user":{"id":1,"is_admin":true,"username":"admin"}}';
 * assert.equal(readUser({ ...rest, status: 200, text }), "admin");
 * assert.equal(readUser({ ...rest, status: 404, text: "<!doctype html>" }), undefined);
 * ```
 */
export function readUser(answer: Answer): string | undefined {
  const user = answer.status === 200 ? jsonOf(answer)?.["user"] : undefined;
  const name = isRecord(user) ? user["username"] : undefined;
  // The name comes from outside: a terminal gets plain characters alone.
  return typeof name === "string" && /^[\p{L}\p{N} ._@+\\-]{1,128}$/u.test(name) ? name : undefined;
}

/**
 * Reads the server's version.
 *
 * @param answer to the probe `version`
 * @returns such as `3.17.2`, or `undefined`
 *
 * @example
 * ```ts
 * import { readVersion } from "./probe_verdict.ts";
 * import assert from "node:assert/strict";
 *
 * const rest = { type: "text/html", redirectHost: undefined, challenge: undefined };
 * assert.equal(readVersion({ ...rest, status: 200, text: "3.17.2" }), "3.17.2");
 * ```
 */
export function readVersion(answer: Answer): string | undefined {
  return answer.status === 200 ? /^\s*(\d+\.\d+[\w.+-]{0,30})\s*$/.exec(answer.text)?.[1] : undefined;
}
