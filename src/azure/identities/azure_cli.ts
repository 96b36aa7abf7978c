import { detectTool, type DeveloperTool, resourceOf, toolMissing } from "../sign_in/developer_tool.ts";
import type { Identity } from "./identity.ts";
import { tenantOf } from "../sign_in/tenant.ts";

/** `az`. */
export const AZ: DeveloperTool = {
  program: "az",
  onWindows: ["az.cmd", "az.exe", "az.bat"],
  install: "see https://aka.ms/azure-cli",
  login: "az login",
  loginFor: ({ scope, tenantId }) =>
    `az login${tenantId === undefined ? "" : ` --tenant ${tenantId}`} --scope ${scope}`,
  look: "az account show",
  roots: "REQUESTS_CA_BUNDLE",
  takesClaims: false,
  ask: ({ scope, tenantId }) => [
    ...["account", "get-access-token", "--output", "json", "--resource", resourceOf(scope)],
    ...(tenantId === undefined ? [] : ["--tenant", tenantId]),
  ],
  // `expiresOn` is in local time, and all that versions before 2.54 have.
  read: (answer) => ({
    token: answer.get("accessToken"),
    expires: answer.has("expires_on") ? Number(answer.get("expires_on")) : answer.get("expiresOn"),
  }),
  signedIn: async ({ host }) => {
    const folder = host.env.AZURE_CONFIG_DIR ?? `${host.home ?? ""}/.azure`;
    try {
      const profile: unknown = JSON.parse((await host.readText(`${folder}/azureProfile.json`)).replace(/^\uFEFF/, ""));
      const subscriptions = typeof profile === "object" && profile !== null && "subscriptions" in profile
        ? profile.subscriptions
        : undefined;
      return Array.isArray(subscriptions) && subscriptions.length > 0;
    } catch {
      // No file, or one that this version does not understand: nothing is known about who is signed in.
      return false;
    }
  },
};

/**
 * Who is signed in with the Azure CLI.
 *
 * @see https://learn.microsoft.com/cli/azure/account#az-account-get-access-token
 */
export const azureCli: Identity = {
  name: "azure-cli",
  title: "user of the Azure CLI",
  sdkNames: ["AzureCliCredential"],
  group: "dev",
  needs: "az on PATH, and az login",
  detect: detectTool(AZ),
  toolMissing: () => toolMissing(AZ),
  tenant: tenantOf,
  connect: async (context) => await (await import("../sign_in/tool_token.ts")).connectTool(AZ)(context),
};
