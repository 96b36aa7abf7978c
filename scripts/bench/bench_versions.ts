import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build/build.ts";
import { bundle } from "../build/bundle.ts";
import { runnableProgram } from "../build/compile_program.ts";
import { type Bench, memoryOf, timesOf } from "./bench.ts";
import { denoVersions } from "./deno_versions.ts";
import { interleaved, type Place, type Runner } from "./measure.ts";

/**
 * Measures the files of the Deno build, run by each version of Deno that is there, next to bare requests and an empty program there.
 *
 * @param named versions to install
 * @param options the run of the bench, and where programs run
 */
export async function benchVersions(
  named: readonly string[],
  { bench, place }: { readonly bench: Bench; readonly place: Place },
): Promise<void> {
  const versions = await denoVersions(named);
  const runners: Runner[] = [];
  for (const { version, path } of versions) {
    const folder = join(bench.folder, version);
    mkdirSync(folder);
    const own = await runnableProgram({ folder, deno: path });
    const started = own.slice(0, -1) as [string, ...string[]];
    const floor = (name: string) => bundle(join(ROOT, "scripts", "bench", `${name}.ts`), join(folder, name));
    // Deno would ask its own server for a newer version.
    const env = { DENO_NO_UPDATE_CHECK: "1", DENO_DIR: join(folder, "deno-dir") };
    runners.push(
      { name: `${version} exec`, command: [...own, "exec", "--", "true"], env },
      { name: `${version} bare`, command: [...started, await floor("bare_requests")], env },
      { name: `${version} help`, command: [...own, "--help"], env },
      { name: `${version} empty`, command: [...started, await floor("empty")], env },
    );
  }
  const runs = await interleaved(runners, { ...bench, place });
  const oldest = versions[0]?.version;
  for (const { version } of versions) {
    const name = `deno run ${version}`;
    const times = (own: string, floor: string) => timesOf(runs, { own: `${version} ${own}`, floor });
    const rssMiB = memoryOf(runs, `${version} exec`);
    bench.rows.push(
      {
        what: `${name}: exec -- true`,
        against: "three bare requests there",
        ...times("exec", `${version} bare`),
        rssMiB,
      },
      { what: `${name}: --help`, against: "an empty program there", ...times("help", `${version} empty`) },
    );
    if (version === oldest) continue;
    bench.rows.push({
      what: `${name}: exec -- true`,
      against: `deno run ${oldest}`,
      ...times("exec", `${oldest} exec`),
    });
  }
}
