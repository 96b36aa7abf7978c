import type { Field } from "./llhttp.ts";

/** Fields that are about one connection alone (RFC 9110, section 7.6.1, and the older list of RFC 2616). */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"],
  ...["proxy-authenticate", "proxy-authentication-info", "proxy-authorization", "proxy-connection"],
]);

/** What nearly every `Connection` says, read already. */
const USUAL: ReadonlyMap<string, readonly string[]> = new Map(
  ["close", "keep-alive", "Close", "Keep-Alive"].map((value) => [value, [value.toLowerCase()]]),
);

/**
 * The values of a field.
 *
 * @param fields of a head
 * @param key its name in lower case
 * @returns each value, in order
 */
export function valuesOf(fields: readonly Field[], key: string): readonly string[] {
  let values: string[] | undefined;
  for (const field of fields) if (field.key === key) (values ??= []).push(field.value);
  return values ?? [];
}

/**
 * What `Connection` lists.
 *
 * @param fields of a head
 * @returns its tokens in lower case: names of fields, `close`, `keep-alive`, `upgrade`
 */
export function connectionTokens(fields: readonly Field[]): readonly string[] {
  const values = valuesOf(fields, "connection");
  if (values.length === 0) return values;
  const usual = values.length === 1 ? USUAL.get(values[0] ?? "") : undefined;
  if (usual !== undefined) return usual;
  return values.flatMap((value) =>
    value.toLowerCase().split(",").map((token) => token.trim()).filter((token) => token !== "")
  );
}

/**
 * Leaves out what is about the connection alone, and more.
 *
 * @param fields of a head
 * @param more further names to leave out, in lower case
 * @returns the others, in order
 *
 * @example
 * ```ts
 * import { endToEnd } from "./fields.ts";
 * import assert from "node:assert/strict";
 *
 * const field = (name: string, value: string) => ({ name, key: name.toLowerCase(), value });
 * const fields = [field("Connection", "close, X-Hop"), field("X-Hop", "1"), field("Accept", "*\/*")];
 * assert.deepEqual(endToEnd(fields, new Set()), [field("Accept", "*\/*")]);
 * ```
 */
export function endToEnd(fields: readonly Field[], more?: ReadonlySet<string>): readonly Field[] {
  // A length is about the message, whatever the sender lists.
  const listed = connectionTokens(fields);
  const kept: Field[] = [];
  for (const field of fields) {
    const { key } = field;
    if (HOP_BY_HOP.has(key) || more?.has(key) === true) continue;
    if (key === "content-length" || !listed.includes(key)) kept.push(field);
  }
  return kept;
}

/**
 * Whether a connection stays open after a message, as far as its head says.
 *
 * @param head minor version and fields
 * @returns true where it does
 */
export function staysOpen(head: { readonly minor: number; readonly fields: readonly Field[] }): boolean {
  const tokens = connectionTokens(head.fields);
  if (tokens.includes("close")) return false;
  return head.minor === 1 || tokens.includes("keep-alive");
}

/**
 * Writes the lines of fields.
 *
 * @param fields of a head
 * @returns the lines, each with its line end
 */
export function fieldLines(fields: readonly Field[]): string {
  let text = "";
  for (const { name, value } of fields) text += `${name}: ${value}\r\n`;
  return text;
}
