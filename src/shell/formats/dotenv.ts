import { LINE_BREAK, NONCHARACTER } from "../characters.ts";
import type { Format } from "./format.ts";
import { isPlain, type Limit, valuesOf } from "../values.ts";

const LIMITS: readonly Limit[] = [
  LINE_BREAK,
  NONCHARACTER,
  {
    reason: "the value holds quotes, backslashes or dollar signs that readers of .env files take differently",
    exceeded: (value) => quoted(value) === undefined,
  },
];

/**
 * A `.env` file. Its readers disagree about nearly everything, so this prints what all of them read alike: python-dotenv, dotenv for
 * Node.js, `node --env-file`, dotenv for Ruby, Docker Compose, direnv, systemd and POSIX shells.
 *
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { dotenv } from "./dotenv.ts";
 * import assert from "node:assert/strict";
 *
 * const print = (value: string) =>
 *   dotenv.print({ set: [["T", new Secret(value)]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(print("e30.e30"), "T=e30.e30\n");
 * assert.equal(print("a#b"), "T='a#b'\n");
 * assert.equal(print("it's"), `T="it's"\n`);
 * ```
 */
export const dotenv: Format = {
  name: "dotenv",
  reader: "programs that read a .env file",
  usage: "mlflow-auth export --format dotenv > .env",
  print: (changes) =>
    valuesOf(changes, { format: "dotenv", instead: "json", limits: LIMITS })
      .map(([name, value]) => `${name}=${quoted(value)}\n`).join(""),
  failure: "",
  outlives: true,
};

// python-dotenv expands ${X} in single quotes too, and each reader has its own rule for \\ there.
function quoted(value: string): string | undefined {
  if (isPlain(value)) return value;
  if (!/'|\\\\|\\$|\$\{/.test(value)) return `'${value}'`;
  return /["$\\`]/.test(value) ? undefined : `"${value}"`;
}
