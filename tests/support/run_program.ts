import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Azure } from "./azure/start_azure.ts";
import { type ProgramBuild, programBuilds } from "./builds.ts";
import { findSecret } from "./canary.ts";

/** What a run gave. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the program is run. */
export interface RunOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly build?: ProgramBuild;
  readonly stdin?: "null";
}

/**
 * The build that most tests use: the compiled one, else the first that is there.
 *
 * @returns the build, with the reason where there is none
 */
export function firstBuild(): ProgramBuild {
  const builds = programBuilds();
  const [first] = builds;
  const found = builds.find(({ skip }) => skip === false) ?? first;
  if (found === undefined) throw new Error("there is no build of the program");
  return found;
}

/**
 * Runs the program in nothing but the environment given.
 *
 * @param args its arguments
 * @param options the whole environment (PATH is added), and which build
 * @returns what it gave; a secret on stderr is an error of the test
 */
export async function runProgram(args: readonly string[], options: RunOptions): Promise<Ran> {
  const [command, ...words] = (options.build ?? firstBuild()).command;
  const output = await new Deno.Command(command, {
    args: [...words, ...args],
    clearEnv: true,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", ...options.env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  const ran = { status: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
  const leak = findSecret(ran.stderr);
  if (leak !== undefined) throw new Error(`stderr of mlflow-auth ${args.join(" ")} shows ${leak}`);
  return ran;
}

/**
 * The environment of somebody who is set up: a stand-in for Azure, a client secret, an empty home folder.
 *
 * @param azure the stand-in
 * @returns the variables
 */
export async function healthyEnv(azure: Azure): Promise<Readonly<Record<string, string>>> {
  const home = join(azure.folder, "home");
  await mkdir(home, { recursive: true });
  return { HOME: home, ...azure.env, ...azure.vault(), ...await azure.identity("client-secret") };
}
