import { existsSync } from "node:fs";
import { chmod, copyFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Azure, startAzure } from "../../support/azure/start_azure.ts";
import { healthyEnv, type Ran } from "../../support/run_program.ts";
import { skipUnless } from "../../support/skip.ts";

/** For `test(name, { skip })`: `false` where the kernel has keyrings. */
export const skipKeyring: string | false = skipUnless(
  process.platform === "linux" && existsSync("/proc/key-users"),
  "a kernel with keyrings is needed",
);

/** A program and a stand-in, both within reach of every user. */
export interface Place extends AsyncDisposable {
  readonly azure: Azure;
  /** Runs a command line and says how many requests it made. */
  readonly run: (
    argv: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<Ran & { readonly requests: number }>;
  /** The program's path, and what it is run with. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What sudo sets USER to, which counts; a user without an entry has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.());
  }
}

/**
 * Copies a build to where every user may run it, beside a stand-in for Azure, with the cache on.
 *
 * @param build what is run
 * @returns the place; at its end nothing is kept any more
 */
export async function makePlace(build: { readonly command: readonly [string, ...string[]] }): Promise<Place> {
  const azure = await startAzure();
  await chmod(azure.folder, 0o755);
  await chmod(azure.caPath, 0o644);
  const program = join(azure.folder, "mlflow-auth");
  await copyFile(build.command[0], program);
  await chmod(program, 0o755);
  const env = {
    PATH: process.env["PATH"] ?? "",
    USER: userName(),
    ...await healthyEnv(azure),
    MLFLOW_AUTH_CACHE: "keyring",
  };
  const run: Place["run"] = async ([command = "", ...args], more = {}) => {
    const before = azure.requests.length;
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args,
      env: { ...env, ...more },
      clearEnv: true,
      cwd: "/",
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { status: code, stdout: text(stdout), stderr: text(stderr), requests: azure.requests.length - before };
  };
  const clear = () => run([program, "cache", "clear"]);
  return {
    azure,
    run,
    program,
    env,
    [Symbol.asyncDispose]: async () => {
      await clear();
      await azure.close();
    },
  };
}
