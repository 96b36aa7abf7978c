import { type SettingRow, SETTINGS } from "../../core/settings/settings.ts";
import type { GivenOptions } from "../session.ts";

/** An option of a command. */
export interface OptionRow {
  /** Its long form, such as `--keep-env`; `--no-cache` takes `--cache` back. */
  readonly flag: string;
  /** What help calls its value; absent where it takes none. */
  readonly value?: string;
  /** What help says of it. */
  readonly doc: string;
  /** Whether each counts where it is given more than once, not the last alone. */
  readonly many?: true;
  /** Its value where it is not given. */
  readonly fallback?: string;
  /** Whether help leaves it out. */
  readonly hidden?: true;
}

type Camel<Words extends string> = Words extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}`
  : Words;

type Key<Flag extends string> = Flag extends `--${infer Words}` ? Camel<Words> : never;

type Value<Row extends OptionRow> = Row extends { readonly many: true } ? readonly string[]
  : Row extends { readonly value: string } ? string
  : true;

type WithFallback = { readonly fallback: string };

/** What the options of some rows are read as: the value of `--keep-env` as `keepEnv`. */
export type OptionsOf<Rows extends readonly OptionRow[]> =
  & { readonly [Row in Exclude<Rows[number], WithFallback> as Key<Row["flag"]>]?: Value<Row> | undefined }
  & { readonly [Row in Extract<Rows[number], WithFallback> as Key<Row["flag"]>]: Value<Row> };

/** What the options of any rows are read as. */
export type ReadOptions = Readonly<Record<string, unknown>>;

/**
 * The name by which the value of an option is read.
 *
 * @param flag its long form
 * @returns the name
 *
 * @example
 * ```ts
 * import { keyOf } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(["--keep-env", "--no-cache"].map(keyOf), ["keepEnv", "cache"]);
 * ```
 */
export const keyOf = (flag: string): string =>
  flag.replace(/^--(?:no-)?/, "").replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** Collects the values of an option that may be given more than once. */
export const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value];

/**
 * The options of settings that take a value: one for each row that has a flag, but for `--log-level`, which is global, and
 * `--cache`, which is a switch.
 */
export const SETTING_FLAGS: readonly string[] = SETTINGS.flatMap((row) =>
  row.flag !== undefined && row.key !== "logLevel" && row.key !== "cache" ? [row.flag] : []
);

/** Options that may stand before or after every command. */
export const GLOBAL_OPTIONS: readonly OptionRow[] = [
  { flag: "--env-file", value: "path", doc: "read settings from a .env file (repeatable)", many: true },
  { flag: "--log-level", value: "level", doc: "what to log: DEBUG, INFO (default), WARNING or ERROR" },
];

/** The switch of the setting that has one. */
const CACHE_OPTIONS: readonly OptionRow[] = [
  { flag: "--cache", doc: "let the kernel keep the credential (Linux)" },
  { flag: "--no-cache", doc: "read the secret, and keep nothing (default)" },
];

/** For what hands a credential over. */
export const FRESH = {
  flag: "--fresh",
  doc: "read the credential anew, although the kernel keeps one",
} as const;

/** For clients that read no file of MLflow's. */
export const FORCE = { flag: "--force", doc: "hand over a token that ~/.mlflow/credentials overrides" } as const;

/** The proxy's key as a part of the tracking URI. */
export const KEY_IN_URL = {
  flag: "--key-in-url",
  doc: "with --proxy: for clients that read no token, as Java's",
} as const;

/** For networks that are trusted. */
export const ALLOW_HTTP = {
  flag: "--allow-http",
  doc: "let the proxy send the credential unencrypted",
} as const;

/** @returns the options of settings that take a value */
export function settingOptions(): readonly OptionRow[] {
  return SETTINGS.filter(({ flag }) => flag !== undefined && SETTING_FLAGS.includes(flag)).map((row) => {
    const words = row.value === undefined ? row.words?.join("|") ?? "" : "";
    return {
      flag: row.flag ?? "",
      value: row.value ?? (words.length > 0 && words.length <= 20 ? words : "value"),
      // Only help reads it, and most command lines ask for none.
      get doc() {
        const choices = row.choices === undefined ? "" : `: ${row.choices.join(", ")}`;
        return `${inSentence(row.doc)}${choices}${defaultOf(row)}`;
      },
    };
  });
}

/** @returns the options of commands that read settings, besides {@link GLOBAL_OPTIONS} */
export const sessionOptions = (): readonly OptionRow[] => [...settingOptions(), ...CACHE_OPTIONS];

/** The first word as it stands within a sentence; an abbreviation keeps its letters. */
const inSentence = (doc: string): string =>
  /^[A-Z][a-z]*(?=[ ,-])/.test(doc) ? `${doc.charAt(0).toLowerCase()}${doc.slice(1)}` : doc;

function defaultOf({ fallback, unset }: SettingRow): string {
  if (fallback !== undefined) return ` (default: ${String(fallback)})`;
  if (unset === undefined) return "";
  return unset.startsWith("required") ? ` (${unset})` : ` (default: ${unset})`;
}

/**
 * What the options on both sides of a command say about settings; the nearer one wins.
 *
 * @param near options after the command
 * @param far options before it
 * @returns the env files of both, and the flags
 */
export function givenOptions(near: ReadOptions, far: ReadOptions = {}): GivenOptions {
  const flags: Record<string, string> = {};
  for (const flag of [...SETTING_FLAGS, "--log-level"]) {
    const key = keyOf(flag);
    const value = near[key] ?? far[key];
    if (typeof value === "string") flags[flag] = value;
  }
  const cache = near["cache"] ?? far["cache"];
  if (typeof cache === "boolean") flags["--cache"] = cache ? "keyring" : "off";
  const list = (value: unknown): readonly string[] => Array.isArray(value) ? value.map(String) : [];
  return {
    envFiles: [...list(far["envFile"]), ...list(near["envFile"])],
    flags,
    ...(near["fresh"] === true ? { fresh: true } : {}),
  };
}
