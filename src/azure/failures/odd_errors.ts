import { AuthError } from "../../core/errors.ts";
import { morePatience } from "./busy_errors.ts";
import type { FailureContext } from "./failure_context.ts";
import { hasVault } from "./failure_context.ts";
import { explainNetwork } from "./network_errors.ts";
import type { OddAnswer, OddBody } from "./odd_answer.ts";
import { explainVault } from "./vault_errors.ts";

type Context = FailureContext & { readonly cause?: unknown };

const BODIES: Readonly<Record<OddBody, string>> = {
  empty: "nothing in it",
  page: "a web page in it",
  json: "JSON of another kind in it",
  text: "a text in it",
};

/**
 * The error for an answer that is none of the service's own.
 *
 * @param odd what the answer shows
 * @param context the names to fill in
 * @returns the error, blamed on who answered
 */
export function explainOdd(odd: OddAnswer, context: Context): AuthError {
  const { doing, cause } = context;
  const shown = `an answer with status ${odd.status} and ${BODIES[odd.body]}`;
  // Azure answers in JSON: a page is somebody else's.
  if (odd.body === "page" && odd.service !== "managed-identity") {
    return explainNetwork({ kind: "proxy", host: odd.host }, { doing, cause });
  }
  switch (odd.service) {
    case "vault":
      if (!hasVault(context) || odd.status < 400) {
        return new AuthError("vault-failed", {
          message: `${doing}: the vault gave no secret, but ${shown}`,
          remedy: `check what stands between: curl -i https://${odd.host}/healthstatus`,
          cause,
        });
      }
      return explainVault({ status: odd.status, code: undefined, inner: undefined, address: undefined }, context);
    case "entra":
      return new AuthError("entra-failed", {
        message: `Cannot get a token from "${odd.host}": Entra ID gave none, but ${shown}`,
        remedy:
          `try again; if it stays, check what stands between: curl -i https://${odd.host}/common/v2.0/.well-known/openid-configuration`,
        cause,
      });
    case "pipelines":
      return new AuthError("pipelines-oidc-unavailable", {
        message: `Cannot get an OIDC token from "Azure Pipelines": it gave none, but ${shown}`,
        remedy: "check that the job may use the service connection, and map in the step:  " +
          "env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }",
        cause,
      });
    case "managed-identity":
      return explainEndpoint(odd, { ...context, shown });
  }
}

function explainEndpoint(odd: OddAnswer, context: Context & { readonly shown: string }): AuthError {
  const { clientId, identity, cause, shown } = context;
  const doing = `Cannot get a token as "${identity.title}"`;
  if (odd.identity === "several" && clientId === undefined) {
    return new AuthError("managed-identity-ambiguous", {
      message: `${doing}: this resource has several, and none is named (${odd.status})`,
      remedy:
        'name one: export AZURE_CLIENT_ID=<client id>; az identity list --query "[].{name:name, clientId:clientId}"',
      cause,
    });
  }
  if (odd.identity === "updating") {
    return new AuthError("managed-identity-busy", {
      message: `${doing}: its endpoint at ${odd.host} is not ready (${odd.status})`,
      remedy: morePatience(context),
      cause,
    });
  }
  if (odd.identity !== undefined) return identityNotFound({ ...context, status: odd.status });
  return new AuthError("managed-identity-unavailable", {
    message: `${doing}: its endpoint at ${odd.host} gave no token, but ${shown}`,
    remedy: odd.status === 403 || odd.status === 401
      ? "leave IDENTITY_HEADER and IDENTITY_ENDPOINT as the platform sets them, and restart the app"
      : "run it on Azure, or choose another identity: export AZURE_TOKEN_CREDENTIALS=AzureCliCredential",
    cause,
  });
}

/**
 * The error for an identity that the resource does not have.
 *
 * @param context the identity that was asked for, and the answer's status where it is known
 * @returns `managed-identity-not-found`
 */
export function identityNotFound(
  { clientId, tenantId, identity, cause, status }: Pick<Context, "clientId" | "tenantId" | "identity" | "cause"> & {
    readonly status?: number;
  },
): AuthError {
  // A managed identity needs no tenant: whoever names one has a service principal in mind.
  const assign = tenantId === undefined
    ? "assign it"
    : "as a service principal, set AZURE_CLIENT_SECRET; else assign the identity";
  const which = clientId === undefined ? "the system-assigned identity" : `the user-assigned identity ${clientId}`;
  return new AuthError("managed-identity-not-found", {
    message: `Cannot get a token as "${identity.title}": ${which} is not assigned to this resource${
      status === undefined ? "" : ` (${status})`
    }`,
    remedy: clientId === undefined
      ? "assign one (az vm, az webapp, az functionapp or az containerapp): az vm identity assign --resource-group <group> --name <vm>"
      : `${assign}, or correct AZURE_CLIENT_ID: az identity list --query "[].{name:name, clientId:clientId}"`,
    cause,
  });
}
