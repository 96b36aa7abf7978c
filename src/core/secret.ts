const REDACTED = "[redacted]";

/**
 * A text that must not be seen: it prints as `[redacted]` however it is printed, and gives its value only to who asks for it by name.
 *
 * @example
 * ```ts
 * import { Secret } from "./secret.ts";
 * import assert from "node:assert/strict";
 *
 * const secret = new Secret("hunter2");
 * assert.equal(`${secret}`, "[redacted]");
 * assert.equal(JSON.stringify({ secret }), '{"secret":"[redacted]"}');
 * assert.equal(secret.reveal(), "hunter2");
 * ```
 */
export class Secret {
  readonly #value: string;

  /** @param value the text to keep */
  constructor(value: string) {
    this.#value = value;
  }

  /** @returns the text itself; the only way to get it */
  reveal(): string {
    return this.#value;
  }

  /** @returns `[redacted]` */
  toString(): string {
    return REDACTED;
  }

  /** @returns `[redacted]` */
  toJSON(): string {
    return REDACTED;
  }

  /** @returns `[redacted]` */
  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  /** @returns `[redacted]`, for `console.log` of Node and Bun */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return REDACTED;
  }

  /** @returns `[redacted]`, for `console.log` of Deno */
  [Symbol.for("Deno.customInspect")](): string {
    return REDACTED;
  }
}
