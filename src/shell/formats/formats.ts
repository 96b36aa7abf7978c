import type { Changes } from "../../core/host.ts";
import { azurePipelines } from "./azure_pipelines.ts";
import { cmd } from "./cmd.ts";
import { csh, tcsh } from "./csh.ts";
import { docker } from "./docker.ts";
import { dotenv } from "./dotenv.ts";
import { elvish } from "./elvish.ts";
import { fish } from "./fish.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { json } from "./json.ts";
import { kubernetes } from "./kubernetes.ts";
import { nu } from "./nu.ts";
import { pwsh } from "./pwsh.ts";
import { sh } from "./sh.ts";
import { systemd } from "./systemd.ts";
import { xonsh } from "./xonsh.ts";

/** What a format may ask about the world in which its text is read. */
export interface Surroundings {
  /** The environment of the caller; formats that cannot unset look here for what must be blanked. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives 32 random hexadecimal digits, other ones at each call. */
  readonly random: () => string;
}

/** A way to print variables. Pure: the same changes in the same surroundings give the same text. */
export interface Format {
  /** As `--format` takes it. */
  readonly name: string;
  /** Who reads the text, for help and docs. */
  readonly reader: string;
  /** The line that a user runs. */
  readonly usage: string;
  /**
   * Gives the whole text, final newline included: what is removed first, then what is set, each in the order of the changes.
   * Throws `format-cannot-hold` for a value that would not come back byte for byte.
   */
  readonly print: (changes: Changes, around: Surroundings) => string;
  /** The counterpart; absent where the format cannot say it. Holds no secret. */
  readonly unset?: (names: readonly string[], around: Surroundings) => string;
  /** What stdout must carry when anything fails, newline included, so that the reader fails too; `""` for data, files and CI. */
  readonly failure: string;
  /** The variable that names the file to which the text is appended; absent: the text goes to stdout. */
  readonly file?: string;
  /** Lines for stderr that hide the values in the log, to be printed before anything else; under `GITHUB_ACTIONS=true` alone. */
  readonly masks?: (changes: Changes) => string;
}

/**
 * Every format, in the order in which help and docs list them.
 *
 * @example
 * ```ts
 * import { FORMATS } from "./formats.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(FORMATS[0]?.name, "sh");
 * ```
 */
export const FORMATS: readonly Format[] = [
  sh,
  fish,
  pwsh,
  cmd,
  csh,
  tcsh,
  nu,
  elvish,
  xonsh,
  json,
  dotenv,
  docker,
  systemd,
  kubernetes,
  github,
  azurePipelines,
  gitlab,
];

/**
 * Finds a format by its name.
 *
 * @param name the name, exactly as in {@link FORMATS}
 * @returns the format, or `undefined` for a name that is not known
 * @example
 * ```ts
 * import { findFormat } from "./formats.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(findFormat("fish")?.failure, "false\n");
 * assert.equal(findFormat("bash"), undefined);
 * ```
 */
export function findFormat(name: string): Format | undefined {
  return FORMATS.find((format) => format.name === name);
}
