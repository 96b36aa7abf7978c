import type { Changes } from "../../core/host.ts";
import { LINE_BREAK } from "../characters.ts";
import type { Format, FormatContext } from "./format.ts";
import { type Limit, valuesOf } from "../values.ts";

const LIMITS: readonly Limit[] = [
  // The agent refuses such a command and shows all of it, the value too.
  LINE_BREAK,
  { reason: "the value holds a dollar sign before a parenthesis", exceeded: (value) => value.includes("$(") },
];

const NO_PERCENTS: Limit = {
  reason: "the value holds a percent code, and DECODE_PERCENTS is false",
  exceeded: (value) => /%(3B|0D|0A|5D)/i.test(value),
};

/**
 * Later steps of an Azure Pipelines job, as secret variables; a step sees one that its `env:` maps. They cannot be removed: those to be
 * removed that have a value are made empty. `--unset` empties all, since a secret variable is not in the environment.
 *
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands#setvariable-initialize-or-modify-the-value-of-a-variable
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { azurePipelines } from "./azure_pipelines.ts";
 * import assert from "node:assert/strict";
 *
 * const text = azurePipelines.print({ set: [["T", new Secret("a;%")]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(text, "##vso[task.setvariable variable=T;issecret=true]a%3B%AZP25\n");
 * ```
 */
export const azurePipelines: Format = {
  name: "azure-pipelines",
  reader: "later steps of an Azure Pipelines job",
  usage: "mlflow-auth export --format azure-pipelines",
  print: printAzurePipelines,
  unset: (names) => names.map((name) => setting(name, "")).join(""),
  failure: "",
  outlives: true,
};

function printAzurePipelines(changes: Changes, { env }: FormatContext): string {
  const decodes = env["DECODE_PERCENTS"]?.toLowerCase() !== "false";
  const limits = decodes ? LIMITS : [...LIMITS, NO_PERCENTS];
  const values = valuesOf(changes, { format: "azure-pipelines", instead: "json", limits });
  return [
    ...changes.remove.filter((name) => (env[name] ?? "") !== "").map((name) => setting(name, "")),
    ...values.map(([name, value]) => setting(name, escaped(value, decodes))),
  ].join("");
}

const setting = (name: string, data: string): string =>
  `##vso[task.setvariable variable=${name};issecret=true]${data}\n`;

// % first, or the codes of the other two would be escaped as well.
function escaped(value: string, decodes: boolean): string {
  const percents = decodes ? value.replaceAll("%", "%AZP25") : value;
  return percents.replaceAll(";", "%3B").replaceAll("]", "%5D");
}
