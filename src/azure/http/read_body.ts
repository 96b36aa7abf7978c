/** Most bytes of an answer; those of Entra ID and Key Vault have a few thousand. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads an answer to its end, unless that is too far away.
 *
 * @param response what came back
 * @returns its text; `undefined` for one of more than 1 MiB, of which no more is read
 *
 * @example
 * ```ts
 * import { readBody } from "./read_body.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(await readBody(new Response("hello")), "hello");
 * ```
 */
export async function readBody(response: Response): Promise<string | undefined> {
  const { headers, body } = response;
  // An announced length is kept by the protocol; of what was compressed it is the wrong one.
  const length = headers.has("content-encoding") ? undefined : headers.get("content-length");
  if (length !== undefined && length !== null && Number(length) <= MAX_BODY_BYTES) return await response.text();
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = 0; reader !== undefined;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (bytes > MAX_BODY_BYTES) {
      await reader.cancel().catch(() => {});
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}
