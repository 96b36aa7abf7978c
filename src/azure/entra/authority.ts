import { AuthError } from "../../core/errors.ts";
import { plainUrl } from "../../core/settings/forms.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { type Cloud, CLOUDS } from "./clouds.ts";
import { nameOf, removal } from "../../core/settings/setting_name.ts";

/** Where tokens come from. */
export interface Authority {
  /** Origin (and path, for one that has one) without a slash at the end. */
  readonly url: string;
  readonly host: string;
  /** Not one of Microsoft's: it is used as it is, and nobody else is asked about it. */
  readonly custom: boolean;
}

/**
 * Finds the authority that signs tokens for a vault.
 *
 * @param settings `AZURE_AUTHORITY_HOST` among them
 * @param cloud the vault's cloud
 * @returns the authority
 * @throws {AuthError} `setting-invalid` for one that is not https, `setting-conflict` for another cloud's
 *
 * @example
 * ```ts
 * import { locateAuthority } from "./authority.ts";
 * import { CLOUDS } from "./clouds.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(locateAuthority(readSettings({ env: {} }).settings, CLOUDS[1]), {
 *   url: "https://login.microsoftonline.us",
 *   host: "login.microsoftonline.us",
 *   custom: false,
 * });
 * ```
 *
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud#microsoft-entra-authentication-endpoints
 */
export function locateAuthority(settings: Settings, cloud: Cloud): Authority {
  const url = settings.authorityHost.value;
  if (url === undefined) return { url: cloud.authority, host: new URL(cloud.authority).host, custom: false };
  const variable = nameOf(settings.authorityHost, "AZURE_AUTHORITY_HOST");
  if (url.protocol !== "https:" || url.username !== "" || url.password !== "") {
    throw new AuthError("setting-invalid", {
      message: `Cannot use "${variable}": an authority is asked over https, without a user name or password in its URL`,
      remedy: `the vault's host tells its cloud: ${removal(settings.authorityHost, variable)}`,
    });
  }
  const owner = CLOUDS.find((candidate) => candidate.aliases.some((alias) => alias === url.hostname));
  if (owner !== undefined && owner.name !== cloud.name) {
    throw new AuthError("setting-conflict", {
      message: `Cannot use "${url.hostname}": it belongs to ${owner.name}, but the vault belongs to ${cloud.name}`,
      remedy: `the vault's host tells its cloud: ${removal(settings.authorityHost, variable)}`,
    });
  }
  // The SDK asks the cloud's own host, whichever of its aliases is set.
  if (owner !== undefined) return { url: owner.authority, host: new URL(owner.authority).host, custom: false };
  return { url: plainUrl(url).replace(/\/+$/, ""), host: url.host, custom: true };
}
