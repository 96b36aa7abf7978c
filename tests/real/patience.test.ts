import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { startAzure } from "../support/azure/start_azure.ts";
import { makeSigningKeys } from "../support/azure/world.ts";
import { firstBuild, healthyEnv, runProgram } from "../support/run_program.ts";
import { type Case, CASES } from "./patience/cases.ts";

const { skip } = firstBuild();
const AT_ONCE = 8;
/** Longer than one request may take, so that a silent service is told from many slow ones. */
const DEADLINE_SEC = Deno.env.get("PATIENCE_DEADLINE_SEC") ?? "6";

const withoutIdentity = (env: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^AZURE_(TENANT|CLIENT)_/.test(name)));

async function codeOf({ identity, service, mishaps }: Case, keys: Awaited<ReturnType<typeof makeSigningKeys>>) {
  await using azure = await startAzure({ keys });
  for (const mishap of mishaps) azure.world.faults.push({ ...mishap, service });
  // By its name: a metadata service that is silent would be taken for none.
  const named = identity === "imds" ? { AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential" } : {};
  const env = { ...withoutIdentity(await healthyEnv(azure)), ...await azure.identity(identity), ...named };
  const startedMs = performance.now();
  const { status, stderr } = await runProgram(["exec", "--deadline", DEADLINE_SEC, "--", "echo", "started"], { env });
  const tookMs = Math.round(performance.now() - startedMs);
  return { ended: { status, code: /docs\/errors\.md#([\w-]+)/.exec(stderr)?.[1] }, tookMs };
}

test("exec ends with the code of who kept it waiting, whatever a service does", { skip }, async () => {
  const keys = await makeSigningKeys();
  const left = [...CASES];
  const seen: Record<string, unknown> = {};
  const took: number[] = [];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { ended, tookMs } = await codeOf(next, keys);
      seen[next.name] = ended;
      took.push(tookMs);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  // How long is no assertion: a machine that is busy with other things is slower.
  console.log(`of ${DEADLINE_SEC} s, the slowest of ${took.length} ended after ${Math.max(...took)} ms`);
  assert.equal(CASES.length, 40);
  assert.deepEqual(seen, Object.fromEntries(CASES.map(({ name, code }) => [name, { status: 125, code }])));
});

test("exec starts its command where a service lets everybody wait for a while", { skip }, async () => {
  await using azure = await startAzure();
  azure.world.faults.push(
    { kind: "answer", status: 429, headers: { "retry-after": "1" }, service: "entra", times: 1 },
    { kind: "throttle", times: 2 },
    { kind: "reset", service: "vault", times: 1 },
  );
  const { status, stdout, stderr } = await runProgram(["exec", "--deadline", "60", "--", "echo", "started"], {
    env: await healthyEnv(azure),
  });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "started\n", stderr: "" });
});
