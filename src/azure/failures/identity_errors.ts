import { AuthError } from "../../core/errors.ts";
import type { FailureContext } from "./failure_context.ts";
import { identityNotFound } from "./odd_errors.ts";

type Context = FailureContext & { readonly cause?: unknown };

function explainManagedIdentity(text: string, context: Context): AuthError | undefined {
  const { network, vault, cause } = context;
  if (context.identity.name !== "managed-identity" || (network !== undefined && network.host === vault?.host)) {
    return undefined;
  }
  const doing = `Cannot get a token as "${context.identity.title}"`;
  if (/identity not found|no .*managed identity found/i.test(text)) {
    return identityNotFound(context);
  }
  if (/not supported for CloudShell/i.test(text)) {
    return new AuthError("identity-unsupported", {
      message: `${doing}: Cloud Shell has the signed-in user's identity only`,
      remedy: "unset AZURE_CLIENT_ID",
      cause,
    });
  }
  if (network === undefined && !/ManagedIdentityCredential|managed_identity/i.test(text)) return undefined;
  return new AuthError("managed-identity-unavailable", {
    message: `${doing}: ${
      network === undefined ? "its endpoint gave no token" : `its endpoint at ${network.host} does not answer`
    }`,
    remedy: "run it on Azure, or choose another identity: export AZURE_TOKEN_CREDENTIALS=AzureCliCredential",
    cause,
  });
}

/**
 * Says what a failure means that is one identity's own.
 *
 * @param text the messages of the SDK's errors, for matching alone
 * @param context the identity and the names to fill in
 * @returns the error, or `undefined` where the failure is not the identity's own
 */
export function explainIdentity(text: string, context: Context): AuthError | undefined {
  if (context.identity.name === "azure-pipelines" && /oidc/i.test(text)) {
    return new AuthError("pipelines-oidc-unavailable", {
      message: `Cannot get an OIDC token from "Azure Pipelines": its service connection gave none`,
      remedy: "check that the job may use the service connection, and map in the step:  " +
        "env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }",
      cause: context.cause,
    });
  }
  return explainManagedIdentity(text, context);
}
