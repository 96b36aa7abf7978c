import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/identity";

/** A credential's one function. */
export type TokenSource = Pick<TokenCredential, "getToken">;

/**
 * Asks for a token before the vault's challenge says which one it wants, and hands it over if the challenge wants just that one.
 * The SDK's checks of the challenge come first all the same: the token only waits.
 *
 * @param source what gets tokens
 * @param guess the scope that the vault will ask for, and the tenant if it is known
 * @returns a source that gives the early token once, and asks anew for any other
 */
export function overlapped(
  source: TokenSource,
  guess: { readonly scope: string; readonly tenantId: string | undefined },
): TokenSource {
  const { scope, tenantId } = guess;
  const ask = (scopes: string | string[], options: GetTokenOptions): Promise<AccessToken | null> =>
    source.getToken(scopes, options);
  let early: Promise<AccessToken | null> | undefined = ask([scope], {
    enableCae: true,
    ...(tenantId === undefined ? {} : { tenantId }),
  });
  // A failure is seen where the token is taken; until then nobody waits for it.
  early.catch(() => {});
  return {
    getToken(scopes, options = {}) {
      const sameTenant = tenantId === undefined || options.tenantId === undefined ||
        options.tenantId.toLowerCase() === tenantId.toLowerCase();
      const fits = [scopes].flat().join() === scope && options.claims === undefined && sameTenant;
      const taken = fits ? early : undefined;
      if (taken !== undefined) early = undefined;
      return taken ?? ask(scopes, options);
    },
  };
}
