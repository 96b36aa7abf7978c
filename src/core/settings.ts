import { flagged, headerName, hidden, httpUrl, list, oneOf, plainUrl, seconds, secret, text, url } from "./forms.ts";
import { type Level, LEVELS } from "./log.ts";
import { defaulted, optional, type Setting } from "./setting_row.ts";

export type { Defaulted, Row, Setting, Source } from "./setting_row.ts";

/**
 * Every setting, in the order in which the docs and `info` list them. A flag wins over the environment, the environment over
 * an `--env-file`, a later file over an earlier one. An empty value counts as not set.
 */
export const SETTINGS = [
  optional({
    key: "vaultUrl",
    names: ["MLFLOW_AZURE_KEY_VAULT_URL", "AZURE_KEY_VAULT_URL"],
    flag: "--vault-url",
    doc: "Vault, https://NAME.vault.azure.net/, or a full secret identifier",
    unset: "required",
    parse: httpUrl,
    show: plainUrl,
  }),
  optional({
    key: "secretName",
    names: ["MLFLOW_AZURE_SECRET_NAME"],
    flag: "--secret-name",
    doc: "Secret name",
    unset: "required unless the vault URL holds it",
    parse: text,
  }),
  defaulted({
    key: "secretVersion",
    names: ["MLFLOW_AZURE_SECRET_VERSION"],
    flag: "--secret-version",
    doc: "latest, or a version id",
    fallback: "latest",
    parse: text,
  }),
  optional({
    key: "authMode",
    names: ["MLFLOW_AZURE_AUTH_MODE"],
    flag: "--auth-mode",
    doc: "bearer or basic",
    unset: "by the secret's shape",
    parse: oneOf(["bearer", "basic"]),
  }),
  defaulted({
    key: "ttlSec",
    names: ["MLFLOW_AZURE_TTL_SEC"],
    doc: "Seconds a credential is kept before it is read again, 1 to 86400",
    fallback: 300,
    parse: seconds,
  }),
  optional({
    key: "cloud",
    names: ["AZURE_CLOUD_ENVIRONMENT"],
    flag: "--cloud",
    doc: "AzurePublicCloud, AzureUSGovernment or AzureChinaCloud",
    unset: "from the vault's suffix",
    parse: oneOf(["AzurePublicCloud", "AzureUSGovernment", "AzureChinaCloud"], {
      AzureCloud: "AzurePublicCloud",
      AzurePublic: "AzurePublicCloud",
      AzureGovernment: "AzureUSGovernment",
      AzureUSGovernmentCloud: "AzureUSGovernment",
      AzureChina: "AzureChinaCloud",
    }),
  }),
  optional({ key: "tenantId", names: ["AZURE_TENANT_ID"], doc: "Tenant (directory) id", parse: text }),
  optional({
    key: "clientId",
    names: ["AZURE_CLIENT_ID"],
    doc: "Application (client) id; alone: the user-assigned managed identity",
    parse: text,
  }),
  optional({
    key: "clientSecret",
    names: ["AZURE_CLIENT_SECRET"],
    doc: "Client secret of a service principal",
    parse: secret,
    show: hidden,
  }),
  optional({
    key: "certificatePath",
    names: ["AZURE_CLIENT_CERTIFICATE_PATH"],
    doc: "PEM file with the service principal's certificate and key",
    parse: text,
  }),
  optional({
    key: "certificatePassword",
    names: ["AZURE_CLIENT_CERTIFICATE_PASSWORD"],
    doc: "Password of the certificate's key",
    parse: secret,
    show: hidden,
  }),
  defaulted({
    key: "sendCertificateChain",
    names: ["AZURE_CLIENT_SEND_CERTIFICATE_CHAIN"],
    doc: "Send the certificate chain (subject name and issuer authentication)",
    fallback: false,
    parse: flagged,
  }),
  optional({
    key: "federatedTokenFile",
    names: ["AZURE_FEDERATED_TOKEN_FILE"],
    doc: "Token file of workload identity (AKS)",
    parse: text,
  }),
  optional({
    key: "oidcRequestUrl",
    names: ["ACTIONS_ID_TOKEN_REQUEST_URL"],
    doc: "Where a GitHub Actions job asks for its OIDC token",
    parse: httpUrl,
    show: plainUrl,
  }),
  optional({
    key: "oidcRequestToken",
    names: ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
    doc: "What a GitHub Actions job asks with",
    parse: secret,
    show: hidden,
  }),
  optional({
    key: "tokenCredentials",
    names: ["AZURE_TOKEN_CREDENTIALS"],
    flag: "--identity",
    doc: "prod, dev, or the name of one credential, as in the Azure SDKs",
    parse: text,
  }),
  optional({
    key: "authorityHost",
    names: ["AZURE_AUTHORITY_HOST"],
    doc: "Authority of Entra ID, as in the Azure SDKs",
    unset: "from the cloud",
    parse: (value: string): URL => url(value.includes("://") ? value : `https://${value}`),
    show: plainUrl,
  }),
  optional({
    key: "enable",
    names: ["MLFLOW_SECRETS_AUTH_ENABLE"],
    doc: "Comma-separated providers; if set, must name azure-key-vault",
    unset: "enabled",
    parse: list,
    show: (value) => value.join(","),
  }),
  optional({
    key: "enableAzure",
    names: ["MLFLOW_SECRETS_AUTH_ENABLE_AZURE_KEY_VAULT"],
    doc: "true or false; if set, must allow azure-key-vault",
    unset: "enabled",
    parse: flagged,
  }),
  optional({
    key: "allowedHosts",
    names: ["MLFLOW_SECRETS_ALLOWED_HOSTS"],
    flag: "--allowed-hosts",
    doc: "Comma-separated host patterns (* and ?) that may get the credential",
    unset: "any",
    parse: list,
    show: (value) => value.join(","),
  }),
  optional({
    key: "trustedVaultHosts",
    names: ["MLFLOW_AZURE_TRUSTED_VAULT_HOSTS"],
    doc: "Comma-separated vault hosts outside the known Key Vault suffixes that may see a token",
    unset: "none",
    parse: list,
    show: (value) => value.join(","),
  }),
  defaulted({
    key: "logLevel",
    names: ["MLFLOW_SECRETS_LOG_LEVEL"],
    flag: "--log-level",
    doc: "DEBUG, INFO, WARNING or ERROR",
    fallback: "INFO",
    parse: (value: string): Level => oneOf(LEVELS, { WARN: "WARNING" })(value),
  }),
  defaulted({
    key: "headerName",
    names: ["MLFLOW_AUTH_HEADER_NAME"],
    flag: "--header-name",
    doc: "Header that carries the credential in doctor's requests",
    fallback: "Authorization",
    parse: headerName,
  }),
  optional({
    key: "caBundle",
    names: ["MLFLOW_AUTH_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE"],
    flag: "--ca-bundle",
    doc: "PEM file of extra roots, added to the built-in ones",
    unset: "the built-in roots alone",
    parse: text,
  }),
  optional({
    key: "httpsProxy",
    names: ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
    doc: "Proxy for https requests; managed identity endpoints are never proxied",
    parse: text,
    show: plainUrl,
  }),
  optional({
    key: "httpProxy",
    names: ["HTTP_PROXY", "http_proxy"],
    doc: "Proxy for http requests",
    parse: text,
    show: plainUrl,
  }),
  optional({ key: "noProxy", names: ["NO_PROXY", "no_proxy"], doc: "Hosts that are not proxied", parse: text }),
  optional({
    key: "trackingUri",
    names: ["MLFLOW_TRACKING_URI"],
    doc: "Tracking server, as MLflow reads it",
    parse: text,
    show: (value) => URL.canParse(value) ? plainUrl(value) : value,
  }),
  optional({
    key: "serverCertPath",
    names: ["MLFLOW_TRACKING_SERVER_CERT_PATH"],
    doc: "PEM file of the tracking server's roots, as MLflow reads it",
    parse: text,
  }),
  optional({
    key: "clientCertPath",
    names: ["MLFLOW_TRACKING_CLIENT_CERT_PATH"],
    doc: "PEM file with the certificate and key to present, as MLflow reads it",
    parse: text,
  }),
  defaulted({
    key: "insecureTls",
    names: ["MLFLOW_TRACKING_INSECURE_TLS"],
    doc: "Skip the check of the tracking server's certificate, as MLflow reads it",
    fallback: false,
    parse: flagged,
  }),
] as const;

/** A row of {@link SETTINGS}. */
export type AnyRow = typeof SETTINGS[number];

/** Key of a setting in {@link Settings}. */
export type SettingKey = AnyRow["key"];

type ValueOf<R extends AnyRow> =
  | ReturnType<R["parse"]>
  | (R extends { readonly fallback: unknown } ? never : undefined);

/** Every setting, each known with its source. */
export type Settings = { readonly [R in AnyRow as R["key"]]: Setting<ValueOf<R>> };
