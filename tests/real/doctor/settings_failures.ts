import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Failure } from "./failure.ts";

/** Settings, shadows and variables that are wrong: no request tells. */
export const SETTINGS_FAILURES: readonly Failure[] = [
  { name: "an option that is not there", code: "usage", args: ["doctor", "--jsno"] },
  {
    name: "a file of settings that is not there",
    code: "env-file-unreadable",
    args: ["doctor", "--env-file", "/no.env"],
  },
  { name: "a vault that is not set", code: "setting-missing", env: { MLFLOW_AZURE_KEY_VAULT_URL: "" }, silent: true },
  { name: "seconds with a unit", code: "setting-invalid", env: { MLFLOW_AZURE_TTL_SEC: "5m" }, silent: true },
  {
    name: "a vault without TLS",
    code: "setting-invalid",
    env: { MLFLOW_AZURE_KEY_VAULT_URL: "http://team.vault.azure.net" },
    silent: true,
  },
  { name: "a proxy that is no URL", code: "setting-invalid", env: { HTTPS_PROXY: "http://[127.0.0.1" } },
  {
    name: "a vault of another cloud",
    code: "setting-conflict",
    env: { AZURE_CLOUD_ENVIRONMENT: "AzureChinaCloud" },
    silent: true,
  },
  {
    name: "both TLS switches",
    code: "setting-conflict",
    env: { MLFLOW_TRACKING_INSECURE_TLS: "true", MLFLOW_TRACKING_SERVER_CERT_PATH: "/ca.pem" },
  },
  {
    name: "a certificate that is not checked",
    code: "tls-untrusted",
    env: { MLFLOW_TRACKING_INSECURE_TLS: "true" },
  },
  {
    name: "a secret name that no vault can hold",
    code: "setting-invalid",
    env: { MLFLOW_AZURE_SECRET_NAME: "../keys/x" },
    silent: true,
  },
  {
    name: "the authority of another cloud",
    code: "setting-conflict",
    env: { AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us" },
    silent: true,
  },
  { name: "a misspelled variable", code: "setting-misspelled", env: { AZURE_TENNANT_ID: "x" } },
  { name: "another provider", code: "disabled", env: { MLFLOW_SECRETS_AUTH_ENABLE: "hashicorp-vault" }, silent: true },
  {
    name: "a host that is no Key Vault",
    code: "vault-untrusted",
    env: { MLFLOW_AZURE_KEY_VAULT_URL: "https://vault.example" },
    silent: true,
  },
  {
    name: "a Key Vault's host with a wrong letter",
    code: "vault-untrusted",
    env: { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.ney" },
    silent: true,
  },
  {
    name: "a managed HSM",
    code: "vault-unsupported",
    env: { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.managedhsm.azure.net" },
    silent: true,
  },
  {
    name: "a tracking server that may not get the credential",
    code: "host-not-allowed",
    env: { MLFLOW_TRACKING_URI: "https://evil.example", MLFLOW_SECRETS_ALLOWED_HOSTS: "*.corp.example" },
    silent: true,
  },
  {
    name: "a registry that may not get the credential",
    code: "host-not-allowed",
    env: { MLFLOW_REGISTRY_URI: "https://evil.example", MLFLOW_SECRETS_ALLOWED_HOSTS: "*.corp.example" },
    silent: true,
  },
  {
    name: "a tracking server without TLS on another machine",
    code: "tracking-plain-http",
    env: { MLFLOW_TRACKING_URI: "http://mlflow.invalid" },
  },
  {
    name: "a registry elsewhere",
    code: "registry-elsewhere",
    env: { MLFLOW_REGISTRY_URI: "https://registry.invalid" },
  },
  {
    name: "a gateway elsewhere",
    code: "registry-elsewhere",
    env: { MLFLOW_DEPLOYMENTS_TARGET: "https://gateway.invalid" },
  },
  ...["azureml://eastus.api.azureml.ms/mlflow", "databricks", "arn:aws:sagemaker:eu-west-1:1:mlflow/x"].map((uri) => ({
    name: `the tracking URI ${uri}`,
    code: "mlflow-uri-unsupported" as const,
    env: { MLFLOW_TRACKING_URI: uri },
  })),
  {
    name: "a user name in the tracking URI",
    code: "environment-shadows",
    env: { MLFLOW_TRACKING_URI: "http://ada:password-canary@127.0.0.1:9" },
  },
  { name: "a plugin that signs in", code: "environment-shadows", env: { MLFLOW_TRACKING_AUTH: "entra" } },
  { name: "AWS signatures", code: "environment-shadows", env: { MLFLOW_TRACKING_AWS_SIGV4: "true" } },
  {
    name: "user name and password beside a token",
    code: "environment-shadows",
    env: {
      MLFLOW_TRACKING_TOKEN: "token-canary",
      MLFLOW_TRACKING_USERNAME: "ada",
      MLFLOW_TRACKING_PASSWORD: "password-canary",
    },
  },
  {
    name: "MLflow's credentials file",
    code: "credentials-file-wins",
    arrange: async ({ folder }) => {
      await mkdir(join(folder, ".mlflow"));
      const text = "[mlflow]\nmlflow_tracking_username = ada\nmlflow_tracking_password = password-canary\n";
      await writeFile(join(folder, ".mlflow", "credentials"), text);
    },
  },
  {
    name: "a default entry of netrc",
    code: "netrc-wins",
    arrange: ({ folder }) => writeFile(join(folder, ".netrc"), "default login ada password password-canary\n"),
  },
  {
    name: "a netrc file that NETRC names",
    code: "netrc-wins",
    arrange: async ({ folder }) => {
      const path = join(folder, "my-netrc");
      await writeFile(path, "machine 127.0.0.1 login ada password password-canary\n");
      return { NETRC: path, MLFLOW_TRACKING_URI: "http://127.0.0.1:9" };
    },
  },
  {
    name: "a lower-case no_proxy without this machine",
    code: "proxy-catches-loopback",
    env: {
      HTTP_PROXY: "http://127.0.0.1:9",
      NO_PROXY: "127.0.0.1,localhost",
      no_proxy: "corp.example",
      MLFLOW_TRACKING_URI: "http://127.0.0.1:9",
    },
  },
  {
    name: "a proxy of ours that is gone",
    code: "proxy-gone",
    env: {
      MLFLOW_TRACKING_URI: "http://127.0.0.1:9",
      MLFLOW_TRACKING_TOKEN: `mlflow-auth-${"k".repeat(43)}`,
      MLFLOW_AUTH_BEFORE_PROXY: "v=1",
    },
  },
  {
    name: "a command behind a proxy of ours",
    code: "proxy-nested",
    env: { MLFLOW_TRACKING_URI: "http://127.0.0.1:9", MLFLOW_TRACKING_TOKEN: `mlflow-auth-${"k".repeat(43)}` },
    args: ["exec", "true"],
    silent: true,
  },
  {
    name: "a port that the proxy cannot have",
    code: "proxy-failed",
    // Nobody may listen on the address of another machine.
    env: { MLFLOW_TRACKING_URI: "https://mlflow.example" },
    args: ["proxy", "--listen", "192.0.2.1:1", "--allow-remote"],
  },
  {
    name: "a key file that others may read",
    code: "key-file-unusable",
    env: { MLFLOW_TRACKING_URI: "https://mlflow.example" },
    shell: 'umask 022; echo x > "$HOME/key"; "$@" --key-file "$HOME/key"',
    args: ["proxy"],
    silent: true,
  },
];
