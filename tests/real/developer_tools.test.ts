/** az, azd and pwsh, as scripts that print and exit as those were seen to, and what the program says of them. */
import "../support/guard.ts";
import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type Azure, startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { runProgram } from "../support/run_program.ts";

/** A tool, what it does, and what is said of it. */
interface Case {
  readonly name: string;
  readonly tool: "az" | "azd" | "pwsh";
  /** Its text; `{token}` stands for a token that the vault takes, `{seconds}` for its end. */
  readonly script: string;
  /** The line of the error and its remedy; none where the token is taken. */
  readonly says?: RegExp;
  readonly env?: Readonly<Record<string, string>>;
}

const SDK_NAMES = {
  az: "AzureCliCredential",
  azd: "AzureDeveloperCliCredential",
  pwsh: "AzurePowerShellCredential",
} as const;

const failing = (status: number, ...lines: readonly string[]): string =>
  `#!/bin/sh\ncat >&2 <<'END'\n${lines.join("\n")}\nEND\nexit ${status}\n`;

const POOL = "ERROR: HTTPSConnectionPool(host='login.microsoftonline.com', port=443): Max retries exceeded with url: " +
  "/11111111/v2.0/.well-known/openid-configuration (Caused by ";

const CASES: readonly Case[] = [
  {
    name: "az answers among colours and warnings on both streams",
    tool: "az",
    script: `#!/bin/sh
printf '\\033[33mWARNING: Please run az login again soon {1}\\033[0m\\n' >&2
printf '\\033[33mA new version is there.\\033[0m\\n{\\n  \\033[94m"accessToken"\\033[0m: "{token}",\\n  "expires_on": {seconds}\\n}\\n'
`,
  },
  {
    name: "azd answers",
    tool: "azd",
    script: `#!/bin/sh\necho '{"token":"{token}","expiresOn":"2099-01-01T00:00:00Z"}'\n`,
  },
  {
    name: "pwsh answers after a warning",
    tool: "pwsh",
    script: `#!/bin/sh
case "$4" in *"ResourceUrl = 'https://vault.azure.net'"*) ;; *) exit 1 ;; esac
echo 'WARNING: deprecated' >&2; echo '{"token":"{token}","expires":{seconds}}'
`,
  },
  {
    name: "an interpreter that is not there",
    tool: "az",
    script: "#!/opt/gone/bin/python3\n",
    says: /with "az": it cannot be started \(ENOENT\)[^]*try: +see what is wrong with it: az account show/,
  },
  {
    name: "a script whose program is not there",
    tool: "az",
    script: "#!/bin/sh\nexec /opt/az/bin/python3 -Im azure.cli\n",
    says: /with "az": it cannot be started \(exit status 127\)/,
  },
  {
    name: "nobody is signed in",
    tool: "az",
    script: failing(1, "ERROR: Please run 'az login' to setup account."),
    says: /it wants you to sign in\n +try: +az login --scope https:\/\/vault\.azure\.net\/\.default/,
  },
  {
    name: "a session that ended",
    tool: "az",
    script: failing(
      1,
      "ERROR: AADSTS70043: The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.",
      "Interactive authentication is needed. Please run:",
      "az login --scope https://vault.azure.net/.default",
    ),
    says: /it wants you to sign in \(AADSTS70043\)\n +try: +az login --scope/,
  },
  {
    name: "a federated sign-in that ended",
    tool: "az",
    script: failing(1, "ERROR: AADSTS700024: Client assertion is not within its valid time range. Current time: x"),
    says: /has expired \(AADSTS700024\)\n +try: +run azure\/login again/,
  },
  {
    name: "a certificate of a proxy",
    tool: "az",
    script: failing(
      1,
      `${POOL}SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed')))`,
      "Certificate verification failed. This typically happens when using Azure CLI behind a proxy.",
    ),
    says: /cannot reach Entra ID: it does not trust[^]*REQUESTS_CA_BUNDLE=[^]*HTTPS_PROXY=/,
  },
  {
    name: "a name that does not resolve",
    tool: "az",
    script: failing(1, `${POOL}NameResolutionError("Failed to resolve 'login.microsoftonline.com'"))`),
    says: /"az": it cannot reach Entra ID\n/,
  },
  {
    name: "azd without a session",
    tool: "azd",
    script: failing(1, '{"error":"not logged in, run `azd auth login` to login","message":"x"}'),
    says: /with "azd": it wants you to sign in\n +try: +azd auth login --scope/,
  },
  {
    name: "pwsh without the module",
    tool: "pwsh",
    script: failing(
      1,
      "\u001b[31;1mImport-Module: \u001b[0mThe specified module 'Az.Accounts' with version '2.2.0' was not loaded because no " +
        "valid module file was found in any module directory.",
    ),
    says: /errors\.md#developer-tool-missing/,
  },
  {
    name: "words that are nobody's",
    tool: "az",
    script: failing(3, "login.example.com is down"),
    says: /it gave no token \(exit status 3\)/,
  },
  {
    name: "a tool that hangs",
    tool: "az",
    script: "#!/bin/sh\nsleep 30\n",
    says: /it did not answer in 2 s/,
    env: { MLFLOW_AUTH_DEADLINE_SEC: "4" },
  },
];

/** A token that the stand-in's vault takes, of its managed identity. */
async function tokenOf(azure: Azure): Promise<{ readonly token: string; readonly seconds: string }> {
  const question = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net";
  const answer = await fetch(`${azure.origins.plain}${question}`, { headers: { Metadata: "true" } });
  const { access_token, expires_on } = await answer.json() as { access_token: string; expires_on: string };
  return { token: access_token, seconds: `${expires_on}` };
}

for (const build of programBuilds().filter(({ name }) => name !== "source")) {
  for (const { name, tool, script, says, env = {} } of CASES) {
    test(`exec of the ${build.name} build with ${tool}: ${name}`, { skip: build.skip }, async () => {
      await using azure = await startAzure();
      const { token, seconds } = await tokenOf(azure);
      const bin = join(azure.folder, "bin");
      await mkdir(bin);
      await writeFile(join(bin, tool), script.replace("{token}", token).replace("{seconds}", seconds));
      await chmod(join(bin, tool), 0o755);
      const ran = await runProgram(["exec", "--", "sh", "-c", "echo started"], {
        build,
        env: {
          HOME: azure.folder,
          ...azure.env,
          ...azure.vault(),
          AZURE_TOKEN_CREDENTIALS: SDK_NAMES[tool],
          PATH: `${bin}:/usr/bin:/bin`,
          ...env,
        },
      });
      assert.equal(ran.stdout, says === undefined ? "started\n" : "", ran.stderr);
      assert.equal(ran.status, says === undefined ? 0 : 125);
      if (says !== undefined) assert.match(ran.stderr, says);
    });
  }
}
