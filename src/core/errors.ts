import { oneLine } from "./one_line.ts";

/**
 * Every way in which the program can fail, by a code that never changes once released. The order is the order of a run.
 * A code's heading in `docs/errors.md` is its page; a finding of `doctor` uses the same codes.
 */
export const ERRORS = [
  { code: "usage", title: "The command line is not understood" },
  { code: "env-file-unreadable", title: "A file named by --env-file cannot be read" },
  { code: "setting-missing", title: "A required setting is not set" },
  { code: "setting-invalid", title: "A setting has a value of the wrong form" },
  { code: "setting-conflict", title: "Two settings contradict each other" },
  { code: "setting-misspelled", title: "A variable looks like a setting with a typing error" },
  { code: "disabled", title: "The enable variables name another provider or switch this one off" },
  { code: "vault-untrusted", title: "The vault is not a host that may see a token" },
  { code: "vault-unsupported", title: "The vault belongs to a service that is not supported" },
  { code: "host-not-allowed", title: "The tracking host may not get the credential" },
  { code: "tracking-plain-http", title: "The credential would cross the network unencrypted" },
  { code: "registry-elsewhere", title: "A variable sends the credential to a second server" },
  { code: "proxy-nested", title: "The tracking server is a proxy of mlflow-auth already" },
  { code: "identity-none", title: "Nothing says who you are to Azure" },
  { code: "identity-incomplete", title: "An identity is only half configured" },
  { code: "identity-unsupported", title: "This kind of identity is not supported" },
  { code: "certificate-unreadable", title: "The certificate file cannot be read" },
  { code: "certificate-invalid", title: "The certificate file holds nothing that can be used" },
  { code: "certificate-password", title: "The certificate's password is missing or wrong" },
  { code: "certificate-date", title: "The certificate has expired, or is not valid yet" },
  { code: "federated-token-unreadable", title: "The federated token file cannot be read" },
  { code: "github-oidc-unavailable", title: "The GitHub job may not ask for an OIDC token" },
  { code: "github-oidc-refused", title: "GitHub refused to issue an OIDC token" },
  { code: "pipelines-oidc-unavailable", title: "Azure Pipelines issued no OIDC token" },
  { code: "managed-identity-unavailable", title: "No managed identity endpoint answered" },
  { code: "managed-identity-ambiguous", title: "The resource has several managed identities" },
  { code: "managed-identity-not-found", title: "The managed identity is not assigned to this resource" },
  { code: "managed-identity-busy", title: "The managed identity endpoint is asked too often, or not ready" },
  { code: "developer-tool-missing", title: "A developer tool is not installed" },
  { code: "developer-tool-failed", title: "A developer tool gave no token" },
  { code: "entra-secret-wrong", title: "Entra ID refused the client secret" },
  { code: "entra-secret-expired", title: "The client secret has expired" },
  { code: "entra-tenant-unknown", title: "Entra ID does not know the tenant" },
  { code: "entra-app-unknown", title: "Entra ID does not know the application in this tenant" },
  { code: "entra-certificate-unknown", title: "The certificate is not registered with the application" },
  { code: "entra-assertion-expired", title: "The assertion is outside its time range" },
  { code: "entra-assertion-audience", title: "The assertion was made for another authority" },
  { code: "entra-federation-mismatch", title: "No federated credential matches the assertion" },
  { code: "entra-throttled", title: "Entra ID is asked too often" },
  { code: "entra-resource-unknown", title: "Entra ID does not know the application that a token is for" },
  { code: "entra-not-assigned", title: "The identity has no role at the application that a token is for" },
  { code: "entra-consent-missing", title: "Nobody has consented to the token" },
  { code: "entra-failed", title: "Entra ID failed to answer" },
  { code: "entra-refused", title: "Entra ID refused to issue a token" },
  { code: "tenant-mismatch", title: "The vault belongs to another tenant" },
  { code: "network-dns", title: "A host name does not resolve" },
  { code: "network-refused", title: "A connection was refused" },
  { code: "network-timeout", title: "A host did not answer in time" },
  { code: "network-reset", title: "A connection broke" },
  { code: "network-proxy", title: "A proxy answered in place of the service" },
  { code: "network-failed", title: "A request could not be sent" },
  { code: "tls-untrusted", title: "A certificate's issuer is not trusted" },
  { code: "tls-name", title: "A certificate is for another name" },
  { code: "tls-date", title: "A certificate has expired, or is not valid yet" },
  { code: "tls-failed", title: "A TLS connection could not be made" },
  { code: "deadline", title: "The credential could not be resolved in time" },
  { code: "clock-skew", title: "This machine's clock is wrong" },
  { code: "open-files-limit", title: "The process may have too few files open" },
  { code: "vault-forbidden", title: "The identity has no role that may read secrets" },
  { code: "vault-access-policy", title: "The vault's access policy does not let the identity read secrets" },
  { code: "vault-firewall", title: "The vault's firewall refuses this address" },
  { code: "vault-private", title: "The vault is reached through its private endpoint only" },
  { code: "vault-token-rejected", title: "The vault did not accept the token" },
  { code: "vault-challenge", title: "The vault's challenge is not its own" },
  { code: "vault-throttled", title: "The vault is asked too often" },
  { code: "vault-failed", title: "The vault failed to answer" },
  { code: "secret-not-found", title: "The vault has no such secret" },
  { code: "secret-disabled", title: "The secret is disabled" },
  { code: "secret-expired", title: "The secret is past its expiry date" },
  { code: "secret-not-yet-valid", title: "The secret is not valid yet" },
  { code: "credential-invalid", title: "The secret holds nothing that MLflow accepts" },
  { code: "credential-mode", title: "The secret does not fit the authentication mode" },
  { code: "credential-expired", title: "The token in the secret has expired" },
  { code: "credentials-file-wins", title: "~/.mlflow/credentials would win over the token" },
  { code: "netrc-wins", title: "A netrc entry would win over the credential" },
  { code: "environment-shadows", title: "Another variable would win over the credential" },
  { code: "proxy-catches-loopback", title: "A proxy variable would catch requests to this machine" },
  { code: "proxy-failed", title: "The proxy could not be started" },
  { code: "proxy-gone", title: "The proxy that the environment leads to does not run any more" },
  { code: "key-file-unusable", title: "The file for the proxy's key cannot be used" },
  { code: "cache-unavailable", title: "The kernel's keyring cannot be used" },
  { code: "cache-stale", title: "The kernel kept a credential that is no longer the vault's" },
  { code: "cache-shared", title: "Containers that run as root may read what the kernel keeps for root" },
  { code: "command-not-found", title: "The command was not found" },
  { code: "command-not-runnable", title: "The command cannot be run" },
  { code: "environment-too-large", title: "A variable is too large for the system" },
  { code: "format-cannot-hold", title: "The format cannot hold the value" },
  { code: "format-cannot-unset", title: "The format cannot unset a variable" },
  { code: "terminal-refused", title: "A terminal gets no secret without --reveal" },
  { code: "output-failed", title: "The output could not be written" },
  { code: "mlflow-unreachable", title: "The tracking server cannot be reached" },
  { code: "mlflow-client-certificate", title: "The tracking server wants a client certificate, or another one" },
  { code: "mlflow-wrong-address", title: "The tracking server answers at another address" },
  { code: "mlflow-not-mlflow", title: "The address does not answer as MLflow does" },
  { code: "mlflow-intercepted", title: "A login page or gateway answers in place of MLflow" },
  { code: "mlflow-open", title: "The tracking server asks for no credential" },
  { code: "mlflow-wrong-scheme", title: "The tracking server wants another kind of credential" },
  { code: "mlflow-rejected", title: "The tracking server refused the credential" },
  { code: "mlflow-forbidden", title: "The tracking server knows the user but permits nothing" },
  { code: "mlflow-host-blocked", title: "The tracking server refuses this Host header" },
  { code: "mlflow-workspace", title: "The tracking server has no such workspace" },
  { code: "mlflow-throttled", title: "The tracking server is asked too often" },
  { code: "mlflow-slow", title: "The tracking server is slow to answer" },
  { code: "mlflow-failed", title: "The tracking server failed to answer" },
  { code: "mlflow-uri-unsupported", title: "The tracking URI is not one that uses the credential" },
  { code: "internal", title: "A defect of mlflow-auth" },
] as const satisfies readonly { readonly code: string; readonly title: string }[];

/** A code of {@link ERRORS}. */
export type ErrorCode = typeof ERRORS[number]["code"];

/** What an {@link AuthError} is made of besides its code. */
export interface ErrorDetails {
  /** `Cannot <do what> "<with what>": <what is so>`, without a final period and without any secret; it becomes one line. */
  readonly message: string;
  /** What to do about it: one imperative, with the command to paste where there is one. */
  readonly remedy: string;
  /** The failure below, kept for debugging and never printed. */
  readonly cause?: unknown;
}

/**
 * The one error of this program: a code of a closed list, a message and a remedy.
 *
 * @example
 * ```ts
 * import { AuthError } from "./errors.ts";
 * import assert from "node:assert/strict";
 *
 * const error = new AuthError("setting-missing", {
 *   message: 'Cannot find the vault: "MLFLOW_AZURE_KEY_VAULT_URL" is not set',
 *   remedy: "export MLFLOW_AZURE_KEY_VAULT_URL=https://NAME.vault.azure.net/",
 * });
 * assert.equal(error.page, "docs/errors.md#setting-missing");
 * ```
 */
export class AuthError extends Error {
  override readonly name = "AuthError";
  readonly code: ErrorCode;
  readonly remedy: string;

  /**
   * @param code what went wrong, of {@link ERRORS}
   * @param details the sentence, the remedy and the failure below
   */
  constructor(code: ErrorCode, details: ErrorDetails) {
    super(oneLine(details.message), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.remedy = oneLine(details.remedy);
  }

  /** Where to read on, from the root of the project. */
  get page(): string {
    return `docs/errors.md#${this.code}`;
  }
}

/** An address cannot be listened on; `cause` is the system's error. */
export class ListenError extends Error {}
