import { AuthError } from "../errors.ts";
import type { Hint, Row, Setting } from "./setting_row.ts";
import { settingMeantBy } from "./misspelled.ts";
import { pathWord, showPath } from "../shown.ts";

/** Where variables are looked for. */
export interface Searched {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files?: readonly { readonly path: string; readonly variables: Readonly<Record<string, string>> }[];
}

/** Variables of other programs that hold the same thing, by the setting's own name. */
const NEIGHBOURS: Readonly<Record<string, readonly string[]>> = {
  MLFLOW_AZURE_KEY_VAULT_URL: [
    "AZURE_KEY_VAULT_ENDPOINT",
    "AZURE_KEYVAULT_ENDPOINT",
    "AZURE_KEYVAULT_URL",
    "AZURE_KEY_VAULT_URI",
    "AZURE_KEYVAULT_URI",
    "KEY_VAULT_URI",
    "KEY_VAULT_URL",
    "KEYVAULT_URI",
    "KEYVAULT_URL",
    "VAULT_URL",
    "AZURE_KEY_VAULT_NAME",
    "AZURE_KEYVAULT_NAME",
    "KEY_VAULT_NAME",
    "KEYVAULT_NAME",
  ],
  MLFLOW_AZURE_SECRET_NAME: [
    "AZURE_KEY_VAULT_SECRET_NAME",
    "KEY_VAULT_SECRET_NAME",
    "AZURE_SECRET_NAME",
    "SECRET_NAME",
  ],
};

/** A variable that is set, and the file that sets it where none of the environment does. */
interface Set {
  readonly name: string;
  readonly path: string | undefined;
}

function variablesOf({ env, files = [] }: Searched): readonly Set[] {
  const own = Object.keys(env).filter((name) => (env[name] ?? "") !== "").map((name) => ({ name, path: undefined }));
  const more = files.flatMap(({ path, variables }) => Object.keys(variables).map((name) => ({ name, path })));
  return [...own, ...more];
}

/**
 * What explains that a required setting is not set.
 *
 * @param row the setting
 * @param searched where it was looked for
 * @returns the files that were read, and a variable that was probably meant; `undefined` where there is nothing to say
 *
 * @example
 * ```ts
 * import { hintFor } from "./missing_setting.ts";
 * import assert from "node:assert/strict";
 *
 * const names = ["MLFLOW_AZURE_KEY_VAULT_URL", "AZURE_KEY_VAULT_URL"] as const;
 * assert.deepEqual(hintFor({ names }, { env: { KEY_VAULT_URI: "https://team.vault.azure.net" } }), {
 *   is: "KEY_VAULT_URI is set, which is not read",
 *   remedy: 'export MLFLOW_AZURE_KEY_VAULT_URL="$KEY_VAULT_URI"',
 * });
 * ```
 */
export function hintFor({ names }: Pick<Row<string, unknown>, "names">, searched: Searched): Hint | undefined {
  const [own] = names;
  const neighbours = NEIGHBOURS[own] ?? [];
  const isMeant = (name: string): boolean =>
    neighbours.includes(name) || names.some((known) => known === settingMeantBy(name));
  const meant = variablesOf(searched).find(({ name }) => isMeant(name));
  if (meant !== undefined) {
    const { name, path } = meant;
    return path === undefined ? { is: `${name} is set, which is not read`, remedy: `export ${own}="$${name}"` } : {
      is: `${showPath(path)} sets ${name}, which is not read`,
      remedy: `sed -i 's/\\b${name}\\b/${own}/' ${pathWord(path)}`,
    };
  }
  const { files = [] } = searched;
  if (files.length === 0) return undefined;
  const read = files.map(({ path, variables }) => {
    const count = Object.keys(variables).length;
    return `${showPath(path)} (${count === 0 ? "no" : count} variable${count > 1 ? "s" : ""})`;
  });
  return { is: `read: ${read.join(", ")}` };
}

/**
 * The error for a required setting that is not set.
 *
 * @param setting what was read in its place
 * @param details the message and the remedy for somebody who has set nothing like it
 * @returns the error, `setting-missing`
 */
export function settingMissing(
  { source }: Setting<unknown>,
  { message, remedy }: { readonly message: string; readonly remedy: string },
): AuthError {
  const hint = source.from === "default" ? source.hint : undefined;
  return new AuthError("setting-missing", {
    message: hint === undefined ? message : `${message} (${hint.is})`,
    remedy: hint?.remedy ?? remedy,
  });
}
