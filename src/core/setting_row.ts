/** One setting: where it is looked for and what its text means. */
export interface Row<K extends string, T> {
  readonly key: K;
  /** Variables, the first that is set wins; the first one is the setting's name. */
  readonly names: readonly [string, ...string[]];
  /** The option that wins over the variables, such as `--vault-url`; never one for a secret. */
  readonly flag?: `--${string}`;
  /** What it is, for the docs and `info`; one line. */
  readonly doc: string;
  /** What happens when it is not set, in words, where {@link Defaulted.fallback} does not say it. */
  readonly unset?: string;
  /** Gives the value, or throws a `TypeError` whose message ends the sentence `Cannot use "NAME": …` without quoting a secret. */
  readonly parse: (text: string) => T;
  /** The value as `info` may print it; by default the text itself. */
  readonly show?: (value: T) => string;
}

/** A setting that has a value even if nobody sets it. */
export interface Defaulted<K extends string, T> extends Row<K, T> {
  readonly fallback: T;
}

/** A setting that may be left out. */
export const optional = <const K extends string, const T>(row: Row<K, T>): Row<K, T> => row;
/** A setting with a default. */
export const defaulted = <const K extends string, const T>(row: Defaulted<K, T>): Defaulted<K, T> => row;

/** Where a value came from. */
export type Source =
  | { readonly from: "flag" | "environment"; readonly name: string }
  | { readonly from: "file"; readonly name: string; readonly path: string }
  | { readonly from: "default" };

/** A value with its source. */
export interface Setting<T> {
  readonly value: T;
  readonly source: Source;
}
