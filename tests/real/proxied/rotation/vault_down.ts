import assert from "node:assert/strict";
import { join } from "node:path";
import type { ProgramBuild } from "../../../support/builds.ts";
import { type Stage, train } from "./stage.ts";

/**
 * Runs a training while Key Vault cannot be reached, then changes the secret, and asserts that nothing of it was lost.
 *
 * @param stage Azure and the server
 * @param options which Python and build, and for how long
 */
export async function trainThroughOutage(
  stage: Stage,
  { python, build, seconds }: { readonly python: string; readonly build: ProgramBuild; readonly seconds: number },
): Promise<void> {
  const { azure, server, env, rotate } = stage;
  const asked = { before: 0, during: 0 };
  const attempts = (): number => azure.requests.filter(({ service }) => service === "vault").length;
  const ran = await train(
    [...build.command, "exec", "--proxy", "--", python, join(import.meta.dirname ?? ".", "steady.py")],
    {
      // The credential is due again and again while the vault is away, and as often as the vault may be asked.
      env: { ...env, MLFLOW_AZURE_TTL_SEC: "15", SECONDS_DOWN: String(seconds) },
      at: async (name) => {
        if (name === "down") {
          azure.world.faults.push({ kind: "reset", service: "vault" });
          asked.before = attempts();
          return;
        }
        // By now the proxy has looked for a newer credential, and found nobody.
        while (attempts() === asked.before) await new Promise((resolve) => setTimeout(resolve, 50));
        asked.during = attempts() - asked.before;
        if (name === "missed") return;
        azure.world.faults.length = 0;
        await rotate();
      },
    },
  );
  const steps = Number(/^STEPS=(\d+)$/m.exec(ran.stdout)?.[1]);
  assert.deepEqual([ran.status, ran.stages], [0, ["down", "missed", "up"]], `${ran.stdout}${ran.stderr.slice(-2000)}`);
  const answer = await server.ask(
    `/api/2.0/mlflow/metrics/get-history?run_id=${ran.run}&metric_key=loss&max_results=25000`,
  );
  const { metrics } = JSON.parse(await answer.text()) as { readonly metrics: readonly unknown[] };
  assert.equal(metrics.length, steps);
  console.log(
    `${build.name}: Key Vault away for ${seconds} s: ${steps} metrics sent, ${metrics.length} held, ${asked.during} attempts`,
  );
}
