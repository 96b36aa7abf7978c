import { azureCli } from "./azure_cli.ts";
import { azureDeveloperCli } from "./azure_developer_cli.ts";
import { azurePipelines } from "./azure_pipelines.ts";
import { azurePowershell } from "./azure_powershell.ts";
import { clientCertificate } from "./client_certificate.ts";
import { clientSecret } from "./client_secret.ts";
import { githubActions } from "./github_actions.ts";
import type { Identity } from "./identity.ts";
import { managedIdentity } from "./managed_identity.ts";
import { workloadIdentity } from "./workload_identity.ts";

/**
 * Every identity, in the order in which they are looked for. The first that is configured is used, and no other one is tried if it
 * fails. What says that one is configured:
 *
 * 1. a client secret: `AZURE_CLIENT_SECRET`
 * 2. a certificate: `AZURE_CLIENT_CERTIFICATE_PATH`
 * 3. a GitHub Actions job: `ACTIONS_ID_TOKEN_REQUEST_URL` and `_TOKEN`, with a tenant and client id
 * 4. an Azure Pipelines job: `SYSTEM_OIDCREQUESTURI` and a service connection
 * 5. workload identity: `AZURE_FEDERATED_TOKEN_FILE`
 * 6. managed identity: `IDENTITY_ENDPOINT`, `MSI_ENDPOINT` or the agent of Azure Arc
 * 7. `az`, `azd`, `pwsh`: the program on PATH, and its files show that somebody is signed in
 *
 * Where none is, those that may work are asked in the same order: managed identity by a request to the metadata service that may
 * take 1 s, then a program that is on PATH.
 */
export const IDENTITIES: readonly Identity[] = [
  clientSecret,
  clientCertificate,
  githubActions,
  azurePipelines,
  workloadIdentity,
  managedIdentity,
  azureCli,
  azureDeveloperCli,
  azurePowershell,
];
