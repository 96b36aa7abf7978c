import { AuthError } from "../../core/errors.ts";
import type { TokenContext } from "../identities/identity.ts";
import type { TokenSource } from "../http/overlap.ts";
import { tenantOf } from "./tenant.ts";
import { ASSERTION_TYPE } from "./token_request.ts";

/** Where assertions come from. */
export interface Assertions {
  /** Makes an assertion. */
  readonly make: () => Promise<string>;
  /** The first one, where it is made already. */
  readonly first?: Promise<string> | undefined;
}

/**
 * Makes a source whose every token is asked for with one new assertion; the SDK by itself would ask for two and drop one.
 *
 * @param connect makes what gets tokens, given where it takes its assertions from
 * @param assertions where they come from
 * @returns the source
 */
export function oncePerToken(
  connect: (assertion: () => Promise<string>) => TokenSource,
  { make, first }: Assertions,
): TokenSource {
  let next = first;
  let current: Promise<string> | undefined;
  const source = connect(() => current ??= make());
  return {
    getToken(scopes, options) {
      current = next;
      next = undefined;
      return source.getToken(scopes, options);
    },
  };
}

/**
 * Asks for the first token before the SDK can, with an assertion.
 *
 * @param context what asks
 * @param make makes an assertion
 * @returns the assertion, which the SDK is to show then; `undefined` where nothing is asked early
 */
export function assertAhead(
  { askAhead }: Pick<TokenContext, "askAhead">,
  make: () => Promise<string>,
): Promise<string> | undefined {
  if (askAhead === undefined) return undefined;
  const first = make();
  // A failure is seen where the SDK asks for the assertion.
  first.then((shown) => askAhead({ client_assertion: shown, client_assertion_type: ASSERTION_TYPE }), () => {});
  return first;
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
  const { settings, options, keep, leave } = context;
  const make = async (): Promise<string> => {
    try {
      return await assertion();
    } catch (error) {
      throw error instanceof AuthError ? keep(error) : error;
    }
  };
  const first = assertAhead(context, make);
  await leave();
  const { ClientAssertionCredential } = await import("../sdk/client_assertion.ts");
  return oncePerToken(
    (shown) => new ClientAssertionCredential(tenantOf(settings) ?? "", settings.clientId.value ?? "", shown, options),
    { make, first },
  );
}
