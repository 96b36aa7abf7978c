/**
 * What 256 starts at once on one node cost with the cache on: `deno run -A scripts/bench/starts.ts [--many <count>] [--rounds <count>]`,
 * after `deno task compile` and `deno task compile --bun`.
 *
 * The last start is compared with the least that it can take: one `exec`, and the last end of as many `--version` behind the same
 * barrier.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { makePlace } from "../../tests/real/keyring/place.ts";
import { atOnce } from "../../tests/support/at_once.ts";
import { programBuilds } from "../../tests/support/builds.ts";

const MAX_RATIO = 1.15;

const { values } = parseArgs({
  args: Deno.args,
  options: { many: { type: "string", default: "256" }, rounds: { type: "string", default: "3" } },
});
const [many, rounds] = [Number(values.many), Number(values.rounds)];

/** The time until the last of them has ended. */
const lastMs = (ends: Awaited<ReturnType<typeof atOnce>>): number => {
  const failed = ends.find(({ status }) => status !== 0);
  if (failed !== undefined) throw new Error(`one of ${ends.length} ended with ${failed.status}: ${failed.stderr}`);
  return Math.max(...ends.map(({ endedMs }) => endedMs));
};

for (const build of programBuilds().filter(({ name, skip }) => name !== "source" && skip === false)) {
  await using at = await makePlace(build);
  const exec = [at.program, "exec", "--", "true"];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await at.run([at.program, "cache", "clear"]);
    const oneMs = lastMs(await atOnce(exec, { many: 1, env: at.env }));
    const versionsMs = lastMs(await atOnce([at.program, "--version"], { many, env: at.env }));
    await at.run([at.program, "cache", "clear"]);
    const before = at.azure.requests.length;
    const startsMs = lastMs(await atOnce(exec, { many, env: at.env }));
    const ratio = startsMs / (oneMs + versionsMs);
    ratios.push(ratio);
    const [one, versions, starts] = [oneMs, versionsMs, startsMs].map((ms) => `${(ms / 1000).toFixed(2)} s`);
    console.log(
      `${build.name}: one exec ${one}, ${many} --version ${versions}, ${many} exec ${starts} = ${ratio.toFixed(2)}x, ` +
        `${at.azure.requests.length - before} requests`,
    );
  }
  const median = ratios.toSorted((one, other) => one - other)[Math.floor(rounds / 2)] ?? NaN;
  console.log(
    `${build.name}: ${median.toFixed(2)}x, at most ${MAX_RATIO}x: ${median <= MAX_RATIO ? "ok" : "EXCEEDED"}`,
  );
  if (!(median <= MAX_RATIO)) Deno.exitCode = 1;
}
