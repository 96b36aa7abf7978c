import { CLOUDS } from "./clouds.ts";
import type { Api, Tenant } from "./world.ts";

/** What a token is for. */
export interface Audience {
  /** The token's `aud`. */
  readonly name: string;
  readonly version: 1 | 2;
  /** Application roles of the principal; only for an API that has some. */
  readonly roles?: readonly string[];
}

/**
 * Finds what a token is asked for.
 *
 * @param tenant where it is asked
 * @param resource a scope without `/.default`, or the `resource` of a managed identity endpoint
 * @param principal object id of who asks
 * @returns the audience, or the number of Entra ID's refusal
 */
export function audienceFor(
  tenant: Tenant,
  { resource, principal }: { readonly resource: string; readonly principal: string },
): Audience | 500011 | 501051 {
  if (resource.replace(/\/$/, "") === CLOUDS[tenant.cloud].resource) return { name: resource, version: 1 };
  const api = tenant.apis.find((one) => namesOf(one).includes(resource.toLowerCase()));
  if (api === undefined) return 500011;
  const roles = api.roles.get(principal);
  if (roles === undefined && api.assignmentRequired) return 501051;
  return {
    name: api.tokenVersion === 2 ? api.appId : resource,
    version: api.tokenVersion,
    ...(roles === undefined ? {} : { roles }),
  };
}

const namesOf = ({ appId, uris }: Api): readonly string[] => [appId, ...uris].map((name) => name.toLowerCase());
