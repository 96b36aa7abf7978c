import type { TokenFacts } from "../../azure/entra/token_facts.ts";
import type { Check } from "./check.ts";
import { ok } from "../finding.ts";
import { moment } from "../moment.ts";

/** Looks whether Azure issues a token, and for whom; the token itself is never shown. */
export const token: Check = {
  name: "token",
  doc: "Azure issues a token for the vault, or for the scope that was set",
  run: async ({ steps }) => {
    const facts = await steps.token();
    return [ok(await steps.scope() === undefined ? describeToken(facts) : describeScoped(facts))];
  },
};

/**
 * What a token for the vault says of itself.
 *
 * @param facts what it says
 * @returns tenant, application, object and expiry, as far as they are known
 *
 * @example
 * ```ts
 * import { describeToken } from "./token.ts";
 * import assert from "node:assert/strict";
 *
 * const facts = { tenantId: "t-1", appId: undefined, objectId: "o-1", expiresAtMs: 0 };
 * assert.equal(describeToken(facts), "issued for tenant t-1, object o-1, valid until 1970-01-01 00:00 UTC");
 * ```
 */
export function describeToken({ tenantId, appId, objectId, expiresAtMs }: TokenFacts): string {
  const whose = [
    tenantId === undefined ? undefined : `tenant ${tenantId}`,
    appId === undefined ? undefined : `application ${appId}`,
    objectId === undefined ? undefined : `object ${objectId}`,
  ].filter((part) => part !== undefined).join(", ");
  return `issued${whose === "" ? "" : ` for ${whose}`}, valid until ${moment(expiresAtMs)}`;
}

/**
 * What a token for an application says of itself: what the gate in front of a tracking server judges by.
 *
 * @param facts what it says
 * @returns the same, with the audience, its version and the application roles
 *
 * @example
 * ```ts
 * import { describeScoped } from "./token.ts";
 * import assert from "node:assert/strict";
 *
 * const facts = { tenantId: "t-1", appId: undefined, objectId: "o-1", audience: "api://mlflow", version: "1.0", expiresAtMs: 0 };
 * assert.equal(
 *   describeScoped(facts),
 *   "issued for tenant t-1, object o-1, valid until 1970-01-01 00:00 UTC; audience api://mlflow (version 1.0), no application role",
 * );
 * ```
 */
export function describeScoped(facts: TokenFacts): string {
  const { audience, version, roles = [] } = facts;
  const whom = audience === undefined ? "an audience that it does not tell" : `audience ${audience}`;
  const form = version === undefined ? "" : ` (version ${version})`;
  const may = roles.length === 0 ? "no application role" : `application role ${roles.join(", ")}`;
  return `${describeToken(facts)}; ${whom}${form}, ${may}`;
}
