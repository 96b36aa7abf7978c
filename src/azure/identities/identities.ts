import { AuthError } from "../../core/errors.ts";
import { azureCli } from "./azure_cli.ts";
import { azureDeveloperCli } from "./azure_developer_cli.ts";
import { azurePipelines } from "./azure_pipelines.ts";
import { azurePowershell } from "./azure_powershell.ts";
import { clientCertificate } from "./client_certificate.ts";
import { clientSecret } from "./client_secret.ts";
import { githubActions } from "./github_actions.ts";
import type { Identity, Surroundings } from "./identity.ts";
import { managedIdentity } from "./managed_identity.ts";
import { selectIdentities, type Selection } from "../sign_in/select_identities.ts";
import { nameOf } from "../../core/setting_name.ts";
import { workloadIdentity } from "./workload_identity.ts";

export type { Identity } from "./identity.ts";

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

/** An identity that was looked at before the chosen one, and why it was not chosen. */
export interface PassedOver {
  readonly name: string;
  readonly reason: string;
}

/** Who we are to Azure. */
export interface Choice {
  readonly identity: Identity;
  /** What decided it, in words. */
  readonly why: string;
  readonly passedOver: readonly PassedOver[];
}

function none(selection: Selection, passedOver: readonly PassedOver[]): AuthError {
  const seen = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join("; ");
  const [only] = selection.identities;
  if (selection.named && only !== undefined) {
    const tool = only.toolMissing?.();
    return tool ?? new AuthError("identity-incomplete", {
      message: `Cannot use "${selection.asked}": ${seen}`,
      remedy: `set what it needs: ${selection.identities.map((one) => one.needs).join("; or ")}`,
    });
  }
  return new AuthError("identity-none", {
    message: `Cannot tell who you are to "Azure": no identity is configured (${seen})`,
    remedy: selection.identities.some((one) => one.group === "dev")
      ? "sign in: az login; or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"
      : "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or unset AZURE_TOKEN_CREDENTIALS",
  });
}

/**
 * Chooses who we are to Azure: the first identity of {@link IDENTITIES} that is configured, among those that
 * `AZURE_TOKEN_CREDENTIALS` leaves. Looks at variables and files; asks the metadata service where nothing else is configured.
 *
 * @param settings every setting
 * @param options the world, and whether the metadata service may be asked (it may)
 * @returns the identity, and those before it with the reason why they were not chosen
 * @throws {AuthError} `identity-none`, `identity-incomplete`, `identity-unsupported`, `setting-invalid`, `developer-tool-missing`,
 * `github-oidc-unavailable` or `pipelines-oidc-unavailable`
 *
 * @example
 * ```ts
 * import { chooseIdentity } from "./identities.ts";
 * import { readSettings } from "../../core/read_settings.ts";
 * import assert from "node:assert/strict";
 *
 * const { settings } = readSettings({
 *   env: { AZURE_TENANT_ID: "contoso.onmicrosoft.com", AZURE_CLIENT_ID: "app", AZURE_CLIENT_SECRET: "hidden" },
 * });
 * const choice = await chooseIdentity(settings, {
 *   env: {},
 *   home: "/home/ann",
 *   platform: "linux",
 *   readText: () => Promise.reject(new Error("not read")),
 *   isFile: () => Promise.resolve(false),
 *   fetch: () => Promise.reject(new Error("not asked")),
 *   after: () => () => {},
 * });
 * assert.equal(choice.identity.name, "client-secret");
 * ```
 *
 * @see https://learn.microsoft.com/javascript/api/overview/azure/identity-readme#credential-classes
 */
export async function chooseIdentity(
  settings: Surroundings["settings"],
  host: Surroundings["host"],
  options: { readonly mayAsk?: boolean } = {},
): Promise<Choice> {
  const at: Surroundings = { settings, host };
  const selection = selectIdentities(settings.tokenCredentials, IDENTITIES);
  const passedOver: PassedOver[] = [];
  const possible: Identity[] = [];
  for (const identity of selection.identities) {
    const sign = await identity.look(at);
    if (sign.is === "configured") return { identity, why: sign.reason, passedOver };
    if (sign.is === "possible") possible.push(identity);
    passedOver.push({ name: identity.name, reason: sign.reason });
  }
  const without = (identity: Identity): readonly PassedOver[] =>
    passedOver.filter(({ name }) => name !== identity.name);
  for (const identity of possible) {
    const assumed = selection.named || (selection.asked === "prod" && identity === managedIdentity);
    if (identity.confirm === undefined || assumed) {
      const why = assumed
        ? `${nameOf(settings.tokenCredentials, "AZURE_TOKEN_CREDENTIALS")} is ${selection.asked}`
        : "nothing else is configured";
      return { identity, why, passedOver: without(identity) };
    }
    const sign = options.mayAsk === false
      ? { is: "absent", reason: "whether a metadata service is there was not asked" } as const
      : await identity.confirm(at);
    if (sign.is === "configured") return { identity, why: sign.reason, passedOver: without(identity) };
    passedOver.splice(passedOver.findIndex(({ name }) => name === identity.name), 1, {
      name: identity.name,
      reason: sign.reason,
    });
  }
  throw none(selection, passedOver);
}
