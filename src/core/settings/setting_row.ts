import type { Level } from "../log.ts";
import type { Secret } from "../secret.ts";

/** What each setting is read as; `undefined` where it may be left out. */
export interface SettingValues {
  readonly vaultUrl: URL | undefined;
  readonly secretName: string | undefined;
  readonly secretVersion: string;
  readonly authMode: "bearer" | "basic" | undefined;
  readonly ttlSec: number;
  readonly deadlineSec: number;
  readonly cache: "off" | "keyring";
  readonly tokenScope: string | undefined;
  readonly cloud: "AzurePublicCloud" | "AzureUSGovernment" | "AzureChinaCloud" | undefined;
  readonly tenantId: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: Secret | undefined;
  readonly certificatePath: string | undefined;
  readonly certificatePassword: Secret | undefined;
  readonly sendCertificateChain: boolean;
  readonly federatedTokenFile: string | undefined;
  readonly kubernetesTokenProxy: URL | undefined;
  readonly kubernetesSniName: string | undefined;
  readonly kubernetesCaFile: string | undefined;
  readonly kubernetesCaData: string | undefined;
  readonly region: string | undefined;
  readonly oidcRequestUrl: URL | undefined;
  readonly oidcRequestToken: Secret | undefined;
  readonly tokenCredentials: string | undefined;
  readonly authorityHost: URL | undefined;
  readonly enable: readonly string[] | undefined;
  readonly enableAzure: boolean | undefined;
  readonly allowedHosts: readonly string[] | undefined;
  readonly trustedVaultHosts: readonly string[] | undefined;
  readonly logLevel: Level;
  readonly headerName: string;
  readonly caBundle: string | undefined;
  readonly httpsProxy: string | undefined;
  readonly httpProxy: string | undefined;
  readonly noProxy: string | undefined;
  readonly trackingUri: string | undefined;
  readonly serverCertPath: string | undefined;
  readonly clientCertPath: string | undefined;
  readonly insecureTls: boolean;
}

/** Key of a setting. */
export type SettingKey = keyof SettingValues;

/** One setting: where it is looked for and what its text means. */
export interface Row<K extends string, T> {
  readonly key: K;
  /** Variables, the first that is set wins; the first one is the setting's name. */
  readonly names: readonly [string, ...string[]];
  /** The option that wins over the variables, such as `--vault-url`; never one for a secret. */
  readonly flag?: `--${string}`;
  /** What the option's value is called in help, where no word of the setting says it. */
  readonly value?: string;
  /** What it is, for the docs and `info`; one line. */
  readonly doc: string;
  /** The value when it is not set; only for settings that always have one. */
  readonly fallback?: T;
  /** What happens when it is not set, in words, where there is no fallback. */
  readonly unset?: string;
  /**
   * Taken as it stands: a secret, or what another program reads as well. Others lose white space and one pair of quotes around
   * them.
   */
  readonly exact?: true;
  /** Whether it counts as set although it is empty: a list of nothing is not the same as no list. */
  readonly emptyCounts?: true;
  /** The words that it may be, where there are only some: a wrong one may be quoted. */
  readonly words?: readonly string[];
  /** Words that help names besides what {@link doc} says: other spellings of theirs are taken too. */
  readonly choices?: readonly string[];
  /** Gives the value, or throws a `TypeError` whose message ends the sentence `Cannot use "NAME": …` without quoting a secret. */
  readonly parse: (text: string) => T;
  /** The value as `info` may print it; by default the text itself. */
  readonly show?: (value: T) => string;
}

type RowOf<K extends SettingKey> = undefined extends SettingValues[K] ? Row<K, NonNullable<SettingValues[K]>>
  : Row<K, SettingValues[K]> & { readonly fallback: SettingValues[K] };

/** A row of the table of settings. */
export type SettingRow = { readonly [K in SettingKey]: RowOf<K> }[SettingKey];

/** Where a value came from. */
export type Source =
  | { readonly from: "flag" | "environment"; readonly name: string }
  | { readonly from: "file"; readonly name: string; readonly path: string }
  | { readonly from: "default"; readonly hint?: Hint };

/** What explains that a required setting has no value. */
export interface Hint {
  /** Such as `KEY_VAULT_URI is set, which is not read`. */
  readonly is: string;
  /** What ends it, where that is known. */
  readonly remedy?: string;
}

/** A value with its source. */
export interface Setting<T> {
  readonly value: T;
  readonly source: Source;
}

/** Every setting, each known with its source. */
export type Settings = { readonly [K in SettingKey]: Setting<SettingValues[K]> };
