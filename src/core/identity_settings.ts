import * as form from "./forms.ts";
import type { SettingRow } from "./setting_row.ts";
import { showId, showPath } from "./shown.ts";

/** The settings that say who we are to Azure, under the names of the Azure SDKs; part of the table of all settings. */
export const IDENTITY_SETTINGS: readonly SettingRow[] = [
  { key: "tenantId", names: ["AZURE_TENANT_ID"], doc: "Tenant (directory) id", parse: form.tenant, show: showId },
  {
    key: "clientId",
    names: ["AZURE_CLIENT_ID"],
    doc: "Application (client) id; alone: the user-assigned managed identity",
    parse: form.id,
    show: showId,
  },
  {
    key: "clientSecret",
    names: ["AZURE_CLIENT_SECRET"],
    doc: "Client secret of a service principal",
    exact: true,
    parse: form.secret,
  },
  {
    key: "certificatePath",
    names: ["AZURE_CLIENT_CERTIFICATE_PATH"],
    doc: "PEM file with the service principal's certificate and key",
    parse: form.path,
    show: showPath,
  },
  {
    key: "certificatePassword",
    names: ["AZURE_CLIENT_CERTIFICATE_PASSWORD"],
    doc: "Password of the certificate's key",
    exact: true,
    parse: form.secret,
  },
  {
    key: "sendCertificateChain",
    names: ["AZURE_CLIENT_SEND_CERTIFICATE_CHAIN"],
    doc: "Send the certificate chain (subject name and issuer authentication)",
    fallback: false,
    words: ["true", "false"],
    parse: form.flagged,
  },
  {
    key: "federatedTokenFile",
    names: ["AZURE_FEDERATED_TOKEN_FILE"],
    doc: "Token file of workload identity (AKS)",
    parse: form.path,
    show: showPath,
  },
  {
    key: "kubernetesTokenProxy",
    names: ["AZURE_KUBERNETES_TOKEN_PROXY"],
    doc: "Endpoint of an AKS identity binding, where workload identity asks for its token",
    parse: form.httpUrl,
    show: form.plainUrl,
  },
  {
    key: "kubernetesSniName",
    names: ["AZURE_KUBERNETES_SNI_NAME"],
    doc: "Name of that endpoint's certificate",
    parse: form.word,
  },
  {
    key: "kubernetesCaFile",
    names: ["AZURE_KUBERNETES_CA_FILE"],
    doc: "PEM file of that endpoint's roots, read for every token",
    parse: form.path,
    show: showPath,
  },
  {
    key: "kubernetesCaData",
    names: ["AZURE_KUBERNETES_CA_DATA"],
    doc: "The same roots as PEM text",
    exact: true,
    parse: form.text,
    show: () => "[PEM]",
  },
  {
    key: "oidcRequestUrl",
    names: ["ACTIONS_ID_TOKEN_REQUEST_URL"],
    doc: "Where a GitHub Actions job asks for its OIDC token",
    parse: form.httpUrl,
    show: form.plainUrl,
  },
  {
    key: "oidcRequestToken",
    names: ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
    doc: "What a GitHub Actions job asks with",
    exact: true,
    parse: form.secret,
  },
  {
    key: "tokenCredentials",
    names: ["AZURE_TOKEN_CREDENTIALS"],
    flag: "--identity",
    value: "name",
    doc: "prod, dev, or the name of one credential, as in the Azure SDKs",
    parse: form.word,
  },
  {
    key: "authorityHost",
    names: ["AZURE_AUTHORITY_HOST"],
    doc: "Authority of Entra ID, as in the Azure SDKs",
    unset: "from the cloud",
    parse: (value) => form.url(value.includes("://") ? value : `https://${value}`),
    show: form.plainUrl,
  },
];
