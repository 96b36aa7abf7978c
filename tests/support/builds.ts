import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../../scripts/build/build.ts";
import { skipUnless } from "./skip.ts";

/** One way to run the program. */
export interface ProgramBuild {
  readonly name: "deno" | "bun" | "source";
  /** The words that start it; add its arguments. */
  readonly command: readonly [string, ...string[]];
  /** For `test(name, { skip })`: `false` where it is there. */
  readonly skip: string | false;
}

const path = (name: string): string =>
  fileURLToPath(new URL(`../../dist/${name}${process.platform === "win32" ? ".exe" : ""}`, import.meta.url));

/**
 * The builds that `deno task test` made: the compiled program, the one of Bun, and the program from source (one bundle, run by
 * the Deno that runs the tests).
 *
 * @returns each with what starts it, and a reason where it is not there
 */
export function programBuilds(): readonly ProgramBuild[] {
  const bundle = fileURLToPath(new URL("../../dist/source/main.js", import.meta.url));
  const flags = ["--quiet", "--no-config", "--no-lock", "--no-remote", "--no-npm", "--no-check", ...PERMISSIONS];
  const deno = path("mlflow-auth");
  const bun = path("mlflow-auth-bun");
  return [
    {
      name: "deno",
      command: [deno],
      skip: skipUnless(
        existsSync(deno),
        "dist/mlflow-auth is not there: let this machine reach Deno's download server, or set DENORT_BIN and COMPILE_DENO",
      ),
    },
    {
      name: "bun",
      command: [bun],
      skip: skipUnless(existsSync(bun), "dist/mlflow-auth-bun is not there: run deno task compile --bun"),
    },
    {
      name: "source",
      // Deno would ask its own server for a newer version.
      command: ["/usr/bin/env", "DENO_NO_UPDATE_CHECK=1", process.execPath, "run", ...flags, bundle],
      skip: skipUnless(existsSync(bundle), "dist/source is not there: run deno task test:real"),
    },
  ];
}
