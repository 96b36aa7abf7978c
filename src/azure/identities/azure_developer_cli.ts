import { detectTool, type DeveloperTool, toolMissing } from "../sign_in/developer_tool.ts";
import type { Identity } from "./identity.ts";
import { tenantOf } from "../sign_in/tenant.ts";

/** `azd`. */
export const AZD: DeveloperTool = {
  program: "azd",
  onWindows: ["azd.exe", "azd.cmd"],
  install: "see https://aka.ms/azd-install",
  login: "azd auth login",
  loginFor: ({ scope, tenantId }) =>
    `azd auth login${tenantId === undefined ? "" : ` --tenant-id ${tenantId}`} --scope ${scope}`,
  look: "azd auth login --check-status",
  roots: "SSL_CERT_FILE",
  takesClaims: true,
  ask: ({ scope, tenantId, claims }) => [
    ...["auth", "token", "--output", "json", "--no-prompt", "--scope", scope],
    ...(tenantId === undefined ? [] : ["--tenant-id", tenantId]),
    ...(claims === undefined ? [] : ["--claims", btoa(claims)]),
  ],
  read: (answer) => ({ token: answer.get("token"), expires: answer.get("expiresOn") }),
  signedIn: ({ host }) => host.isFile(`${host.env.AZD_CONFIG_DIR ?? `${host.home ?? ""}/.azd`}/auth.json`),
};

/**
 * Who is signed in with the Azure Developer CLI.
 *
 * @see https://learn.microsoft.com/azure/developer/azure-developer-cli/reference#azd-auth-token
 */
export const azureDeveloperCli: Identity = {
  name: "azure-developer-cli",
  title: "user of the Azure Developer CLI",
  sdkNames: ["AzureDeveloperCliCredential"],
  group: "dev",
  needs: "azd on PATH, and azd auth login",
  detect: detectTool(AZD),
  toolMissing: () => toolMissing(AZD),
  tenant: tenantOf,
  connect: async (context) => await (await import("../sign_in/tool_token.ts")).connectTool(AZD)(context),
};
