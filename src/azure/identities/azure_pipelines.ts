import { AuthError } from "../../core/errors.ts";
import type { DetectionContext, Identity } from "./identity.ts";
import { incomplete, unset } from "../sign_in/incomplete.ts";
import { tenantOf } from "../sign_in/tenant.ts";

const title = "Azure Pipelines service connection";

const isHttps = (uri: string): boolean => URL.canParse(uri) && new URL(uri).protocol === "https:";

// A task such as AzureCLI@2 sets the names on the right for the steps it runs.
function variables(
  { settings, host }: Pick<DetectionContext, "settings"> & { host: Pick<DetectionContext["host"], "env"> },
) {
  const { env } = host;
  return {
    tenantId: tenantOf(settings) ?? env.AZURESUBSCRIPTION_TENANT_ID,
    clientId: settings.clientId.value ?? env.AZURESUBSCRIPTION_CLIENT_ID,
    connectionId: env.AZURESUBSCRIPTION_SERVICE_CONNECTION_ID ?? env.AZURE_SERVICE_CONNECTION_ID,
    accessToken: env.SYSTEM_ACCESSTOKEN,
  };
}

/**
 * A job of Azure Pipelines that shows a token which its service connection made for it.
 *
 * @see https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity
 */
export const azurePipelines: Identity = {
  name: "azure-pipelines",
  title,
  sdkNames: ["AzurePipelinesCredential"],
  group: "prod",
  needs: "SYSTEM_ACCESSTOKEN and AZURESUBSCRIPTION_SERVICE_CONNECTION_ID, in a job of Azure Pipelines",
  detect: (at) => {
    const uri = at.host.env.SYSTEM_OIDCREQUESTURI ?? "";
    if (uri === "") {
      return Promise.resolve({ is: "absent", reason: "SYSTEM_OIDCREQUESTURI is not set" });
    }
    const { tenantId, clientId, connectionId, accessToken } = variables(at);
    if ((connectionId ?? "") === "") {
      return Promise.resolve({ is: "absent", reason: "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID is not set" });
    }
    if ((accessToken ?? "") === "") {
      return Promise.reject(
        new AuthError("pipelines-oidc-unavailable", {
          message: `Cannot use "${title}": SYSTEM_ACCESSTOKEN is not set`,
          remedy: "map it in the step:  env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }",
        }),
      );
    }
    // The SDK sends the access token over nothing else, and its error does not say so.
    if (!isHttps(uri)) {
      return Promise.reject(
        new AuthError("pipelines-oidc-unavailable", {
          message: `Cannot use "${title}": SYSTEM_OIDCREQUESTURI is no https URL`,
          remedy: "leave the variable as the job has it: unset it in your own files",
        }),
      );
    }
    const missing = unset({ AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId });
    return missing.length > 0
      ? Promise.reject(incomplete(title, missing))
      : Promise.resolve({ is: "configured", reason: "the job has a service connection" });
  },
  tenant: (settings) => tenantOf(settings),
  connect: async ({ settings, host, options }) => {
    const { AzurePipelinesCredential, logger } = await import("../sdk/azure_pipelines.ts");
    // With AZURE_LOG_LEVEL set it would log the whole answer of a token request that failed.
    for (const level of [logger.error, logger.warning, logger.info, logger.verbose]) level.enabled = false;
    const { tenantId, clientId, connectionId, accessToken } = variables({ settings, host });
    return new AzurePipelinesCredential(
      tenantId ?? "",
      clientId ?? "",
      connectionId ?? "",
      accessToken ?? "",
      options,
    );
  },
};
