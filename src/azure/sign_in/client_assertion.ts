import { AuthError } from "../../core/errors.ts";
import type { TokenContext } from "../identities/identity.ts";
import type { TokenSource } from "../http/overlap.ts";
import { tenantOf } from "./tenant.ts";

/**
 * Makes a source whose every token is asked for with one new assertion; the SDK by itself would ask for two and drop one.
 *
 * @param connect makes what gets tokens, given where it takes its assertions from
 * @param assertion makes an assertion
 * @returns the source
 */
export function oncePerToken(
  connect: (assertion: () => Promise<string>) => TokenSource,
  assertion: () => Promise<string>,
): TokenSource {
  let current: Promise<string> | undefined;
  const source = connect(() => current ??= assertion());
  return {
    getToken(scopes, options) {
      current = undefined;
      return source.getToken(scopes, options);
    },
  };
}

/**
 * Makes what gets tokens for an application that shows an assertion in place of a secret.
 *
 * @param context the tenant, the client id and what tokens are got with
 * @param assertion makes an assertion
 * @returns the source of tokens
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential
 */
export async function connectAssertion(context: TokenContext, assertion: () => Promise<string>): Promise<TokenSource> {
  const { settings, options, keep } = context;
  const { ClientAssertionCredential } = await import("../sdk/client_assertion.ts");
  const kept = async (): Promise<string> => {
    try {
      return await assertion();
    } catch (error) {
      throw error instanceof AuthError ? keep(error) : error;
    }
  };
  return oncePerToken(
    (shown) => new ClientAssertionCredential(tenantOf(settings) ?? "", settings.clientId.value ?? "", shown, options),
    kept,
  );
}
