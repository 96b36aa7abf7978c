import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareDumps, DUMP, dumpsOf } from "./child.ts";
import { textsOf } from "./others.ts";
import { type Failure, type Outcome, valuesFor } from "./report.ts";
import { pooled, run } from "./run.ts";

/** A shell at its prompt, on a terminal, with its history expansion. */
export interface Prompt {
  readonly name: string;
  readonly format: string;
  readonly program: string;
  readonly packages: string;
  readonly args: string;
  /** What a user types, for a file with a text. */
  readonly typed: string;
  readonly reset: string;
}

const POSIX = { format: "sh", typed: "eval $(cat FILE)", reset: "T=old A=old B=old; export T A B" };

/** Every shell that has a prompt worth the name. */
export const PROMPTS: readonly Prompt[] = [
  { ...POSIX, name: "bash", program: "bash", packages: "bash", args: "--norc --noprofile -i" },
  { ...POSIX, name: "zsh", program: "zsh", packages: "zsh", args: "-f -i" },
  { ...POSIX, name: "ksh93", program: "ksh93", packages: "ksh93u+m", args: "-i" },
  { ...POSIX, name: "mksh", program: "mksh", packages: "mksh", args: "-i" },
  { ...POSIX, name: "yash", program: "yash", packages: "yash", args: "-i --norcfile --noprofile" },
  {
    name: "tcsh",
    format: "tcsh",
    program: "tcsh",
    packages: "tcsh",
    args: "-f -i",
    typed: "eval `cat FILE`",
    reset: "setenv T old; setenv A old; setenv B old",
  },
];

/** Few enough that what is typed fits into the terminal's buffer. */
const SESSION = 3;

interface Plan {
  readonly prompt: Prompt;
  readonly folder: string;
}

/** Types the documented line and pastes the text itself, value by value; the failing word comes last and leaves the prompt open. */
export async function typedInto(plan: Plan, count: number): Promise<Outcome> {
  const name = `${plan.prompt.name} prompt`;
  const { seed, values } = valuesFor(name, 4 * count);
  // A pasted line of a dumb terminal is short.
  const { held, refused } = textsOf(plan.prompt.format, values.filter((value) => value.length < 60));
  const own = held.toSorted(([one], [other]) => hash(one, seed) - hash(other, seed)).slice(0, count);
  const sessions = Array.from({ length: Math.ceil(own.length / SESSION) }, (_, index) => index * SESSION);
  const jobs = sessions.map((at) => () => session(plan, { at, texts: own.slice(at, at + SESSION) }));
  return { name, values: own.length, refused, seed, failures: (await pooled(jobs)).flat() };
}

const hash = (value: string, seed: number): number =>
  [...value].reduce((sum, letter) => (sum * 33 + (letter.codePointAt(0) ?? 0)) % 1e9, seed);

interface Session {
  readonly at: number;
  readonly texts: readonly (readonly [value: string, text: string])[];
}

async function session({ prompt, folder }: Plan, { at, texts }: Session): Promise<readonly Failure[]> {
  const base = join(folder, `prompt-${at}`);
  const dump = `${DUMP} >> ${base}.out`;
  writeFileSync(`${base}.word`, "false\n");
  const lines = texts.flatMap(([, text], index) => {
    writeFileSync(`${base}-${index}`, text);
    const typed = prompt.typed.replace("FILE", `${base}-${index}`);
    return [prompt.reset, typed, dump, prompt.reset, text.trimEnd(), dump];
  });
  const input = [dump, ...lines, prompt.typed.replace("FILE", `${base}.word`), dump, "exit", ""].join("\n");
  const command = `${prompt.program} ${prompt.args}`;
  await run(["timeout", "60", "script", "-qec", command, "/dev/null"], { cwd: join(folder, "traps"), input });
  const [baseline = new Map<string, string>(), ...rest] = dumpsOf(
    existsSync(`${base}.out`) ? readFileSync(`${base}.out`, "utf8") : "",
  );
  const values = texts.flatMap(([value]) => [value, value]);
  // After the failing word the last value is still there.
  return compareDumps(rest, {
    where: `${prompt.name} prompt ${at}`,
    expected: Object.fromEntries(baseline),
    values: [...values, values.at(-1) ?? ""],
  });
}
