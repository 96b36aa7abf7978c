/** An answer of the proxy itself. */
export interface Reply {
  readonly status: number;
  readonly fields?: readonly (readonly [name: string, value: string])[];
  /** Goes out as JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  302: "Found",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  417: "Expectation Failed",
  431: "Request Header Fields Too Large",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** MLflow's own words for a status, so that its clients show the message. */
const ERROR_CODES: Readonly<Record<number, string>> = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "ENDPOINT_NOT_FOUND",
  502: "TEMPORARILY_UNAVAILABLE",
  503: "TEMPORARILY_UNAVAILABLE",
};

/**
 * A refusal in the form of MLflow's errors, whose message its clients show.
 *
 * @param status the HTTP status
 * @param message `Cannot <do what> "<with what>": <what is so>`
 * @param options further fields
 * @returns the answer
 *
 * @example
 * ```ts
 * import { refusal } from "./reply.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(refusal(401, "Cannot pass the proxy: key is wrong").body, {
 *   error_code: "UNAUTHENTICATED",
 *   message: "mlflow-auth: Cannot pass the proxy: key is wrong",
 * });
 * ```
 */
export function refusal(
  status: number,
  message: string,
  { fields = [] }: { readonly fields?: NonNullable<Reply["fields"]> } = {},
): Reply {
  const code = ERROR_CODES[status] ?? "BAD_REQUEST";
  return { status, fields, body: { error_code: code, message: `mlflow-auth: ${message}` } };
}

/**
 * Writes an answer of the proxy.
 *
 * @param reply what to answer
 * @param options whether the body is left out, as for HEAD, and whether the connection stays open
 * @returns its bytes
 */
export function replyBytes(
  reply: Reply,
  { head, keep }: { readonly head: boolean; readonly keep: boolean },
): Uint8Array {
  const body = new TextEncoder().encode(`${JSON.stringify(reply.body)}\n`);
  const lines = [
    `HTTP/1.1 ${reply.status} ${REASONS[reply.status] ?? ""}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    "Cache-Control: no-store",
    ...(reply.fields ?? []).map(([name, value]) => `${name}: ${value}`),
    `Connection: ${keep ? "keep-alive" : "close"}`,
  ];
  const text = new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
  const bytes = new Uint8Array(text.length + (head ? 0 : body.length));
  bytes.set(text);
  if (!head) bytes.set(body, text.length);
  return bytes;
}
