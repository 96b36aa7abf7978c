import type { Format } from "./format.ts";
import { bytesOf, requireRoom } from "../size.ts";
import { type Limit, valuesOf } from "../values.ts";

const LIMITS: readonly Limit[] = [
  { reason: "the value holds a control character", exceeded: (value) => /\p{Cc}/u.test(value) },
  { reason: "the value holds a dollar sign", exceeded: (value) => value.includes("$") },
  { reason: "the value begins or ends with a blank", exceeded: (value) => value.trim() !== value },
];

/** What GitLab takes as one report. */
const REPORT_BYTES = 5120;

/**
 * A dotenv report of GitLab CI. The report is an artifact that people can download, and its values are never masked: run commands with
 * `mlflow-auth exec` instead where that is possible.
 *
 * @see https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { gitlab } from "./gitlab.ts";
 * import assert from "node:assert/strict";
 *
 * const text = gitlab.print({ set: [["T", new Secret("a 'b'")]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(text, "T=a 'b'\n");
 * ```
 */
export const gitlab: Format = {
  name: "gitlab",
  reader: "later jobs of a GitLab pipeline, as a dotenv report",
  usage: "mlflow-auth export --format gitlab > mlflow.env",
  print: (changes) => {
    const values = valuesOf(changes, { format: "gitlab", instead: "json", limits: LIMITS });
    const text = values.map(([name, value]) => `${name}=${value}\n`).join("");
    const reason = "the report would be larger than 5 KiB";
    requireRoom(values, { format: "gitlab", sizeBytes: bytesOf(text), limitBytes: REPORT_BYTES, reason });
    return text;
  },
  failure: "",
  outlives: true,
};
