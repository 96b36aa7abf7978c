import { azurePipelines } from "./azure_pipelines.ts";
import { cmd } from "./cmd.ts";
import { csh, tcsh } from "./csh.ts";
import { docker } from "./docker.ts";
import { dotenv } from "./dotenv.ts";
import { elvish } from "./elvish.ts";
import { fish } from "./fish.ts";
import type { Format } from "./format.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { json } from "./json.ts";
import { kubernetes } from "./kubernetes.ts";
import { nu } from "./nu.ts";
import { pwsh } from "./pwsh.ts";
import { sh } from "./sh.ts";
import { systemd } from "./systemd.ts";
import { xonsh } from "./xonsh.ts";

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
