import { AuthError } from "../../core/errors.ts";
import { CLOUDS } from "../entra/clouds.ts";
import { AZ } from "../identities/azure_cli.ts";
import { AZD } from "../identities/azure_developer_cli.ts";
import { PWSH } from "../identities/azure_powershell.ts";
import { type DeveloperTool, toolMissing, type ToolQuestion } from "../sign_in/developer_tool.ts";
import type { ToolRun } from "../sign_in/run_tool.ts";
import { withoutColours } from "../sign_in/tool_token.ts";
import { explainEntra } from "./entra_errors.ts";
import type { FailureContext } from "./failure_context.ts";

type Context = FailureContext & { readonly cause?: unknown };

const TOOLS: Readonly<Record<string, DeveloperTool>> = {
  "azure-cli": AZ,
  "azure-developer-cli": AZD,
  "azure-powershell": PWSH,
};

/**
 * Numbers by which Entra ID asks a person to sign in: more factors, a password that changed, a session that ended, a rule of the
 * tenant's. https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const SIGN_IN: ReadonlySet<number> = new Set([
  ...[50058, 50072, 50074, 50076, 50078, 50079, 50089, 50097, 50132, 50133, 50158, 50173],
  ...[53000, 53001, 53003, 530003, 65001, 70008, 70043, 70044, 700081, 700082, 700084],
]);

/** Numbers whose remedy is the same whoever asks. */
const ANYBODYS: ReadonlySet<number> = new Set([90002, 900023, 500011, 501051, 50105]);

/** Words of certificates: of Python's requests, Go and .NET. */
const TLS =
  /CERTIFICATE_VERIFY_FAILED|certificate verify failed|SSLError|x509: |failed to verify certificate|SSL connection could not be established|UntrustedRoot|PartialChain/;

/** Words of connections, likewise. */
const NO_WAY =
  /Max retries exceeded|ProxyError|NameResolutionError|NewConnectionError|ConnectTimeoutError|Failed to establish a new connection|[Nn]ame or service not known|Connection (?:refused|reset|aborted)|connection (?:refused|reset)|dial tcp|proxyconnect tcp|no such host|No such host is known|name resolution|i\/o timeout|Network is unreachable|network is unreachable/;

const SIGNED_OUT =
  /\baz login\b|\bazd (?:auth )?login\b|Connect-AzAccount|[Nn]ot logged in|[Rr]eauthentication required|[Ii]nteractive authentication is needed|must use multi-factor authentication|interaction_required/;

const NO_MODULE = /was not loaded because no valid module file/;

/** What a tool said, without what may hold any word at all: addresses and host names. */
const saidOf = (text: string): string =>
  withoutColours(text).replace(/\b[a-z]+:\/\/\S+/gi, " ").replace(/\b[a-z0-9-]+(?:\.[a-z0-9-]+)+\b/gi, " ");

type Ended = Extract<ToolRun, { readonly is: "ended" }>;

/** The number of Entra ID's refusal; 0 where none is named. */
const numberOf = ({ stderr, stdout }: Ended): number =>
  Number(/AADSTS(\d{4,8})/.exec(`${stderr}\n${stdout}`)?.[1] ?? 0);

interface Told {
  readonly is: string;
  readonly remedy: string;
}

function tellNotStarted(tool: DeveloperTool, why: string): Told {
  return {
    is: `it cannot be started (${why})`,
    remedy: `see what is wrong with it: ${tool.look}; to install it anew: ${tool.install}`,
  };
}

/** What the tool was asked for: the scope that was set, or the vault's cloud's. */
function wantedIn({ scope, tenantId, vault }: Context): ToolQuestion {
  const cloud = CLOUDS.find(({ vaultSuffix }) => vault?.host.replace(/:\d+$/, "").endsWith(`.${vaultSuffix}`) === true);
  return { scope: scope ?? (cloud ?? CLOUDS[0]).scope, tenantId };
}

function tellEnded(tool: DeveloperTool, run: Ended, context: Context): Told | AuthError {
  // The statuses of a shell for what it cannot start: a tool may be a script that starts another program.
  if (run.status === 126 || run.status === 127) return tellNotStarted(tool, `exit status ${run.status}`);
  const said = saidOf(`${run.stderr}\n${run.stdout}`);
  const number = numberOf(run);
  const signIn = tool.loginFor(wantedIn(context));
  if (number === 700024) {
    return {
      is: `what it was signed in with has expired (AADSTS${number})`,
      remedy:
        "run azure/login again just before, or let the job sign in without it: permissions: { id-token: write }, " +
        "and AZURE_CLIENT_ID and AZURE_TENANT_ID in its env",
    };
  }
  if (SIGN_IN.has(number)) return { is: `it wants you to sign in (AADSTS${number})`, remedy: signIn };
  if (number > 0) {
    return {
      is: `Entra ID refuses it (AADSTS${number})`,
      remedy: `sign in again: ${signIn}; what the number means: https://login.microsoftonline.com/error?code=${number}`,
    };
  }
  if (NO_MODULE.test(said)) return toolMissing(tool);
  if (TLS.test(said)) {
    return {
      is: "it cannot reach Entra ID: it does not trust the certificate there",
      remedy:
        `name its root: export ${tool.roots}=<file with your roots>; behind a proxy: export HTTPS_PROXY=http://<host>:<port>`,
    };
  }
  if (NO_WAY.test(said)) {
    return {
      is: "it cannot reach Entra ID",
      remedy: `check the way to it: curl -v https://${context.authority.host}/; ` +
        `behind a proxy: export HTTPS_PROXY=http://<host>:<port>; with a root of its own: export ${tool.roots}=<file>`,
    };
  }
  if (SIGNED_OUT.test(said)) return { is: "it wants you to sign in", remedy: signIn };
  const how = typeof run.status === "number" ? `exit status ${run.status}` : `ended by ${run.status}`;
  return { is: `it gave no token (${how})`, remedy: `see what it says: ${tool.look}; then sign in: ${signIn}` };
}

function tell(tool: DeveloperTool, run: ToolRun, context: Context): Told | AuthError {
  switch (run.is) {
    case "ended":
      return tellEnded(tool, run, context);
    case "late":
      return {
        is: `it did not answer in ${Math.round(run.afterMs / 1000)} s`,
        remedy: `give it more time: --deadline 60; or see what it waits for: ${tool.look}`,
      };
    case "flooding":
      return { is: "it printed far more than a token", remedy: `see what it says: ${tool.look}` };
    case "asked-for-more":
      return { is: "the service asks for more than this sign-in has", remedy: tool.loginFor(wantedIn(context)) };
    case "not-started":
      return tellNotStarted(tool, run.code);
  }
}

/**
 * Says what it means that a developer tool gave no token: by how it ended, then by what it said. None of that is repeated but a
 * number of Entra ID's.
 *
 * @param run how it ended
 * @param context the identity, and the names to fill in
 * @returns the error: `developer-tool-failed`, `developer-tool-missing`, or the one of a refusal that is not the tool's
 */
export function explainTool(run: ToolRun, context: Context): AuthError {
  const tool = TOOLS[context.identity.name] ?? AZ;
  const number = run.is === "ended" ? numberOf(run) : 0;
  if (ANYBODYS.has(number)) return explainEntra(number, context);
  const told = tell(tool, run, context);
  if (told instanceof AuthError) return told;
  return new AuthError("developer-tool-failed", {
    message: `Cannot get a token with "${tool.program}": ${told.is}`,
    remedy: told.remedy,
    cause: context.cause,
  });
}
