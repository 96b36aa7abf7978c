import "../../support/guard.ts";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { programBuilds } from "../../support/builds.ts";
import { pythonWith } from "../../support/python.ts";
import { skipUnless } from "../../support/skip.ts";

const JAR = process.env["LOWKEY_VAULT_JAR"];
const reason =
  "LOWKEY_VAULT_JAR is not set: download lowkey-vault-app-VERSION.jar from the releases of nagyesta/lowkey-vault (3.x needs Java 17) and name it there";
const skip = skipUnless(JAR !== undefined, reason);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

test("Microsoft's SDK reads from lowkey-vault under a vault's real name", { skip }, async () => {
  const line = JSON.stringify({ env: {}, identity: "imds", apiVersion: "7.6", verifyChallenge: true });
  const output = await beside([await pythonWith("azure"), "-I", here("./read_secret.py")], `${line}\n`);
  assert.equal(JSON.parse(output).value, '{"token": "lowkey-token-canary"}');
});

for (const build of programBuilds()) {
  test(
    `exec reads from lowkey-vault under a vault's real name (${build.name})`,
    { skip: skip || build.skip },
    async () => {
      const output = await beside([...build.command, "exec", "--", "printenv", "MLFLOW_TRACKING_TOKEN"], "");
      assert.equal(output, "lowkey-token-canary\n");
    },
  );
}

/** Runs a command beside the emulator, where nothing outside can be reached and nobody outside can reach it. */
function beside(argv: readonly string[], input: string): Promise<string> {
  const alone = ["-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
  const emulator = [process.execPath, "run", "--no-check", "--allow-all", here("./lowkey_vault.ts")];
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], LOWKEY_VAULT_JAR: JAR };
  const child = spawn("unshare", [...alone, ...emulator, ...argv], { env, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    const chunks: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (chunk) => chunks.push(chunk));
    child.once("error", reject);
    child.once("close", (status) => status === 0 ? resolve(chunks.join("")) : reject(new Error(`status ${status}`)));
  });
}
