import { AuthError, type ErrorCode, ERRORS } from "../../core/errors.ts";

/** What a sidecar says once: where it listens, or why it does not. */
export type Reply = { readonly port: number } | { readonly error: AuthError };

/**
 * Writes a reply as one line.
 *
 * @param reply the reply
 * @returns a line of JSON without its line break; an error's cause stays behind
 *
 * @example
 * ```ts
 * import { readReply, writeReply } from "./reply.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readReply(writeReply({ port: 4040 })), { port: 4040 });
 * ```
 */
export function writeReply(reply: Reply): string {
  if ("port" in reply) return JSON.stringify(reply);
  const { code, message, remedy } = reply.error;
  return JSON.stringify({ error: { code, message, remedy } });
}

/**
 * Reads a reply.
 *
 * @param line what {@link writeReply} wrote; `undefined` where the sidecar ended without one
 * @returns the reply; whatever is none becomes `proxy-failed`
 */
export function readReply(line: string | undefined): Reply {
  const reply = parsed(line);
  if (typeof reply["port"] === "number") return { port: reply["port"] };
  const { code, message, remedy } = objectOf(reply["error"]);
  const known = ERRORS.find((row) => row.code === code)?.code;
  if (known === undefined) return { error: proxyFailed("it ended before it listened") };
  return { error: new AuthError(known, { message: String(message), remedy: String(remedy) }) };
}

/**
 * The error of a proxy that did not start.
 *
 * @param reason what is so
 * @param cause the failure below
 * @returns `proxy-failed`
 */
export function proxyFailed(reason: string, cause?: unknown): AuthError {
  const code: ErrorCode = "proxy-failed";
  return new AuthError(code, {
    message: `Cannot start the proxy on "127.0.0.1": ${reason}`,
    remedy: "check that processes may be started and ports opened here: ulimit -u; ulimit -n",
    cause,
  });
}

type Members = Readonly<Record<string, unknown>>;

const objectOf = (value: unknown): Members => typeof value === "object" && value !== null ? value as Members : {};

function parsed(line: string | undefined): Members {
  try {
    return objectOf(JSON.parse(line ?? "{}"));
  } catch {
    // Not a line of ours: whoever reads it is told that the proxy failed.
    return {};
  }
}
