import { AuthError } from "../../core/errors.ts";
import { Secret } from "../../core/secret.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { type Cloud, CLOUDS } from "../entra/clouds.ts";
import { readTokenFacts, type TokenFacts } from "../entra/token_facts.ts";
import { type SignedIn, signedIn, type SignInOptions } from "./signed_in.ts";

/** An access token of the identity's own. */
export interface ScopedToken {
  readonly token: Secret;
  readonly scope: string;
  /** Name of the identity that got it. */
  readonly identity: string;
  /** What it says, and when it ends. */
  readonly facts: TokenFacts;
}

/**
 * The cloud that a token is asked in, where no vault tells it.
 *
 * @param settings the cloud and the authority that were set
 * @returns the cloud that was set, else the one of Microsoft's authority that was set, else the public one
 *
 * @example
 * ```ts
 * import { cloudFor } from "./access_token.ts";
 * import { readSettings } from "../../core/settings/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({ env: { AZURE_AUTHORITY_HOST: "login.microsoftonline.us" } });
 * assert.equal(cloudFor(settings).name, "AzureUSGovernment");
 * ```
 */
export function cloudFor({ cloud, authorityHost }: Pick<Settings, "cloud" | "authorityHost">): Cloud {
  const host = authorityHost.value?.hostname;
  return CLOUDS.find(({ name }) => name === cloud.value) ??
    CLOUDS.find(({ aliases }) => aliases.some((alias) => alias === host)) ?? CLOUDS[0];
}

/**
 * Gets a new access token for an application, such as the one in front of a tracking server. No vault is asked.
 *
 * @param scope a resource followed by `/.default`
 * @param options the settings, the world, and who ends it
 * @returns the token
 * @throws {AuthError} of any `identity-*`, `entra-*`, `network-*`, `tls-*` code or `deadline`
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#get-a-token
 */
export async function readAccessToken(scope: string, options: SignInOptions): Promise<ScopedToken> {
  const doing = `Cannot get a token for "${scope}"`;
  const ask = async ({ identity, source, signal }: SignedIn): Promise<ScopedToken> => {
    const got = await source.getToken([scope], { abortSignal: signal });
    if (got !== null) {
      return { token: new Secret(got.token), scope, identity: identity.name, facts: readTokenFacts(got) };
    }
    throw new AuthError("entra-refused", {
      message: `${doing}: the ${identity.title} has none`,
      remedy: "choose another identity: mlflow-auth info",
    });
  };
  const wanted = { scope, enableCae: false };
  return await signedIn({ doing, vault: undefined, scope, cloud: cloudFor(options.settings), wanted, ask }, options);
}
