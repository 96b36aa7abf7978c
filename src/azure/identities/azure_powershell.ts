import {
  detectTool,
  type DeveloperTool,
  resourceOf,
  toolMissing,
  type ToolQuestion,
} from "../sign_in/developer_tool.ts";
import type { Identity } from "./identity.ts";
import { tenantOf } from "../sign_in/tenant.ts";

/** A word in single quotes, whichever PowerShell takes for one. */
const quoted = (text: string): string => `'${text.replace(/['\u2018-\u201b]/g, "$&$&")}'`;

/**
 * Asks Az.Accounts for a token. Its newer versions give a SecureString; a class of .NET that PowerShell 5 has as well opens it.
 *
 * @see https://learn.microsoft.com/powershell/module/az.accounts/get-azaccesstoken
 */
const script = ({ scope, tenantId }: ToolQuestion): string =>
  [
    "$ErrorActionPreference = 'Stop'",
    "Import-Module Az.Accounts -MinimumVersion 2.2.0",
    `$asked = @{ ResourceUrl = ${quoted(resourceOf(scope))} }`,
    ...(tenantId === undefined ? [] : [`$asked.TenantId = ${quoted(tenantId)}`]),
    "$got = Get-AzAccessToken @asked -WarningAction SilentlyContinue",
    "$token = $got.Token",
    "if ($token -is [securestring]) { $token = (New-Object System.Net.NetworkCredential('', $token)).Password }",
    "@{ token = $token; expires = $got.ExpiresOn.ToUnixTimeSeconds() } | ConvertTo-Json -Compress",
  ].join("\n");

/** `pwsh` with the module Az.Accounts. */
export const PWSH: DeveloperTool = {
  program: "pwsh",
  onWindows: ["pwsh.exe", "powershell.exe"],
  install: "pwsh -Command Install-Module Az.Accounts",
  login: "pwsh -Command Connect-AzAccount",
  loginFor: ({ scope, tenantId }) =>
    `pwsh -Command Connect-AzAccount${tenantId === undefined ? "" : ` -Tenant ${tenantId}`} -AuthScope ${
      resourceOf(scope)
    }`,
  look: "pwsh -Command Get-AzContext",
  roots: "SSL_CERT_FILE",
  takesClaims: false,
  ask: (wanted) => ["-NoProfile", "-NonInteractive", "-Command", script(wanted)],
  read: (answer) => ({ token: answer.get("token"), expires: answer.get("expires") }),
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
  connect: async (context) => await (await import("../sign_in/tool_token.ts")).connectTool(PWSH)(context),
};
