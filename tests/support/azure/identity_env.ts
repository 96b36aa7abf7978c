import { GITHUB_HOST, PIPELINES_HOST } from "./clouds.ts";
import { ENDPOINTS } from "./managed_identity.ts";
import { GITHUB_PATH, PIPELINES_PATH } from "./oidc_issuers.ts";
import { IDS } from "./world.ts";

/** Ways of being somebody to Azure that the stand-in checks. */
export const IDENTITIES = [
  "client-secret",
  "certificate",
  "workload-identity",
  "github",
  "pipelines",
  "imds",
  "imds-user-assigned",
  "app-service",
  "app-service-user-assigned",
  "arc",
  "cloud-shell",
  "azure-ml",
] as const;

/** One of {@link IDENTITIES}. */
export type IdentityName = typeof IDENTITIES[number];

interface Places {
  readonly tenantId: string;
  /** Origin of the plain http port. */
  readonly plain: string;
  /** Path of a PEM file with key and certificate. */
  readonly certificate: string;
  /** Path of a federated token. */
  readonly federatedToken: string;
}

/**
 * @param name how to be somebody
 * @param places what the variables point at
 * @returns the variables that a platform, or a person, sets for it
 */
export function identityEnv(name: IdentityName, places: Places): Readonly<Record<string, string>> {
  const principal = { AZURE_TENANT_ID: places.tenantId, AZURE_CLIENT_ID: IDS.client };
  const header = { IDENTITY_HEADER: IDS.identityHeader };
  const user = { AZURE_CLIENT_ID: IDS.userIdentity.client };
  switch (name) {
    case "client-secret":
      return { ...principal, AZURE_CLIENT_SECRET: IDS.clientSecret };
    case "certificate":
      return { ...principal, AZURE_CLIENT_CERTIFICATE_PATH: places.certificate };
    case "workload-identity":
      return { ...principal, AZURE_FEDERATED_TOKEN_FILE: places.federatedToken };
    case "github":
      return {
        ...principal,
        ACTIONS_ID_TOKEN_REQUEST_URL: `https://${GITHUB_HOST}${GITHUB_PATH}?api-version=2.0`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: IDS.githubRequestToken,
      };
    case "pipelines":
      return {
        ...principal,
        SYSTEM_OIDCREQUESTURI: `https://${PIPELINES_HOST}${PIPELINES_PATH}`,
        SYSTEM_ACCESSTOKEN: IDS.pipelinesAccessToken,
        AZURESUBSCRIPTION_CLIENT_ID: IDS.client,
        AZURESUBSCRIPTION_TENANT_ID: places.tenantId,
        AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: IDS.connection,
      };
    case "imds":
      return {};
    case "imds-user-assigned":
      return user;
    case "app-service":
      return { IDENTITY_ENDPOINT: `${places.plain}${ENDPOINTS.appService}`, ...header };
    case "app-service-user-assigned":
      return { IDENTITY_ENDPOINT: `${places.plain}${ENDPOINTS.appService}`, ...header, ...user };
    case "arc":
      return { IDENTITY_ENDPOINT: `${places.plain}${ENDPOINTS.arc}`, IMDS_ENDPOINT: places.plain };
    case "cloud-shell":
      return { MSI_ENDPOINT: `${places.plain}${ENDPOINTS.cloudShell}` };
    case "azure-ml":
      return { MSI_ENDPOINT: `${places.plain}${ENDPOINTS.azureMl}`, MSI_SECRET: IDS.identityHeader };
  }
}
