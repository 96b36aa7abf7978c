import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Format } from "../../../src/shell/formats/format.ts";
import { findFormat } from "../../../src/shell/formats/formats.ts";
import { changesOf, NOWHERE } from "../../support/values.ts";
import { compareDumps, DUMP, dumpsOf } from "./child.ts";
import { type Failure, type Outcome, valuesFor } from "./report.ts";
import { pooled, run } from "./run.ts";

/** A shell that is not POSIX, in one way of evaluating. */
export interface Other {
  readonly name: string;
  /** The format that it reads. */
  readonly format: string;
  readonly program: string;
  readonly packages: string;
  /** How the program is started with a script; the script's path is added. */
  readonly args: readonly string[];
  /** A script that evaluates each file of texts, one after the other, and says for each what it then holds. */
  readonly script: (parts: Parts) => string;
  /** Values for each process. */
  readonly chunk: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What the comparison sees after the failing word; absent for data, which has none. */
  readonly failed?: RegExp;
}

/** What a script is made for. */
export interface Parts {
  /** A file with one text in each line. */
  readonly batch: string;
  /** Files with one text each. */
  readonly files: readonly string[];
  /** Whether a child dumps its environment, or the shell says `status, names left over, NUL, value, NUL`. */
  readonly child: boolean;
}

const CSH_UNQUOTED = ["eval `cat FILE`"];
const CSH_QUOTED = ['eval "`cat FILE`"', "source FILE"];

const fish = (way: string) => ({ batch, child }: Parts): string =>
  [
    ...(child ? [DUMP] : []),
    "while read -l text",
    "set -gx T old; set -gx A old; set -gx B old",
    way,
    "set -l e $status",
    "set -q A; and set e $e'A'; set -q B; and set e $e'B'",
    child ? `test $e = 0; and ${DUMP}` : "printf '%s\\0%s\\0' $e $T",
    `end < ${batch}`,
    "",
  ].join("\n");

// csh has no way to print a value exactly: always a child.
const csh = (ways: readonly string[]) => ({ files }: Parts): string =>
  [
    DUMP,
    ...files.flatMap((file, index) => [
      "setenv T old; setenv A old; setenv B old; unsetenv FAILED",
      (ways[index % ways.length] ?? "").replaceAll("FILE", file),
      "if ($status) setenv FAILED yes",
      DUMP,
    ]),
    "",
  ].join("\n");

const elvish = ({ batch, child }: Parts): string =>
  [
    ...(child ? [DUMP] : []),
    "each {|text|",
    "set-env T old; set-env A old; set-env B old",
    "var e = 0",
    'try { eval $text"\\n" } catch _ { set e = 1 }',
    "if (has-env A) { set e = $e'A' }; if (has-env B) { set e = $e'B' }",
    child ? DUMP : 'print $e"\\x00"$E:T"\\x00"',
    `} [(from-lines < ${batch})]`,
    "",
  ].join("\n");

const nu = ({ batch, child }: Parts): string =>
  [
    ...(child ? [`^${DUMP}`] : []),
    `open --raw ${batch} | lines | each {|text|`,
    "$env.T = 'old'; $env.A = 'old'; $env.B = 'old'",
    "$text | from json | load-env",
    "let left = ([A B] | where {|name| ($env | get -o $name) != null } | str join)",
    child ? `^${DUMP}` : "$'0($left)(char nul)($env.T)(char nul)'",
    child ? "} | str join | print -n" : "} | str join | print -n",
    "",
  ].join("\n");

const xonsh = ({ batch, child }: Parts): string =>
  [
    "import sys",
    ...(child ? [`$[${DUMP}]`] : []),
    `for text in open(${JSON.stringify(batch)}, newline='').read().splitlines(True):`,
    "    ${'T'} = 'old'; ${'A'} = 'old'; ${'B'} = 'old'",
    "    e = '0'",
    "    try:",
    "        execx(text)",
    "    except Exception as failure:",
    "        e = repr(failure)",
    "    e += 'A' if 'A' in ${...} else ''",
    "    e += 'B' if 'B' in ${...} else ''",
    ...(child ? [`    $[${DUMP}]`] : [
      "    sys.stdout.buffer.write((e + '\\0' + ${'T'} + '\\0').encode('utf-8', 'surrogatepass'))",
      "    sys.stdout.flush()",
    ]),
    "",
  ].join("\n");

// The old values are still there, and the shell knows of the failure.
const LEFT = /"A","old".*"B","old".*"FAILED","yes"/;

const FISH = {
  format: "fish",
  program: "fish",
  packages: "fish",
  args: ["--no-config"],
  chunk: 2000,
  failed: /^1AB old/,
};
const TCSH = { format: "tcsh", program: "tcsh", packages: "tcsh", args: ["-f"], chunk: 1000, failed: LEFT };
const CSH = { format: "csh", program: "bsd-csh", packages: "csh", args: ["-f"], chunk: 1000, failed: LEFT };

/** Every other shell that Debian or npm installs, in the order of the report. */
export const OTHERS: readonly Other[] = [
  { ...FISH, name: "fish source", script: fish("printf '%s\\n' $text | source") },
  { ...FISH, name: "fish set and eval", script: fish("set creds (printf '%s\\n' $text); and eval $creds") },
  { ...FISH, name: "fish eval", script: fish("eval (printf '%s\\n' $text)") },
  { ...FISH, name: "fish source, LC_ALL=C", script: fish("printf '%s\\n' $text | source"), env: { LC_ALL: "C" } },
  { ...TCSH, name: "tcsh unquoted", script: csh(CSH_UNQUOTED) },
  { ...TCSH, name: "tcsh -e, quoted and source", args: ["-f", "-e"], script: csh(CSH_QUOTED), failed: /^\[\]/ },
  { ...CSH, name: "csh unquoted", script: csh(CSH_UNQUOTED) },
  { ...CSH, name: "csh quoted and source, LC_ALL=C", script: csh(CSH_QUOTED), env: { LC_ALL: "C" } },
  {
    name: "elvish",
    format: "elvish",
    program: "elvish",
    packages: "elvish",
    args: ["-norc"],
    script: elvish,
    chunk: 5000,
    failed: /^1AB old/,
  },
  { name: "nu", format: "nu", program: "nu", packages: "", args: ["-n", "--no-std-lib"], script: nu, chunk: 5000 },
  {
    name: "xonsh",
    format: "xonsh",
    program: "xonsh",
    packages: "xonsh",
    args: ["--no-rc"],
    script: xonsh,
    chunk: 2500,
    failed: /^RuntimeError\('mlflow-auth export failed'\)AB old/,
  },
];

interface Plan {
  readonly other: Other;
  readonly shell: string;
  readonly folder: string;
}

/** Prints values, evaluates them in a shell, and compares what the shell, or a child of it, then holds. */
export async function outcomeOf(
  plan: Plan,
  { child, count }: { readonly child: boolean; readonly count: number },
): Promise<Outcome> {
  const { other } = plan;
  const name = child ? `${other.name} child` : other.name;
  const { seed, values } = valuesFor(name, count);
  const texts = textsOf(other.format, values);
  const chunks = Array.from(
    { length: Math.ceil(texts.held.length / other.chunk) },
    (_, index) => texts.held.slice(index * other.chunk, (index + 1) * other.chunk),
  );
  const jobs = chunks.map((own, index) => () =>
    evaluate(plan, { own, child, label: `${name.replaceAll(/\W+/g, "_")}-${index}` })
  );
  const failures = (await pooled(jobs)).flat();
  return { name, values: values.length, refused: texts.refused, seed, failures };
}

/** The failing word makes the reader fail and changes nothing; `--unset` succeeds, removes, and changes nothing else. */
export async function wordsOf(plan: Plan): Promise<readonly Failure[]> {
  const { name, format, failed } = plan.other;
  const { failure = "", unset } = findFormat(format) ?? {};
  const evaluated = (text: string) =>
    evaluate(plan, { own: [["old", text]], child: false, label: `${name.replaceAll(/\W+/g, "_")}-word` });
  const unsets = await evaluated(unset?.(["A", "B", "NEVER_SET"], NOWHERE) ?? "");
  if (failed === undefined) return unsets;
  const [failure1 = { where: name, value: failure, got: "success" }] = await evaluated(failure);
  return failed.test(failure1.got) ? unsets : [...unsets, failure1];
}

/** A value and its text. */
export type Printed = readonly [value: string, text: string];

/** Prints each value alone; counts those that the format refuses. */
export function textsOf(
  name: string,
  values: readonly string[],
): { readonly held: readonly Printed[]; readonly refused: number } {
  const format: Format | undefined = findFormat(name);
  const held = values.flatMap((value) => {
    try {
      return [[value, format?.print(changesOf({ T: value }, ["A", "B"]), NOWHERE) ?? ""] as const];
    } catch {
      return [];
    }
  });
  return { held, refused: values.length - held.length };
}

interface Chunk {
  readonly own: readonly Printed[];
  readonly child: boolean;
  readonly label: string;
}

async function evaluate({ other, shell, folder }: Plan, { own, child, label }: Chunk): Promise<readonly Failure[]> {
  const batch = join(folder, label);
  const dumps = child || ["csh", "tcsh"].includes(other.format);
  const files = own.map((_, index) => `${batch}-${index}`);
  if (["csh", "tcsh"].includes(other.format)) {
    own.forEach(([, text], index) => writeFileSync(`${batch}-${index}`, text));
  }
  writeFileSync(batch, own.map(([, text]) => text).join(""));
  writeFileSync(`${batch}.script`, other.script({ batch, files, child }));
  const env = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, ...other.env };
  const { status, stdout, stderr } = await run([shell, ...other.args, `${batch}.script`], {
    cwd: join(folder, "traps"),
    env,
  });
  const values = own.map(([value]) => value);
  const wrong = dumps ? comparedDumps(stdout, { where: label, values }) : compared(stdout, { where: label, values });
  if (wrong.length === 0 && (status !== 0 || stderr !== "")) {
    return [{ where: label, value: "", got: `status ${status}: ${stderr}` }];
  }
  return wrong.map((failure) => ({ ...failure, got: `${failure.got} (stderr: ${stderr.slice(0, 300)})` }));
}

interface Wanted {
  readonly where: string;
  readonly values: readonly string[];
}

function comparedDumps(stdout: string, { where, values }: Wanted): readonly Failure[] {
  const [baseline = new Map<string, string>(), ...rest] = dumpsOf(stdout);
  return compareDumps(rest, { where, expected: Object.fromEntries(baseline), values });
}

function compared(stdout: string, { where, values }: Wanted): readonly Failure[] {
  const parts = stdout.split("\0");
  return values.flatMap((value, index) => {
    const got = `${parts[2 * index]} ${parts[2 * index + 1]}`;
    return got === `0 ${value}` ? [] : [{ where, value, got }];
  });
}
