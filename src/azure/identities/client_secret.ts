import type { Identity } from "./identity.ts";
import { incomplete, unset } from "../sign_in/incomplete.ts";
import { tenantOf } from "../sign_in/tenant.ts";

const title = "service principal with a client secret";

/**
 * A service principal that shows a secret.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#first-case-access-token-request-with-a-shared-secret
 */
export const clientSecret: Identity = {
  name: "client-secret",
  title,
  sdkNames: ["EnvironmentCredential", "ClientSecretCredential"],
  group: "prod",
  needs: "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
  detect: ({ settings }) => {
    if (settings.clientSecret.value === undefined) {
      return Promise.resolve({ is: "absent", reason: "AZURE_CLIENT_SECRET is not set" });
    }
    const missing = unset({ AZURE_TENANT_ID: settings.tenantId.value, AZURE_CLIENT_ID: settings.clientId.value });
    if (missing.length > 0) return Promise.reject(incomplete(title, missing));
    return Promise.resolve({ is: "configured", reason: "AZURE_CLIENT_SECRET is set" });
  },
  tenant: tenantOf,
  connect: async ({ settings, options, askAhead, leave }) => {
    const secret = settings.clientSecret.value?.reveal() ?? "";
    askAhead?.({ client_secret: secret });
    await leave();
    const { ClientSecretCredential } = await import("../sdk/client_secret.ts");
    return new ClientSecretCredential(tenantOf(settings) ?? "", settings.clientId.value ?? "", secret, options);
  },
};
