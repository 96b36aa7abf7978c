import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { healthyEnv } from "../support/run_program.ts";

/** How a shell is told to start the program, its status, and what it says. */
const FORMS: readonly (readonly [name: string, line: string, status: number, says: RegExp])[] = [
  ["an output that is closed", '"$@" >&-', 1, /Cannot write to "standard output": it is closed/],
  ["an output that leads to /dev/null", '"$@" >/dev/null', 0, /^$/],
  ["an error output that is closed", 'out=$("$@" 2>&-) && [ -n "$out" ]', 0, /^$/],
  ["all that is closed", '"$@" <&- >&- 2>&-', 1, /^$/],
];

for (const build of programBuilds()) {
  for (const options of [[], ["--proxy"]]) {
    for (const [name, line, status, says] of FORMS) {
      const what = ["export", ...options, "--format", "sh"];
      test(
        `${what.join(" ")} of the ${build.name} build with ${name} ends with ${status}`,
        { skip: build.skip },
        async () => {
          await using azure = await startAzure();
          const env = { ...await healthyEnv(azure), PATH: "/usr/bin:/bin", MLFLOW_TRACKING_URI: "http://127.0.0.1:9" };
          const script = `${line}; exit $?`;
          const args = ["-c", script, "sh", ...build.command, ...what];
          const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
            args,
            env,
            clearEnv: true,
            stdin: "null",
          }).output();
          const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
          assert.deepEqual([code, text(stdout)], [status, ""], text(stderr));
          assert.match(text(stderr), says);
          // A proxy holds a credential before it is left alone: where nobody was asked, none was started.
          if (status !== 0) assert.deepEqual(azure.requests, []);
        },
      );
    }
  }
}
