import type { Answer } from "./answer.ts";

/** What the body of an answer is; MLflow's own sentences are plain text, although Flask calls them HTML. */
export type BodyKind =
  | "experiments"
  | "mlflow-sentence"
  | "mlflow-error"
  | "json"
  | "page"
  | "text"
  | "empty";

/** What an answer shows of who gave it. */
export interface Evidence {
  readonly body: BodyKind;
  /** MLflow itself has answered: one of its sentences, errors or lists. */
  readonly isMlflow: boolean;
  /** A program for programs has answered: MLflow, or a gate that challenges or refuses as an API does. A page is none. */
  readonly isApi: boolean;
}

const SENTENCES = [
  "You are not authenticated",
  "Permission denied",
  "Invalid Host header",
  "Cross-origin request blocked",
  "Endpoint: ",
] as const;

/** Names of MLflow's error codes; those of Databricks may be numbers. */
const ERROR_CODE = /^[A-Z][A-Z0-9_]+$/;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads an answer's body as a JSON object.
 *
 * @param answer the answer
 * @returns the object, or `undefined` for everything else
 *
 * @example
 * ```ts
 * import { jsonOf } from "./evidence.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(jsonOf({ text: '{"a": 1}' }), { a: 1 });
 * assert.equal(jsonOf({ text: "[1]" }), undefined);
 * ```
 */
export function jsonOf({ text }: Pick<Answer, "text">): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // What is no JSON is no object: every other kind of body comes this way.
    return undefined;
  }
}

/**
 * Whether an answer begins with a sentence of MLflow's.
 *
 * @param answer the answer
 * @param sentence how it begins
 *
 * @example
 * ```ts
 * import { says } from "./evidence.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(says({ text: "Permission denied" }, "Permission denied"));
 * ```
 */
export function says({ text }: Pick<Answer, "text">, sentence: typeof SENTENCES[number]): boolean {
  return text.trimStart().startsWith(sentence);
}

/**
 * Judges who answered, by the answer alone.
 *
 * @param answer what a server answered to the search, or to any other path of MLflow's API
 * @returns what its body is, and whose it can be
 *
 * @example
 * ```ts
 * import { evidenceOf } from "./evidence.ts";
 * import assert from "node:assert/strict";
 *
 * const page = { status: 200, type: "text/html", text: "<!doctype html><html></html>", challenges: [] };
 * assert.deepEqual(evidenceOf(page), { body: "page", isMlflow: false, isApi: false });
 * const refusal = { status: 401, type: "text/html", text: "You are not authenticated. Please see …", challenges: [] };
 * assert.deepEqual(evidenceOf(refusal), { body: "mlflow-sentence", isMlflow: true, isApi: true });
 * ```
 */
export function evidenceOf(answer: Pick<Answer, "status" | "type" | "text" | "challenges">): Evidence {
  const body = bodyKind(answer);
  const isMlflow = body === "experiments" || body === "mlflow-sentence" || body === "mlflow-error";
  const refuses = answer.status === 401 || answer.status === 403;
  const challenged = answer.status === 401 && answer.challenges.length > 0;
  return { body, isMlflow, isApi: isMlflow || challenged || (refuses && body === "json") };
}

function bodyKind(answer: Pick<Answer, "status" | "type" | "text">): BodyKind {
  const { status, type, text } = answer;
  if (text.trim() === "") return "empty";
  const json = jsonOf(answer);
  if (json !== undefined) {
    if (status === 200 && isExperiments(json, text)) return "experiments";
    const code = json["error_code"];
    return typeof code === "string" && ERROR_CODE.test(code) ? "mlflow-error" : "json";
  }
  if (SENTENCES.some((sentence) => says(answer, sentence)) && status >= 400) return "mlflow-sentence";
  // One that was cut off at our limit still begins like one.
  if (status === 200 && type === "application/json" && /^\s*\{\s*"experiments"/.test(text)) return "experiments";
  if (/^\s*[[{"]/.test(text) && type.includes("json")) return "json";
  return /<(!doctype|html|head|body|script)/i.test(text) ? "page" : "text";
}

/** MLflow leaves an empty list out; then there is nothing else either. */
function isExperiments(json: Readonly<Record<string, unknown>>, text: string): boolean {
  const known = Object.keys(json).every((key) => key === "experiments" || key === "next_page_token");
  return known && (text.includes('"experiments"') ? Array.isArray(json["experiments"]) : true);
}

/**
 * Tells the public answer of MLflow and of mlflow-oidc-auth to the probe `health`.
 *
 * @param answer what came
 * @returns whether it is theirs
 *
 * @example
 * ```ts
 * import { isHealthy } from "./evidence.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(isHealthy({ status: 200, text: "OK" }));
 * assert.ok(isHealthy({ status: 200, text: '{"status":"ok"}' }));
 * assert.ok(!isHealthy({ status: 200, text: "<html>OK</html>" }));
 * ```
 */
export function isHealthy(answer: Pick<Answer, "status" | "text">): boolean {
  return answer.status === 200 && (answer.text.trim() === "OK" || jsonOf(answer)?.["status"] === "ok");
}
