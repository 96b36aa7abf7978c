import { AuthError } from "../core/errors.ts";
import type { Host } from "../core/host.ts";

/** A variable that a runtime obeys before any code of ours runs. */
interface LoudVariable {
  readonly name: string;
  /** Whether its value asks for something. */
  readonly asks: (value: string) => boolean;
  /** Ends `Cannot keep tokens to itself: "NAME" makes …`. */
  readonly makes: string;
}

const isOn = (value: string): boolean => !/^(|0|false)$/i.test(value);

/** Bun's, in every program that it compiled. */
const BUN: readonly LoudVariable[] = [
  { name: "BUN_CONFIG_VERBOSE_FETCH", asks: isOn, makes: "Bun print requests with their headers" },
];

/** Deno's, where the program runs from source; a compiled program heeds none of them. */
const DENO: readonly LoudVariable[] = [
  { name: "DENO_AUDIT_PERMISSIONS", asks: (value) => value !== "", makes: "Deno write down what is read and asked" },
  { name: "DENO_COVERAGE_DIR", asks: (value) => value !== "", makes: "Deno write down what has run" },
  {
    name: "DENO_V8_FLAGS",
    asks: (value) => value !== "",
    makes: "Deno hand flags to its engine, which may print or keep anything",
  },
  {
    name: "NODE_OPTIONS",
    asks: (value) => /(^|\s)(-r|--require|--import|--inspect)/.test(value),
    makes: "Deno run other code first",
  },
  { name: "OTEL_DENO", asks: isOn, makes: "Deno send what it logs and asks to a collector" },
  { name: "SSLKEYLOGFILE", asks: (value) => value !== "", makes: "Deno write down the keys of its connections" },
];

/**
 * Finds what would make the runtime itself show or hand on a secret, where that cannot be undone from here.
 *
 * @param host the build and the environment
 * @returns a `setting-conflict` for each such variable
 *
 * @example
 * ```ts
 * import { loudRuntime } from "./loud_runtime.ts";
 * import { fakeHost } from "../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const { build } = fakeHost();
 * const host = { build: { ...build, runtime: "deno", compiled: false }, env: { OTEL_DENO: "true" } } as const;
 * assert.equal(loudRuntime(host)[0]?.code, "setting-conflict");
 * ```
 */
export function loudRuntime({ build, env }: Pick<Host, "build" | "env">): readonly AuthError[] {
  const variables = build.runtime === "bun" ? BUN : build.compiled ? [] : DENO;
  const better = build.runtime === "bun"
    ? "the executable that Deno compiled"
    : "a compiled executable, which does not heed it";
  return variables.filter(({ name, asks }) => asks(env[name] ?? "")).map(({ name, makes }) =>
    new AuthError("setting-conflict", {
      message: `Cannot keep tokens to itself: "${name}" makes ${makes}`,
      remedy: `use ${better}, or: unset ${name}`,
    })
  );
}
