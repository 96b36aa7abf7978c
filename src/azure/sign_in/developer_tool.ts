import { AuthError } from "../../core/errors.ts";
import type { Host } from "../../core/host.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { Availability, DetectionContext, Identity } from "../identities/identity.ts";

/** What a developer tool is asked for. */
export interface ToolQuestion {
  /** Of one resource, such as `https://vault.azure.net/.default`. */
  readonly scope: string;
  readonly tenantId: string | undefined;
  /** What the service wants besides, as JSON. */
  readonly claims?: string | undefined;
}

/** The resource of a scope: `https://vault.azure.net` of `https://vault.azure.net/.default`. */
export const resourceOf = (scope: string): string => scope.replace(/\/\.default$/, "");

/** A program that a developer is signed in with. */
export interface DeveloperTool {
  /** Its name on PATH, such as `az`. */
  readonly program: string;
  /** Other names on Windows, with their endings. */
  readonly onWindows: readonly string[];
  /** How to install it, and how to sign in. */
  readonly install: string;
  readonly login: string;
  /** How to sign in where a sign-in alone is not enough, since its service asks for more. */
  readonly loginFor: (wanted: ToolQuestion) => string;
  /** What shows whether it works, and prints no token. */
  readonly look: string;
  /** The variable that names the roots that it trusts. */
  readonly roots: string;
  /** Whether it can ask for a token with more claims. */
  readonly takesClaims: boolean;
  /** Its arguments. */
  readonly ask: (wanted: ToolQuestion) => readonly string[];
  /** The token in the members of its answer, and when that ends: seconds since the Unix epoch, or a date in words. */
  readonly read: (answer: ReadonlyMap<string, unknown>) => { readonly token: unknown; readonly expires: unknown };
  /** Whether its own files say that somebody is signed in. */
  readonly signedIn: (at: DetectionContext) => Promise<boolean>;
}

function candidates(
  tool: Pick<DeveloperTool, "program" | "onWindows">,
  { host }: { readonly host: Pick<Host, "env" | "platform"> },
): readonly string[] {
  const windows = host.platform === "windows";
  const path = host.env.PATH ?? host.env.Path ?? "";
  const names = windows ? tool.onWindows : [tool.program];
  const folders = path.split(windows ? ";" : ":").filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((name) => `${folder}${windows ? "\\" : "/"}${name}`));
}

/**
 * Tells whether a program of the tool is on PATH, be it one that can be started or not.
 *
 * @param tool the tool
 * @param at where to look
 * @returns true where a file has one of its names
 */
export async function isInstalled(
  tool: Pick<DeveloperTool, "program" | "onWindows">,
  at: { readonly host: Pick<Host, "env" | "platform" | "isFile"> },
): Promise<boolean> {
  for (const path of candidates(tool, at)) {
    if (await at.host.isFile(path)) return true;
  }
  return false;
}

/**
 * Makes the `look` of an identity that a developer tool holds. It starts no process: it looks for the program on PATH and for the
 * files that the tool keeps about who is signed in.
 *
 * @param tool the tool
 * @returns the function
 */
export function detectTool(tool: DeveloperTool): Identity["detect"] {
  return async (at): Promise<Availability> => {
    if (!await isInstalled(tool, at)) return { is: "absent", reason: `${tool.program} is not on PATH` };
    if (await tool.signedIn(at)) {
      return { is: "configured", reason: `${tool.program} is on PATH, and somebody is signed in` };
    }
    return { is: "possible", reason: `${tool.program} is on PATH, but its files show nobody signed in` };
  };
}

/**
 * The error for a developer tool that is asked for and is not installed.
 *
 * @param tool the tool
 * @returns the error, `developer-tool-missing`
 */
export function toolMissing(tool: Pick<DeveloperTool, "program" | "install" | "login">): AuthError {
  return new AuthError("developer-tool-missing", {
    message: `Cannot use "${tool.program}": it is not on PATH`,
    remedy: `install it (${tool.install}), then sign in: ${tool.login}`,
  });
}

/**
 * The names by which a tool is started.
 *
 * @param tool the tool
 * @param platform the system
 * @returns its name on PATH; on Windows every one without its ending, which the start finds
 *
 * @example
 * ```ts
 * import { toolPrograms } from "./developer_tool.ts";
 * import assert from "node:assert/strict";
 *
 * const tool = { program: "pwsh", onWindows: ["pwsh.exe", "powershell.exe"] };
 * assert.deepEqual(toolPrograms(tool, "linux"), ["pwsh"]);
 * assert.deepEqual(toolPrograms(tool, "windows"), ["pwsh", "powershell"]);
 * ```
 */
export function toolPrograms(
  { program, onWindows }: Pick<DeveloperTool, "program" | "onWindows">,
  platform: Host["platform"],
): readonly string[] {
  if (platform !== "windows") return [program];
  return [...new Set(onWindows.map((name) => name.replace(/\.\w+$/, "")))];
}

/** Milliseconds that a developer tool may take for a token: what it leaves is enough for the vault. */
export const toolTimeoutMs = ({ deadlineSec }: Pick<Settings, "deadlineSec">): number =>
  Math.max(1, deadlineSec.value - 2) * 1000;
