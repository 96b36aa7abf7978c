import { AuthError } from "../../core/errors.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { Availability, DetectionContext, Identity } from "../identities/identity.ts";

/** A program that a developer is signed in with. */
export interface DeveloperTool {
  /** Its name on PATH, such as `az`. */
  readonly program: string;
  /** Other names on Windows, with their endings. */
  readonly onWindows: readonly string[];
  /** How to install it, and how to sign in. */
  readonly install: string;
  readonly login: string;
  /** Whether its own files say that somebody is signed in. */
  readonly signedIn: (at: DetectionContext) => Promise<boolean>;
}

function candidates(tool: DeveloperTool, { host }: DetectionContext): readonly string[] {
  const windows = host.platform === "windows";
  const path = host.env.PATH ?? host.env.Path ?? "";
  const names = windows ? tool.onWindows : [tool.program];
  const folders = path.split(windows ? ";" : ":").filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((name) => `${folder}${windows ? "\\" : "/"}${name}`));
}

async function isInstalled(tool: DeveloperTool, at: DetectionContext): Promise<boolean> {
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

/** Milliseconds that a developer tool may take for a token: what it leaves is enough for the vault. */
export const toolTimeoutMs = ({ deadlineSec }: Pick<Settings, "deadlineSec">): number =>
  Math.max(1, deadlineSec.value - 2) * 1000;
