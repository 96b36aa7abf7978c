import { Buffer } from "node:buffer";
import wasm from "undici/lib/llhttp/llhttp_simd-wasm.js";

/** A field of a head. */
export interface Field {
  /** Its name as it was written. */
  readonly name: string;
  /** Its name in lower case. */
  readonly key: string;
  /** Its value without the blanks around it. */
  readonly value: string;
}

/** What llhttp reads in a head. Each character of its texts is one byte. */
export interface ParsedHead {
  /** Upper-case method of a request; `""` for an answer. */
  readonly method: string;
  /** Target of a request, as it was sent; `""` for an answer. */
  readonly target: string;
  /** Status of an answer; 0 for a request. */
  readonly status: number;
  /** Reason of an answer, possibly `""`. */
  readonly reason: string;
  /** Minor number of HTTP/1.x. */
  readonly minor: 0 | 1;
  readonly fields: readonly Field[];
}

/** Reads a head, from its first byte to the empty line; `undefined` where it is malformed. */
export type ParseHead = (bytes: Uint8Array, kind: "request" | "answer") => ParsedHead | undefined;

/** Most bytes that a head may have. */
export const MAX_HEAD_BYTES = 64 * 1024;

interface Llhttp {
  readonly memory: WebAssembly.Memory;
  readonly _initialize: () => void;
  readonly malloc: (bytes: number) => number;
  readonly llhttp_alloc: (type: number) => number;
  readonly llhttp_reset: (parser: number) => void;
  readonly llhttp_execute: (parser: number, at: number, length: number) => number;
  readonly llhttp_get_http_major: (parser: number) => number;
  readonly llhttp_get_http_minor: (parser: number) => number;
}

/** Called with the parser, and with where a text stands in its memory; a number that is not 0 stops it. */
type OnSpan = (parser: number, at: number, length: number) => number;

interface Callbacks {
  readonly wasm_on_message_begin: () => number;
  readonly wasm_on_url: OnSpan;
  readonly wasm_on_status: OnSpan;
  readonly wasm_on_header_field: OnSpan;
  readonly wasm_on_header_value: OnSpan;
  readonly wasm_on_headers_complete: () => number;
  readonly wasm_on_body: () => number;
  readonly wasm_on_message_complete: () => number;
}

/** As the package numbers them. */
const TYPES = { request: 1, answer: 2 } as const;

/** Ends the parser once the head is complete: the body is not its concern. */
const STOP = -1;

const [TAB, LF, CR, BLANK] = [9, 10, 13, 32];

/**
 * Looks for line ends that are no CRLF, folded lines and NUL: llhttp lets some of them pass in some places, and two readers of such a
 * head may see two different ones (RFC 9112, sections 2.2 and 5.2).
 */
function lookAt(bytes: Uint8Array): "ascii" | "latin1" | "ambiguous" {
  let all = 0;
  let before = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < BLANK) {
      if (byte === 0 || (byte === LF) !== (before === CR)) return "ambiguous";
      if (byte === TAB && before === LF) return "ambiguous";
    } else if (before === CR || (byte === BLANK && before === LF)) return "ambiguous";
    before = byte;
    all |= byte;
  }
  if (before === CR) return "ambiguous";
  return all < 128 ? "ascii" : "latin1";
}

/** llhttp leaves the blanks behind a value to its caller. */
function withoutBlanks(value: string): string {
  let end = value.length;
  while (value[end - 1] === " " || value[end - 1] === "\t") end--;
  return end === value.length ? value : value.slice(0, end);
}

/** Compiles llhttp, which takes longer than all else that a proxy starts with. */
function instantiate(): ParseHead {
  const binary: unknown = wasm;
  if (!(binary instanceof Uint8Array)) throw new TypeError("undici holds no llhttp");
  let text = "";
  let base = 0;
  let target = "";
  let reason = "";
  let complete = false;
  let fields: Field[] = [];
  let name = "";
  const span = (at: number, length: number): string => text.slice(at - base, at - base + length);
  const env: Callbacks = {
    wasm_on_message_begin: () => 0,
    wasm_on_url: (_, at, length) => (target = span(at, length), 0),
    wasm_on_status: (_, at, length) => (reason = span(at, length), 0),
    wasm_on_header_field: (_, at, length) => (name = span(at, length), 0),
    wasm_on_header_value: (_, at, length) => {
      fields.push({ name, key: name.toLowerCase(), value: withoutBlanks(span(at, length)) });
      return 0;
    },
    wasm_on_headers_complete: () => (complete = true, STOP),
    wasm_on_body: () => STOP,
    wasm_on_message_complete: () => STOP,
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(binary)), { env: { ...env } });
  const llhttp = instance.exports as WebAssembly.Exports & Llhttp;
  llhttp._initialize();
  const parsers = { request: llhttp.llhttp_alloc(TYPES.request), answer: llhttp.llhttp_alloc(TYPES.answer) };
  base = llhttp.malloc(MAX_HEAD_BYTES);
  let memory = new Uint8Array(llhttp.memory.buffer);
  const decoder = new TextDecoder();

  return (bytes, kind) => {
    if (bytes.length > MAX_HEAD_BYTES) return undefined;
    const look = lookAt(bytes);
    if (look === "ambiguous") return undefined;
    text = look === "ascii"
      ? decoder.decode(bytes)
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    const parser = parsers[kind];
    llhttp.llhttp_reset(parser);
    target = reason = "";
    fields = [];
    complete = false;
    if (memory.buffer !== llhttp.memory.buffer) memory = new Uint8Array(llhttp.memory.buffer);
    memory.set(bytes, base);
    llhttp.llhttp_execute(parser, base, bytes.length);
    const minor = llhttp.llhttp_get_http_minor(parser);
    if (!complete || llhttp.llhttp_get_http_major(parser) !== 1 || (minor !== 0 && minor !== 1)) return undefined;
    const blank = text.indexOf(" ");
    return kind === "request"
      ? { method: text.slice(0, blank), target, status: 0, reason: "", minor, fields }
      : { method: "", target: "", status: Number(text.slice(blank + 1, blank + 4)), reason, minor, fields };
  };
}

/**
 * Makes the reader of heads: llhttp, the parser of Node, as the WebAssembly that `undici` ships.
 *
 * @returns the reader; it is made when the first head comes, and keeps nothing between two heads
 * @see https://github.com/nodejs/llhttp
 *
 * @example
 * ```ts
 * import { makeParser } from "./llhttp.ts";
 * import assert from "node:assert/strict";
 *
 * const parse = makeParser();
 * const head = parse(new TextEncoder().encode("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"), "request");
 * assert.deepEqual(head?.fields, [{ name: "Host", key: "host", value: "localhost" }]);
 * ```
 */
export function makeParser(): ParseHead {
  let parse: ParseHead | undefined;
  return (bytes, kind) => (parse ??= instantiate())(bytes, kind);
}
