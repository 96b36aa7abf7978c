import type { AccessToken } from "@azure/identity";
import type { TokenSource } from "../http/overlap.ts";
import type { Identity } from "../identities/identity.ts";
import { type DeveloperTool, isInstalled, toolMissing, toolPrograms, toolTimeoutMs } from "./developer_tool.ts";
import { runTool, type ToolRun } from "./run_tool.ts";
import { tenantOf } from "./tenant.ts";

// deno-lint-ignore no-control-regex
const COLOURS = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;

/**
 * Takes the escape sequences of terminals out of a text, colours among them.
 *
 * @param text what a program printed
 * @returns the text alone
 */
export const withoutColours = (text: string): string => text.replace(COLOURS, "");

/**
 * Finds the token in what a tool printed: the JSON object that holds one, whatever stands around it.
 *
 * @param tool which members it has
 * @param stdout what it printed
 * @returns the token, or `undefined` where there is none
 *
 * @example
 * ```ts
 * import { readToolToken } from "./tool_token.ts";
 * import { AZ } from "../identities/azure_cli.ts";
 * import assert from "node:assert/strict";
 *
 * const token = readToolToken(AZ, 'WARNING: old\n{"accessToken": "t", "expires_on": 1767225600}\n');
 * assert.equal(token?.expiresOnTimestamp, 1767225600000);
 * ```
 */
export function readToolToken(tool: Pick<DeveloperTool, "read">, stdout: string): AccessToken | undefined {
  // Their answers are flat: an object holds no other.
  for (const [object] of withoutColours(stdout).matchAll(/\{[^{}]*\}/g)) {
    try {
      const { token, expires } = tool.read(new Map(Object.entries(JSON.parse(object))));
      const expiresOnTimestamp = typeof expires === "number" ? expires * 1000 : Date.parse(String(expires));
      if (typeof token === "string" && token !== "" && Number.isFinite(expiresOnTimestamp)) {
        return { token, expiresOnTimestamp, tokenType: "Bearer" };
      }
    } catch {
      // No JSON: a word in braces in a warning.
    }
  }
  return undefined;
}

/** An error that carries how the tool ended; `src/azure/failures/tool_errors.ts` says what it means. */
export const withRun = (run: ToolRun): Error => Object.assign(new Error("the tool gave no token"), { toolRun: run });

/**
 * Finds how a tool ended in the errors that it led to.
 *
 * @param chain the errors, the outermost first
 * @returns how it ended, or `undefined` where none of them is of a tool
 */
export function toolRunIn(chain: readonly object[]): ToolRun | undefined {
  return chain.flatMap((error) => "toolRun" in error ? [error.toolRun as ToolRun] : [])[0];
}

function tenantFor(
  own: string | undefined,
  { asked = own, allowed }: { readonly asked: string | undefined; readonly allowed: readonly string[] },
): string | undefined {
  if (asked === own || own === undefined || allowed.includes("*") || asked?.toLowerCase() === own) return asked;
  // In the words of the SDK's credentials, which `explainFailure` reads.
  throw new Error(`The credential is not configured to acquire tokens for tenant ${asked}`);
}

/**
 * Makes the `connect` of an identity that a developer tool holds: each token is asked of the tool anew. Not by the SDK's credentials
 * for these tools, since they forget the exit status, and look for words of a failure in all that a tool says, host names included.
 *
 * @param tool the tool
 * @returns the function
 */
export function connectTool(tool: DeveloperTool): Identity["connect"] {
  return async ({ settings, host, options, signal, keep }): Promise<TokenSource> => {
    const { execFile } = await import("../sdk/process.ts");
    return {
      async getToken(scopes, given = {}) {
        const wanted = {
          scope: [scopes].flat().join(" "),
          tenantId: tenantFor(tenantOf(settings), {
            asked: given.tenantId,
            allowed: options.additionallyAllowedTenants,
          }),
          claims: given.claims,
        };
        if (given.claims !== undefined && !tool.takesClaims) throw withRun({ is: "asked-for-more" });
        const run = await runTool({
          programs: toolPrograms(tool, host.platform),
          args: tool.ask(wanted),
          timeoutMs: toolTimeoutMs(settings),
          signal,
          cwd: host.platform === "windows" ? host.env.SystemRoot ?? "C:\\Windows" : "/bin",
        }, execFile);
        if (run.is === "not-started" && !await isInstalled(tool, { host })) throw keep(toolMissing(tool));
        const token = run.is === "ended" && run.status === 0 ? readToolToken(tool, run.stdout) : undefined;
        if (token === undefined) throw withRun(run);
        return token;
      },
    };
  };
}
