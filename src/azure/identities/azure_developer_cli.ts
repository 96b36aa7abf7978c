import { detectTool, type DeveloperTool, toolMissing, toolTimeoutMs } from "../sign_in/developer_tool.ts";
import type { Identity } from "./identity.ts";
import { tenantOf } from "../sign_in/tenant.ts";

/** `azd`. */
export const AZD: DeveloperTool = {
  program: "azd",
  onWindows: ["azd.exe", "azd.cmd"],
  install: "see https://aka.ms/azd-install",
  login: "azd auth login",
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
  connect: async ({ settings, options }) => {
    const { AzureDeveloperCliCredential } = await import("../sdk/azure_developer_cli.ts");
    const tenantId = tenantOf(settings);
    return new AzureDeveloperCliCredential({
      additionallyAllowedTenants: options.additionallyAllowedTenants,
      processTimeoutInMs: toolTimeoutMs(settings),
      ...(tenantId === undefined ? {} : { tenantId }),
    });
  },
};
