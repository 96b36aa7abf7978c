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

/** Other names of formats, as people type them. */
export const ALIASES: Readonly<Record<string, string>> = {
  bash: "sh",
  zsh: "sh",
  ksh: "sh",
  mksh: "sh",
  dash: "sh",
  ash: "sh",
  posix: "sh",
  shell: "sh",
  powershell: "pwsh",
  ps1: "pwsh",
  nushell: "nu",
  batch: "cmd",
  env: "dotenv",
  ".env": "dotenv",
  envfile: "dotenv",
  "env-file": "dotenv",
  "docker-env": "docker",
  k8s: "kubernetes",
  "github-actions": "github",
  "gitlab-ci": "gitlab",
  azure: "azure-pipelines",
  azdo: "azure-pipelines",
};

/**
 * Finds a format by its name, or by another one that people type, in any case.
 *
 * @param name the name
 * @returns the format, or `undefined` for a name that is not known
 * @example
 * ```ts
 * import { findFormat } from "./formats.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(findFormat("fish")?.failure, "false\n");
 * assert.equal(findFormat("bash")?.name, "sh");
 * assert.equal(findFormat("nosuch"), undefined);
 * ```
 */
export function findFormat(name: string): Format | undefined {
  const wanted = name.toLowerCase().replace(/^dotenv.*/, "dotenv");
  const own = Object.hasOwn(ALIASES, wanted) ? ALIASES[wanted] : wanted;
  return FORMATS.find((format) => format.name === own);
}
