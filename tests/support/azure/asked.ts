import type { Fault } from "./faults.ts";

/** A request, read whole, with what a part of Azure needs to answer it. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  /** The host in lower case, without its port. */
  readonly host: string;
  readonly headers: Headers;
  readonly body: string;
  /** Milliseconds since the Unix epoch, by the world's clock. */
  readonly nowMs: number;
  /** The faults that befall it. */
  readonly faults: readonly Fault[];
}

/** @returns the text after `Bearer `, or `undefined` where the request carries none */
export function bearerOf(asked: Asked): string | undefined {
  return /^Bearer +(\S+)$/i.exec(asked.headers.get("authorization") ?? "")?.[1];
}
