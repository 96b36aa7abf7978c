import { ARGUMENT_SCENARIOS, FAILURES } from "./argument_scenarios.ts";
import { checkFailure, compare, type Difference } from "./compare.ts";
import { DESCRIPTOR_SCENARIOS } from "./descriptor_scenarios.ts";
import { BESIDE, KNOWN } from "./known.ts";
import { ENVIRONMENT_SCENARIOS, PROCESS_SCENARIOS } from "./process_scenarios.ts";
import type { Bench, Way } from "./run_scenario.ts";
import type { Runtime, Scenario } from "./scenario.ts";
import { SIGNAL_SCENARIOS } from "./signal_scenarios.ts";

/** Every state in which a command is compared. */
export const SCENARIOS: readonly Scenario[] = [
  ...SIGNAL_SCENARIOS,
  ...DESCRIPTOR_SCENARIOS,
  ...PROCESS_SCENARIOS,
  ...ENVIRONMENT_SCENARIOS,
  ...ARGUMENT_SCENARIOS,
];

/** A way to start commands through a build of the program. */
export interface Variant {
  readonly name: string;
  readonly runtime: Runtime;
  readonly way: Way;
  /** Entries of the environment that make the program set a token of so many bytes; without it such failures are left out. */
  readonly tokenOf?: (length: number) => readonly string[];
  /** Whether a proxy stands beside the command. */
  readonly proxied?: true;
}

/** What the suite saw of one variant. */
export interface Outcome {
  readonly scenarios: number;
  /** Differences that nobody knows of. */
  readonly different: ReadonlyMap<string, readonly Difference[]>;
  readonly known: readonly string[];
  readonly soft: readonly string[];
  /** What stands in the list of known differences and does not differ. */
  readonly healed: readonly string[];
}

/**
 * Runs every scenario.
 *
 * @param bench what to run with
 * @param variant the build
 * @param pattern names of scenarios to run; by default all
 * @returns what differs
 */
export async function runSuite(bench: Bench, variant: Variant, pattern = /^/): Promise<Outcome> {
  const { runtime, way, tokenOf } = variant;
  const listed = variant.proxied === true ? { ...KNOWN[runtime], ...BESIDE } : KNOWN[runtime];
  const different = new Map<string, readonly Difference[]>();
  const names: { readonly known: string[]; readonly soft: string[]; readonly healed: string[] } = {
    known: [],
    soft: [],
    healed: [],
  };
  const judge = ({ name, soft }: Scenario, found: readonly Difference[]): void => {
    const known = listed[name];
    if (found.length === 0) {
      if (known !== undefined) names.healed.push(name);
    } else if (soft === true || soft === runtime) names.soft.push(name);
    else if (known !== undefined && found.every(({ fact }) => known.facts.test(fact))) names.known.push(name);
    else different.set(name, found);
  };
  const scenarios = SCENARIOS.filter(({ name }) => pattern.test(name));
  for (const scenario of scenarios) judge(scenario, await compare(bench, scenario, way));
  const failures = FAILURES.filter(({ name, tokenBytes }) =>
    pattern.test(name) && (tokenBytes === undefined || tokenOf !== undefined)
  );
  for (const failure of failures) {
    const extra = failure.tokenBytes === undefined ? [] : tokenOf?.(failure.tokenBytes) ?? [];
    judge(failure, await checkFailure(bench, failure, { ...way, environ: [...extra, ...way.environ] }));
  }
  return { scenarios: scenarios.length + failures.length, different, ...names };
}
