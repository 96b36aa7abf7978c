import assert from "node:assert/strict";
import { test } from "node:test";
import { explainTool } from "../../../../src/azure/failures/tool_errors.ts";
import type { ToolRun } from "../../../../src/azure/sign_in/run_tool.ts";
import { CONTEXT } from "../../../support/failure_context.ts";

const TENANT = CONTEXT.tenantId;
const as = (name: string) => ({ ...CONTEXT, identity: { name, title: "a tool" } });
const said = (stderr: string, status: number | string = 1): ToolRun => ({ is: "ended", status, stdout: "", stderr });
const LOGIN = `az login --tenant ${TENANT} --scope https://vault.azure.net/.default`;
const HOST =
  "HTTPSConnectionPool(host='login.microsoftonline.com', port=443): Max retries exceeded with url: /x (Caused by ";

const told: readonly (readonly [tool: string, run: ToolRun, is: string, remedy: RegExp])[] = [
  [
    "azure-cli",
    { is: "not-started", code: "ENOENT" },
    "it cannot be started (ENOENT)",
    /az account show.*aka.ms\/azure-cli/,
  ],
  [
    "azure-cli",
    said("/usr/bin/az: 5: /opt/az/bin/python3: not found", 127),
    "it cannot be started (exit status 127)",
    /az account show/,
  ],
  ["azure-cli", { is: "late", afterMs: 13_000 }, "it did not answer in 13 s", /--deadline 60/],
  ["azure-cli", { is: "flooding" }, "it printed far more than a token", /: az account show$/],
  ["azure-cli", { is: "asked-for-more" }, "the service asks for more than this sign-in has", /az login .*--scope/],
  [
    "azure-cli",
    said("ERROR: Please run 'az login' to setup account."),
    "it wants you to sign in",
    new RegExp(`^${LOGIN}$`),
  ],
  [
    "azure-cli",
    said(
      "ERROR: AADSTS70043: The refresh token has expired.\nInteractive authentication is needed. Please run:\naz login",
    ),
    "it wants you to sign in (AADSTS70043)",
    new RegExp(`^${LOGIN}$`),
  ],
  [
    "azure-cli",
    said("AADSTS700024: Client assertion is not within its valid time range."),
    "what it was signed in with has expired (AADSTS700024)",
    /azure\/login again.*id-token: write/,
  ],
  ["azure-cli", said("AADSTS7000222: expired"), "Entra ID refuses it (AADSTS7000222)", /az login.*code=7000222/],
  [
    "azure-cli",
    said(`${HOST}SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed')))`),
    "it cannot reach Entra ID: it does not trust the certificate there",
    /REQUESTS_CA_BUNDLE=.*HTTPS_PROXY=/,
  ],
  [
    "azure-cli",
    said(`${HOST}NameResolutionError("Failed to resolve 'login.microsoftonline.com'"))`),
    "it cannot reach Entra ID",
    /HTTPS_PROXY=.*REQUESTS_CA_BUNDLE=/,
  ],
  [
    "azure-cli",
    said(`${HOST}ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407')))`),
    "it cannot reach Entra ID",
    /HTTPS_PROXY=/,
  ],
  [
    "azure-cli",
    said("The server login.az-login.example says no"),
    "it gave no token (exit status 1)",
    /az account show/,
  ],
  [
    "azure-cli",
    { is: "ended", status: 0, stdout: "hello", stderr: "" },
    "it gave no token (exit status 0)",
    /az account show/,
  ],
  ["azure-cli", said("", "SIGKILL"), "it gave no token (ended by SIGKILL)", /az account show/],
  [
    "azure-developer-cli",
    said('{"error":"not logged in, run `azd auth login` to login"}'),
    "it wants you to sign in",
    /^azd auth login --tenant-id/,
  ],
  [
    "azure-developer-cli",
    said(
      'Get "https://login.microsoftonline.com/x": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ),
    "it cannot reach Entra ID: it does not trust the certificate there",
    /SSL_CERT_FILE=/,
  ],
  [
    "azure-developer-cli",
    said('Get "https://x": dial tcp: lookup login.microsoftonline.com: no such host'),
    "it cannot reach Entra ID",
    /SSL_CERT_FILE=/,
  ],
  [
    "azure-powershell",
    said("\u001b[31;1mGet-AzAccessToken: \u001b[31;1mRun Connect-AzAccount to login.\u001b[0m"),
    "it wants you to sign in",
    /^pwsh -Command Connect-AzAccount -Tenant .* -AuthScope https:\/\/vault.azure.net$/,
  ],
];
for (const [name, run, is, remedy] of told) {
  test(`explainTool() says of ${name} with ${JSON.stringify(run).slice(0, 90)}: ${is}`, () => {
    const error = explainTool(run, as(name));
    assert.equal(error.code, "developer-tool-failed");
    assert.equal(error.message.replace(/^.*?": /, ""), is);
    assert.match(error.remedy, remedy);
  });
}

for (const number of [50076, 50079, 50173, 53003, 70043, 700082]) {
  test(`explainTool() takes AADSTS${number} for a wish to sign in`, () => {
    const { message, remedy } = explainTool(said(`ERROR: AADSTS${number}: x`), as("azure-cli"));
    assert.deepEqual([message, remedy], [
      `Cannot get a token with "az": it wants you to sign in (AADSTS${number})`,
      LOGIN,
    ]);
  });
}

test("explainTool() leaves a refusal that is not the tool's to its own code, and a module that is missing to the installer", () => {
  assert.equal(explainTool(said("AADSTS90002: no tenant"), as("azure-cli")).code, "entra-tenant-unknown");
  assert.equal(explainTool(said("AADSTS500011: no resource"), as("azure-cli")).code, "entra-resource-unknown");
  const missing =
    "The specified module 'Az.Accounts' with version '2.2.0' was not loaded because no valid module file was found";
  assert.equal(explainTool(said(missing), as("azure-powershell")).code, "developer-tool-missing");
});

test("explainTool() signs in for the cloud of the vault, or for the scope that was set", () => {
  const { vault, ...rest } = as("azure-cli");
  const remedy = (more: object) => explainTool(said("AADSTS70043: x"), { ...rest, vault, ...more }).remedy;
  const host = "team.vault.usgovcloudapi.net:8443";
  assert.match(remedy({ vault: { ...vault, host } }), /--scope https:\/\/vault\.usgovcloudapi\.net\/\.default$/);
  assert.match(remedy({ vault: undefined, scope: "api://mlflow/.default" }), /--scope api:\/\/mlflow\/\.default$/);
});

test("explainTool() repeats nothing that the tool said", () => {
  const { message, remedy } = explainTool(said("canary AADSTS999999: canary"), as("azure-cli"));
  assert.doesNotMatch(message + remedy, /canary/);
});
