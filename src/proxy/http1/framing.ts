import type { Field, ParsedHead } from "./llhttp.ts";

/** How a body ends: not at all, after so many bytes, by its last chunk, or with the connection. */
export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" };

const NONE: Framing = { kind: "none" };
const CHUNKED: Framing = { kind: "chunked" };

/** What a head's own fields say; `undefined` where two readers could understand it differently (RFC 9112, section 6.3). */
function stated({ fields, minor }: Pick<ParsedHead, "fields" | "minor">): Framing | "nothing" | undefined {
  let length: Field | undefined;
  let coding: Field | undefined;
  for (const field of fields) {
    if (field.key === "content-length") {
      if (length !== undefined) return undefined;
      length = field;
    } else if (field.key === "transfer-encoding") {
      if (coding !== undefined) return undefined;
      coding = field;
    }
  }
  if (coding !== undefined) {
    return length === undefined && minor === 1 && coding.value.toLowerCase() === "chunked" ? CHUNKED : undefined;
  }
  if (length === undefined) return "nothing";
  return /^\d{1,15}$/.test(length.value) ? { kind: "length", bytes: Number(length.value) } : undefined;
}

/**
 * Says how the body of a request ends.
 *
 * @param head its head
 * @returns the framing; `undefined` for one that is refused: two lengths, a length and chunks, another coding, chunks in HTTP/1.0
 *
 * @example
 * ```ts
 * import { requestFraming } from "./framing.ts";
 * import assert from "node:assert/strict";
 *
 * const length = { name: "Content-Length", key: "content-length", value: "5" };
 * assert.deepEqual(requestFraming({ minor: 1, fields: [length] }), { kind: "length", bytes: 5 });
 * assert.equal(requestFraming({ minor: 1, fields: [length, length] }), undefined);
 * ```
 */
export function requestFraming(head: Pick<ParsedHead, "fields" | "minor">): Framing | undefined {
  const framing = stated(head);
  return framing === "nothing" ? NONE : framing;
}

/**
 * Says how the body of an answer ends.
 *
 * @param head its head
 * @param method of the request: an answer to HEAD has no body
 * @returns the framing; `undefined` for one that cannot be passed on safely
 */
export function answerFraming(
  head: Pick<ParsedHead, "fields" | "minor" | "status">,
  method: string,
): Framing | undefined {
  const framing = stated(head);
  if (framing === undefined) return undefined;
  if (method === "HEAD" || head.status < 200 || head.status === 204 || head.status === 304) return NONE;
  return framing === "nothing" ? { kind: "close" } : framing;
}
