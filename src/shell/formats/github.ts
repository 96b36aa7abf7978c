import type { Changes } from "../../core/host.ts";
import type { Format, FormatContext } from "./format.ts";
import { masks } from "../masks.ts";
import { refusal } from "../refusal.ts";
import { valuesOf } from "../values.ts";

/**
 * Later steps of a GitHub Actions job. The lines are for the end of the file that `GITHUB_ENV` names; each value stands between
 * delimiters that it does not hold. The file cannot remove a variable: those to be removed that have a value are made empty.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-environment-variable
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { github } from "./github.ts";
 * import assert from "node:assert/strict";
 *
 * const context = { env: { U: "old" }, random: () => "00ff" };
 * const text = github.print({ set: [["T", new Secret("a\nb")]], remove: ["U", "V"] }, context);
 * assert.equal(text, "U=\nT<<ghadelimiter_00ff\na\nb\nghadelimiter_00ff\n");
 * ```
 */
export const github: Format = {
  name: "github",
  reader: "later steps of a GitHub Actions job",
  usage: "mlflow-auth export --format github",
  print: printGithub,
  unset: (names, context) => blanked(names, context).join(""),
  failure: "",
  outlives: true,
  file: "GITHUB_ENV",
  masks,
};

function printGithub(changes: Changes, context: FormatContext): string {
  const entries = valuesOf(changes, { format: "github", instead: "json" }).map(([name, value]) => {
    // There the runner takes it for one half of a line end.
    if (value.endsWith("\r") && context.env["RUNNER_OS"] === "Windows") {
      throw refusal(name, { format: "github", reason: "the value ends in a carriage return", instead: "json" });
    }
    const delimiter = delimiterFor(value, context);
    return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
  });
  return [...blanked(changes.remove, context), ...entries].join("");
}

function blanked(names: readonly string[], { env }: FormatContext): readonly string[] {
  return names.filter((name) => (env[name] ?? "") !== "").map((name) => `${name}=\n`);
}

function delimiterFor(value: string, { random }: FormatContext): string {
  const delimiter = `ghadelimiter_${random()}`;
  return value.includes(delimiter) ? delimiterFor(value, { env: {}, random }) : delimiter;
}
