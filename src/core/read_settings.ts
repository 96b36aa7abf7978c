import { AuthError } from "./errors.ts";
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
  readonly files?: readonly { readonly path: string; readonly variables: Readonly<Record<string, string>> }[];
}

/** The settings, and what was wrong with those that have no value for it. */
export interface SettingsRead {
  readonly settings: Settings;
  readonly problems: readonly AuthError[];
  /** Names of all variables that have a value, of the environment and of files, sorted; settings or not. */
  readonly variables: () => readonly string[];
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
      return `file ${source.path} ${source.name}`;
    default:
      return source.from === "flag" ? `option ${source.name}` : `environment ${source.name}`;
  }
}

function find(row: SettingRow, sources: SettingSources): { text: string; source: Source } | undefined {
  const flag = row.flag;
  const flagText = flag === undefined ? undefined : sources.flags?.[flag];
  if (flag !== undefined && flagText !== undefined) return { text: flagText, source: { from: "flag", name: flag } };
  for (const name of row.names) {
    const own = sources.env[name];
    if (own !== undefined && own !== "") return { text: own, source: { from: "environment", name } };
    const file = sources.files?.findLast((candidate) => (candidate.variables[name] ?? "") !== "");
    if (file !== undefined) {
      return { text: file.variables[name] ?? "", source: { from: "file", name, path: file.path } };
    }
  }
  return undefined;
}

function namesIn({ env, files = [] }: SettingSources): readonly string[] {
  const given = [env, ...files.map((file) => file.variables)];
  const names = given.flatMap((each) => Object.keys(each).filter((name) => (each[name] ?? "") !== ""));
  return [...new Set(names)].sort();
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
  const problems: AuthError[] = [];
  const read = (row: SettingRow): Setting<unknown> => {
    const fallback: Setting<unknown> = {
      value: row.fallback,
      source: { from: "default" },
    };
    const found = find(row, sources);
    if (found === undefined) return fallback;
    try {
      return { value: row.parse(found.text), source: found.source };
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      const name = found.source.from === "default" ? row.names[0] : found.source.name;
      problems.push(
        new AuthError("setting-invalid", {
          message: `Cannot use "${name}": ${cause.message}`,
          remedy: `correct it, or unset it: ${row.doc}`,
          cause,
        }),
      );
      return fallback;
    }
  };
  const settings = Object.fromEntries(SETTINGS.map((row) => [row.key, read(row)])) as Settings;
  return { settings, problems, variables: () => namesIn(sources) };
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
  return row.show?.(value) ?? String(value);
}
