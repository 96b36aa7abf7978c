import { detectTool, type DeveloperTool, toolMissing, toolTimeoutMs } from "../sign_in/developer_tool.ts";
import type { Identity } from "./identity.ts";
import { tenantOf } from "../sign_in/tenant.ts";

/** `pwsh` with the module Az.Accounts. */
export const PWSH: DeveloperTool = {
  program: "pwsh",
  onWindows: ["pwsh.exe", "powershell.exe"],
  install: "pwsh -Command Install-Module Az.Accounts",
  login: "pwsh -Command Connect-AzAccount",
  signedIn: ({ host }) => host.isFile(`${host.home ?? ""}/.Azure/AzureRmContext.json`),
};

/**
 * Who is signed in with Azure PowerShell.
 *
 * @see https://learn.microsoft.com/powershell/module/az.accounts/get-azaccesstoken
 */
export const azurePowershell: Identity = {
  name: "azure-powershell",
  title: "user of Azure PowerShell",
  sdkNames: ["AzurePowerShellCredential"],
  group: "dev",
  needs: "pwsh with Az.Accounts on PATH, and Connect-AzAccount",
  detect: detectTool(PWSH),
  toolMissing: () => toolMissing(PWSH),
  tenant: tenantOf,
  connect: async ({ settings, options }) => {
    const { AzurePowerShellCredential } = await import("../sdk/azure_powershell.ts");
    const tenantId = tenantOf(settings);
    return new AzurePowerShellCredential({
      additionallyAllowedTenants: options.additionallyAllowedTenants,
      processTimeoutInMs: toolTimeoutMs(settings),
      ...(tenantId === undefined ? {} : { tenantId }),
    });
  },
};
