const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DEFAULT = "/.default";

/** Delegated permissions that the portal proposes: a person consents to them, an application is never given one. */
const DELEGATED = /^(.+)\/(user_impersonation|access_as_user)$/i;

/**
 * The scope of an access token, as Entra ID takes it from an application: a resource followed by `/.default`.
 *
 * @param text an Application ID URI (`api://…`, `https://…`) or a bare application id, with or without `/.default`
 * @returns the scope, such as `api://11111111-1111-4111-8111-111111111111/.default`
 * @throws {TypeError} for several scopes, a delegated permission, or what is no resource; ends `Cannot use "NAME": …`
 *
 * @example
 * ```ts
 * import { tokenScope } from "./token_scope.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(tokenScope("api://mlflow.contoso.example"), "api://mlflow.contoso.example/.default");
 * ```
 *
 * @see https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope
 */
export function tokenScope(text: string): string {
  const wanted = text.trim();
  if (/[\s,]/.test(wanted)) throw new TypeError("expected one scope; an application gets all its roles with /.default");
  const delegated = DELEGATED.exec(wanted);
  if (delegated !== null) {
    throw new TypeError(`${delegated[2]} is for people who sign in; an application asks for ${delegated[1]}${DEFAULT}`);
  }
  const resource = wanted.endsWith(DEFAULT) ? wanted.slice(0, -DEFAULT.length) : wanted;
  const isUri = URL.canParse(resource) && /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]+(\/|$)/i.test(resource) &&
    !/[?#]/.test(resource);
  if (!isUri && !GUID.test(resource)) {
    throw new TypeError("expected an Application ID URI such as api://<application id>/.default");
  }
  // A resource that ends in a slash keeps it: the scope then has two, and the token's audience one.
  return `${resource}${DEFAULT}`;
}
