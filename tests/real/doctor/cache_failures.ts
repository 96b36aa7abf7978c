import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Azure } from "../../support/azure/start_azure.ts";
import { firstBuild, runProgram } from "../../support/run_program.ts";
import type { Failure, Variables } from "./failure.ts";

const CONFINE = fileURLToPath(new URL("../keyring/confine.py", import.meta.url));
const ON = { MLFLOW_AUTH_CACHE: "keyring" };

const python = (): string =>
  spawnSync("python3", ["-c", "import sys; print(sys.executable)"]).stdout?.toString().trim() ?? "python3";

/** Lets the kernel keep the credential that a run reads, then rotates it. */
async function rotate(azure: Azure): Promise<Variables> {
  const env = { HOME: azure.folder, ...azure.env, ...azure.vault(), ...await azure.identity("client-secret"), ...ON };
  await runProgram(["exec", "--", "true"], { env, build: firstBuild() });
  for (const { secrets } of azure.world.vaults) {
    for (const version of secrets.get("mlflow") ?? []) version.value = "rotated-token-canary";
  }
  return ON;
}

/** What the kernel keeps, and where it does not. */
export const CACHE_FAILURES: readonly Failure[] = [
  {
    name: "a keyring that containers of root have too",
    code: "cache-shared",
    env: ON,
    shell: '[ "$(id -u)" = 0 ] || exec unshare -Ur "$@"; exec "$@"',
  },
  {
    name: "a kernel that refuses its keyring",
    code: "cache-unavailable",
    env: ON,
    shell: `exec '${python()}' '${CONFINE}' eperm "$@"`,
  },
  { name: "a credential that was rotated after it was kept", code: "cache-stale", arrange: rotate },
];
