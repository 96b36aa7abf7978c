import { type Bench, type Facts, runScenario, type Way } from "./run_scenario.ts";
import type { Failure, Scenario } from "./scenario.ts";

/** What is not the same. */
export interface Difference {
  readonly fact: string;
  readonly direct: string;
  readonly through: string;
}

const short = (text: string | undefined): string =>
  text === undefined ? "(nothing)" : text.length > 300 ? `${text.slice(0, 300)}…` : text;

function differences(
  direct: Facts,
  { through, unstable = [] }: { readonly through: Facts; readonly unstable?: readonly string[] | undefined },
): readonly Difference[] {
  return [...new Set([...direct.keys(), ...through.keys()])].flatMap((fact) => {
    if (direct.get(fact) === through.get(fact) || unstable.includes(fact)) return [];
    return [{ fact, direct: short(direct.get(fact)), through: short(through.get(fact)) }];
  });
}

/**
 * Compares a command that is started directly with the same one started through the program.
 *
 * @param bench what to run with
 * @param scenario the state and the command
 * @param way how the program is started
 * @returns what differs, and does so again when tried again
 */
export async function compare(bench: Bench, scenario: Scenario, way: Way): Promise<readonly Difference[]> {
  const directly = { ...way, prefix: [] };
  const direct = await runScenario(bench, scenario, directly);
  const first = differences(direct, { through: await runScenario(bench, scenario, way), unstable: scenario.unstable });
  if (first.length === 0) return [];
  // What differs between two direct starts, or does not do so again, says nothing.
  const again = await runScenario(bench, scenario, directly);
  const second = differences(again, { through: await runScenario(bench, scenario, way) });
  return second.filter(({ fact }) =>
    direct.get(fact) === again.get(fact) && first.some((known) => known.fact === fact)
  );
}

/**
 * Checks how the program says that a command cannot be run.
 *
 * @param bench what to run with
 * @param failure the command and what is expected
 * @param way how the program is started
 * @returns what is not as it should be
 */
export async function checkFailure(bench: Bench, failure: Failure, way: Way): Promise<readonly Difference[]> {
  const facts = await runScenario(bench, failure, way);
  const errors = facts.get("errors") ?? "";
  const wrong: Difference[] = [];
  const expect = (fact: string, holds: boolean, expected: string): void => {
    if (!holds) wrong.push({ fact, direct: expected, through: short(facts.get(fact)) });
  };
  const lines = errors.trimEnd().split("\n");
  expect("event", facts.get("event") === `exit ${failure.status}`, `exit ${failure.status}`);
  expect("output", facts.get("output") === "", "nothing");
  expect("errors", failure.says.test(errors), String(failure.says));
  expect("errors", errors.includes(failure.command[0] ?? ""), "the command's name");
  expect("errors", lines.length <= 3, "at most 3 lines");
  expect("errors", !/panicked|Uncaught|NotCapable|file:\/\/|\n\s+at /.test(errors), "no trace");
  expect("after.left", facts.get("after.left") === "none", "nothing left running");
  return wrong;
}
