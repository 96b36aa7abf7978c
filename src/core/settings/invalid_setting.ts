import { AuthError } from "../errors.ts";
import { isQuotable } from "../shown.ts";
import { nearest } from "../nearest.ts";
import { assignment, fileOf, removal } from "./setting_name.ts";
import type { SettingRow, Source } from "./setting_row.ts";

/** What a setting was given as, and why that is none of its values. */
export interface Refused {
  readonly text: string;
  readonly source: Exclude<Source, { readonly from: "default" }>;
  /** Its message ends the sentence `Cannot use "NAME": …`. */
  readonly cause: TypeError;
  /** Texts that must not be quoted. */
  readonly secrets: readonly string[];
}

/**
 * The error for a setting whose text has the wrong form. Only a wrong word of a setting that has words is quoted: anything else may
 * be a secret in the wrong place.
 *
 * @param row the setting
 * @param refused what it was given as
 * @returns the error, `setting-invalid`
 *
 * @example
 * ```ts
 * import { invalidSetting } from "./invalid_setting.ts";
 * import { SETTINGS } from "./settings.ts";
 * import assert from "node:assert/strict";
 *
 * const row = SETTINGS.find(({ key }) => key === "authMode") ?? SETTINGS[0];
 * const source = { from: "environment", name: "MLFLOW_AZURE_AUTH_MODE" } as const;
 * const error = invalidSetting(row!, { text: "beerer", source, cause: new TypeError("expected bearer, basic"), secrets: [] });
 * assert.equal(error.message, 'Cannot use "MLFLOW_AZURE_AUTH_MODE": expected bearer, basic, not "beerer"');
 * assert.equal(error.remedy, "export MLFLOW_AZURE_AUTH_MODE=bearer");
 * ```
 */
export function invalidSetting(row: SettingRow, { text, source, cause, secrets }: Refused): AuthError {
  const { name } = source;
  const quoted = row.words !== undefined && isQuotable(text.trim(), secrets) ? `, not "${text.trim()}"` : "";
  return new AuthError("setting-invalid", {
    message: `Cannot use "${name}"${fileOf(source)}: ${cause.message}${quoted}`,
    remedy: remedyFor(row, { text, source }),
    cause,
  });
}

function remedyFor(row: SettingRow, { text, source }: Pick<Refused, "text" | "source">): string {
  const { name } = source;
  const near = nearest(text, row.words ?? []);
  const word = near !== undefined && near.distance <= Math.max(2, text.length / 3) ? near.word : undefined;
  // What the environment holds wins over a file.
  if (word !== undefined) return assignment(name, word);
  const correct = `correct ${name} (${row.doc})`;
  return row.unset?.startsWith("required") === true ? correct : `${correct}, or: ${removal({ source }, name)}`;
}
