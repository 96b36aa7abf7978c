import type { TokenFacts } from "../../azure/entra/token_facts.ts";
import { AuthError } from "../../core/errors.ts";
import type { Challenge } from "./challenges.ts";

/** What a refusal of the identity's own token is explained with. */
export interface OwnToken {
  readonly facts: TokenFacts;
  /** What the gate asks for. */
  readonly challenges: readonly Challenge[];
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

/** Parameters in which a gate names its own application; App Service calls it `resource_id`. */
const APPLICATION = ["resource_id", "client_id", "audience", "resource"] as const;
const ID = /^[\w\-.:/]{1,200}$/;

const bare = (name: string): string => name.replace(/^api:\/\//, "").replace(/\/$/, "").toLowerCase();

function named(challenges: readonly Challenge[], names: readonly string[]): string | undefined {
  const values = challenges.flatMap(({ parameters }) => names.flatMap((name) => parameters[name] ?? []));
  return values.find((value) => ID.test(value));
}

/** The tenant whose tokens a gate takes, by the address at which it sends people to sign in. */
function tenantOfGate(challenges: readonly Challenge[]): string | undefined {
  const address = named(challenges, ["authorization_uri", "authorization", "issuer"]) ?? "";
  return /^https:\/\/[^/]+\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/i.exec(address)?.[1]?.toLowerCase();
}

function becauseOf(
  code: AuthError["code"],
  { facts, challenges, nowMs }: OwnToken,
): readonly [so: string, remedy: string] {
  const { audience = "unknown", version = "unknown", roles = [], tenantId, expiresAtMs } = facts;
  const application = named(challenges, APPLICATION);
  const tenant = tenantOfGate(challenges);
  if (expiresAtMs <= nowMs) return ["the token has ended", "set this machine's clock: sudo timedatectl set-ntp true"];
  if (application !== undefined && bare(application) !== bare(audience)) {
    const scope = /^[0-9a-f-]{36}$/i.test(application) ? `api://${application}` : application;
    return [
      `its audience is ${audience}, the gate's is ${application}`,
      `export MLFLOW_AZURE_TOKEN_SCOPE=${scope}/.default`,
    ];
  }
  if (tenant !== undefined && tenantId !== undefined && tenant !== tenantId.toLowerCase()) {
    return [
      `its tenant is ${tenantId}, the gate takes tokens of ${tenant}`,
      `use an identity of that tenant: export AZURE_TENANT_ID=${tenant}`,
    ];
  }
  if (code === "mlflow-forbidden" && roles.length === 0) {
    return [
      "it holds no application role",
      "assign one to the identity, as docs/entra.md#the-application-and-its-role shows",
    ];
  }
  if (code === "mlflow-forbidden") {
    return [`it holds the application role ${roles.join(", ")}`, "assign the role that the gate asks for"];
  }
  return [
    `its audience is ${audience}, its version ${version}, its tenant ${tenantId ?? "unknown"}`,
    "let the gate take tokens, of this audience and of this version's issuer (oauth2-proxy: --skip-jwt-bearer-tokens), " +
    "or set MLFLOW_AZURE_TOKEN_SCOPE to the gate's own application",
  ];
}

/**
 * Explains why a gate refuses the identity's own token, by what the token says and what the gate asks for.
 *
 * @param error what the refusal means for any token
 * @param own what the token says, and the challenge
 * @returns the error of the same code with the reason; any other error as it is
 *
 * @example
 * ```ts
 * import { explainOwnToken } from "./own_token.ts";
 * import { AuthError } from "../../core/errors.ts";
 * import assert from "node:assert/strict";
 *
 * const refused = new AuthError("mlflow-rejected", { message: "Cannot use it: it refuses a token from the secret (HTTP 401)", remedy: "…" });
 * const facts = { tenantId: undefined, appId: undefined, objectId: undefined, audience: "api://a", expiresAtMs: 9 };
 * const challenges = [{ scheme: "bearer", parameters: { resource_id: "b.example" } }];
 * const { message, remedy } = explainOwnToken(refused, { facts, challenges, nowMs: 0 });
 * assert.equal(message, "Cannot use it: it refuses the identity's token (HTTP 401): its audience is api://a, the gate's is b.example");
 * assert.equal(remedy, "export MLFLOW_AZURE_TOKEN_SCOPE=b.example/.default");
 * ```
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function explainOwnToken(error: AuthError, own: OwnToken): AuthError {
  if (!/^mlflow-(rejected|forbidden|intercepted)$/.test(error.code)) return error;
  const [so, remedy] = becauseOf(error.code, own);
  const said = error.message.replace("a token from the secret", "the identity's token");
  return new AuthError(error.code, { message: `${said}: ${so}`, remedy, cause: error });
}
