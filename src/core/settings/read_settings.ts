import { unwrap } from "./as_pasted.ts";
import type { AuthError } from "../errors.ts";
import { hintFor } from "./missing_setting.ts";
import { invalidSetting } from "./invalid_setting.ts";
import { secret } from "./forms.ts";
import { secretLook, showPath } from "../shown.ts";
import { oneLine } from "../one_line.ts";
import {
  type Row,
  type Setting,
  type SettingKey,
  type SettingRow,
  SETTINGS,
  type Settings,
  type Source,
} from "./settings.ts";

/** What settings are read from, the nearest first. */
export interface SettingSources {
  /** Values of options, by flag (`--vault-url`). */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--env-file`s in the order given; a later one wins. */
  readonly files?: readonly {
    readonly path: string;
    readonly variables: Readonly<Record<string, string>>;
    /** What was passed over in the file, a line each. */
    readonly warnings?: readonly string[];
  }[];
}

/** A variable that has a value. */
export interface Given {
  readonly name: string;
  /** The file that sets it, where the environment does not. */
  readonly path: string | undefined;
}

/** The settings, and what was wrong with those that have no value for it. */
export interface SettingsRead {
  readonly settings: Settings;
  readonly problems: readonly AuthError[];
  /** The same by setting. */
  readonly refused: Readonly<Partial<Record<SettingKey, AuthError>>>;
  /** What was around values and was dropped, a line each. */
  readonly warnings: readonly string[];
  /** Every variable that has a value, of the environment and of files, sorted by name; settings or not. */
  readonly variables: () => readonly Given[];
}

/**
 * Says where a value came from, for people.
 *
 * @param source the source of a {@link Setting}
 * @returns such as `environment MLFLOW_AZURE_SECRET_NAME`
 */
export function describeSource(source: Source): string {
  switch (source.from) {
    case "default":
      return "default";
    case "file":
      return `file ${showPath(source.path)} ${source.name}`;
    default:
      return source.from === "flag" ? `option ${source.name}` : `environment ${source.name}`;
  }
}

/** What a setting was given as. */
interface Found {
  readonly text: string;
  readonly source: Exclude<Source, { readonly from: "default" }>;
  /** What was around the text and was dropped. */
  readonly dropped: string | undefined;
}

function find(row: SettingRow, sources: SettingSources): Found | undefined {
  for (const given of candidates(row, sources)) {
    const { text, dropped } = row.exact === true ? { text: given.text, dropped: undefined } : unwrap(given.text);
    // An option that is given counts although it is empty.
    if (text !== "" || given.source.from === "flag" || row.emptyCounts === true) {
      return { text, dropped, source: given.source };
    }
  }
  return undefined;
}

function* candidates(
  row: SettingRow,
  { flags = {}, env, files = [] }: SettingSources,
): Generator<Omit<Found, "dropped">> {
  const { flag } = row;
  const flagText = flag === undefined ? undefined : flags[flag];
  if (flag !== undefined && flagText !== undefined) yield { text: flagText, source: { from: "flag", name: flag } };
  for (const name of row.names) {
    const counts = (value: string | undefined): boolean =>
      value !== undefined && (value !== "" || row.emptyCounts === true);
    const own = env[name];
    if (own !== undefined && counts(own)) yield { text: own, source: { from: "environment", name } };
    const file = files.findLast((candidate) => counts(candidate.variables[name]));
    if (file !== undefined) {
      yield { text: file.variables[name] ?? "", source: { from: "file", name, path: file.path } };
    }
  }
}

/** Texts of the settings that hold a secret. */
const secretsIn = (sources: SettingSources): readonly string[] =>
  SETTINGS.filter((row) => row.parse === secret).flatMap((row) => find(row, sources)?.text ?? []);

function variablesIn({ env, files = [] }: SettingSources): readonly Given[] {
  const given = [{ path: undefined, variables: env }, ...files.toReversed()];
  const all = given.flatMap(({ path, variables }) =>
    Object.keys(variables).filter((name) => (variables[name] ?? "") !== "").map((name) =>
      [name, { name, path }] as const
    )
  );
  // Of those with the same name the one that wins stays.
  return [...new Map(all.toReversed()).values()].sort((one, other) => one.name < other.name ? -1 : 1);
}

/**
 * Reads every setting from options, environment and files, and judges each by its form alone.
 *
 * @param sources what was given; an empty variable counts as not set
 * @returns every setting with its source, and one `setting-invalid` for each whose text has the wrong form (its value is then
 * the default)
 *
 * @example
 * ```ts
 * import { readSettings } from "./read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings, problems } = readSettings({ env: { MLFLOW_AZURE_TTL_SEC: "5m" } });
 * assert.equal(settings.ttlSec.value, 300);
 * assert.equal(problems[0]?.message, 'Cannot use "MLFLOW_AZURE_TTL_SEC": expected whole seconds, 1 to 86400');
 * ```
 */
export function readSettings(sources: SettingSources): SettingsRead {
  const refused: Partial<Record<SettingKey, AuthError>> = {};
  const warnings: string[] = [];
  const read = (row: SettingRow): Setting<unknown> => {
    const fallback: Setting<unknown> = { value: row.fallback, source: { from: "default" } };
    const found = find(row, sources);
    if (found === undefined) {
      const hint = row.unset?.startsWith("required") === true ? hintFor(row, sources) : undefined;
      return hint === undefined ? fallback : { ...fallback, source: { from: "default", hint } };
    }
    const { text, source, dropped } = found;
    if (dropped !== undefined) warnings.push(`${describeSource(source)} ${dropped}, which was dropped`);
    try {
      return { value: row.parse(text), source };
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      refused[row.key] = invalidSetting(row, { text, source, cause, secrets: secretsIn(sources) });
      return fallback;
    }
  };
  const settings = Object.fromEntries(SETTINGS.map((row) => [row.key, read(row)])) as Settings;
  return {
    settings,
    problems: Object.values(refused),
    refused,
    // A variable of two settings, such as ALL_PROXY, is told of once.
    warnings: [...new Set(warnings)],
    variables: () => variablesIn(sources),
  };
}

/**
 * The text of a setting's value that may be shown to anybody.
 *
 * @param key which setting
 * @param settings where it is
 * @returns the value as text, `[redacted]` for a secret, or `undefined` where it has none
 */
export function showSetting(key: SettingKey, settings: Settings): string | undefined {
  const row = SETTINGS.find((candidate) => candidate.key === key) as Row<string, unknown> | undefined;
  const { value } = settings[key];
  if (value === undefined || row === undefined) return undefined;
  const text = row.show?.(value) ?? String(value);
  // A secret in the wrong place, of a setting that says so of its form itself only when it is used.
  const look = text.split(",").map(secretLook).find((one) => one !== undefined);
  return look === undefined ? oneLine(text) : `[${look}]`;
}
