import { Buffer } from "node:buffer";
import { CANARY } from "../../support/canary.ts";

/** The word as it may be hidden in bytes: plain, in hexadecimal digits, in a URL, in UTF-16, and in base64 wherever it may begin. */
const FORMS: readonly (readonly [name: string, text: string])[] = [
  ["plain", CANARY],
  ["hex", Buffer.from(CANARY).toString("hex")],
  ["URL", [...Buffer.from(CANARY)].map((byte) => `%${byte.toString(16)}`).join("")],
  ["UTF-16", [...CANARY].join("\0")],
  // The characters that depend on what stands before and behind the word are left out.
  ...[0, 1, 2].map((before): readonly [string, string] => {
    const encoded = Buffer.from("\0".repeat(before) + CANARY).toString("base64").replace(/=+$/, "");
    const whole = before === 0 ? 0 : before + 1;
    return [`base64 at ${before}`, encoded.slice(whole, Math.floor((before + CANARY.length) * 8 / 6))];
  }),
];

/**
 * Looks for a made-up secret in bytes, in any of its forms.
 *
 * @param bytes output, a file, what a server was sent
 * @returns the form in which it was found, or `undefined`
 */
export function leakIn(bytes: Uint8Array | string): string | undefined {
  const text = typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("latin1");
  const lower = text.toLowerCase();
  return FORMS.find(([name, form]) => name.startsWith("base64") ? text.includes(form) : lower.includes(form))?.[0];
}

/** For a test of the search itself: the word in each form. */
export const EXAMPLES: readonly string[] = FORMS.map(([, form]) => `x${form}x`);
