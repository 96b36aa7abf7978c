import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Bench, type Runtime, timesOf } from "./bench.ts";
import { withFarAzure } from "./far_azure.ts";
import { type Env, interleaved, type Runner } from "./measure.ts";
import { findPeers } from "./peers.ts";

/** Against the Go program, by how far away Azure is. */
const AWAY_BOUNDS = {
  deno: { must: { wall: 0.72 }, aim: { wall: 0.65 } },
  bun: { must: { wall: 0.6 }, aim: { wall: 0.55 } },
};
const AWAY_BOUND_MS = 50;

/** A build of the program; one without a runtime is held against, and not bound. */
export interface Build {
  readonly name: string;
  readonly program: string;
  readonly runtime: Runtime | undefined;
}

/**
 * Measures builds next to other programs that read the same secret, with Azure so many milliseconds away.
 *
 * @param rttMs the round trip
 * @param options the run of the bench, variables of programs, and the builds
 */
export async function benchAway(
  rttMs: number,
  { bench, env, builds }: { readonly bench: Bench; readonly env: Env; readonly builds: readonly Build[] },
): Promise<void> {
  const folder = join(bench.folder, `away-${rttMs}`);
  mkdirSync(folder);
  await withFarAzure({ rttMs, folder, env }, async (place) => {
    if (place.absent !== undefined) {
      bench.absent.push({ name: `${rttMs} ms between namespaces`, reason: `${place.absent}; a ${place.by} is used` });
    }
    const { there, absent } = await findPeers(place, { folder, measure: bench.measure });
    bench.absent.push(...absent.map(({ name, reason }) => ({ name: `${name}, ${rttMs} ms away`, reason })));
    const owns = builds.map(({ name, program }): Runner => ({ name, command: [program, "exec", "--", "true"] }));
    const runs = await interleaved([...owns, ...there], { ...bench, place });
    for (const { name: own, runtime } of builds.filter(({ name }) => runs.has(name))) {
      for (const { name } of there) {
        const bound = runtime !== undefined && rttMs === AWAY_BOUND_MS && name.startsWith("Go")
          ? AWAY_BOUNDS[runtime]
          : {};
        bench.rows.push({
          what: `${own}: exec -- true, ${rttMs} ms away`,
          against: name,
          ...timesOf(runs, { own, floor: name }),
          ...bound,
        });
      }
      const base = builds.find((one) => one.name !== own && one.runtime === undefined && one.name.endsWith(own));
      if (base === undefined) continue;
      bench.rows.push({
        what: `${own}: exec -- true, ${rttMs} ms away`,
        against: base.name,
        ...timesOf(runs, { own, floor: base.name }),
      });
    }
  });
}
