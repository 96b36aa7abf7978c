import { Buffer } from "node:buffer";
import type { Field, ParsedHead } from "../../src/proxy/http1/llhttp.ts";

/** A field as the parser gives it. */
export const field = (name: string, value: string): Field => ({ name, key: name.toLowerCase(), value });

/** Fields by name and value, in order. */
export const fields = (...pairs: readonly (readonly [name: string, value: string])[]): readonly Field[] =>
  pairs.map(([name, value]) => field(name, value));

/** A request's head; a GET of `/version` under a loopback name where nothing else is said. */
export const requestHead = (parts: Partial<ParsedHead> = {}): ParsedHead => ({
  method: "GET",
  target: "/version",
  status: 0,
  reason: "",
  minor: 1,
  fields: fields(["Host", "127.0.0.1:5000"]),
  ...parts,
});

/** An answer's head; 200 where nothing else is said. */
export const answerHead = (parts: Partial<ParsedHead> = {}): ParsedHead => ({
  method: "",
  target: "",
  status: 200,
  reason: "OK",
  minor: 1,
  fields: [],
  ...parts,
});

/** Bytes of a text, one a character. */
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "latin1"));

/** A text of bytes, one character each. */
export const textOf = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString("latin1");

/**
 * Reads until a text has come, or the connection ends.
 *
 * @param read gives the next bytes, and `null` at the end
 * @param until the text, or what it looks like; all there is where it is left out
 * @returns all that has come
 */
export async function hear(
  read: () => Promise<Uint8Array | null>,
  until: string | RegExp | undefined,
): Promise<string> {
  let text = "";
  for (;;) {
    if (typeof until === "string" ? text.includes(until) : until?.test(text) === true) return text;
    const bytes = await read();
    if (bytes === null) return text;
    text += textOf(bytes);
  }
}
