import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sh } from "../../../src/shell/formats/sh.ts";
import { changesOf, NOWHERE } from "../../support/values.ts";
import { compareDumps, DUMP, dumpsOf } from "./child.ts";
import { type Failure, type Outcome, valuesFor } from "./report.ts";
import { CLEAN, pooled, run } from "./run.ts";

/** A POSIX shell in one of its modes. */
export interface Variant {
  readonly name: string;
  readonly program: string;
  readonly packages: string;
  readonly args?: readonly string[];
  /** How it prints a text and a newline without a process, if it can. */
  readonly printer?: string;
  /** Settings besides the common ones. */
  readonly settings?: readonly string[];
  /** Whether it can hold any text in the C locale. */
  readonly bytes?: boolean;
}

const ZSH = [
  "setopt globsubst",
  "setopt globsubst extendedglob kshglob",
  "setopt globsubst nullglob",
  "setopt shwordsplit",
  "setopt shwordsplit globsubst cshnullglob",
  "setopt rcquotes",
  "setopt warncreateglobal ksharrays",
];
const BASH = [
  "shopt -s nullglob",
  "shopt -s failglob",
  "shopt -s extglob dotglob nocaseglob globstar",
  "set -o pipefail",
  "set -H",
];

/** Every POSIX shell that Debian installs, in the order of the report. */
export const VARIANTS: readonly Variant[] = [
  { name: "sh", program: "sh", packages: "dash" },
  { name: "dash", program: "dash", packages: "dash" },
  { name: "bash", program: "bash", packages: "bash", settings: BASH },
  { name: "bash --posix", program: "bash", packages: "bash", args: ["--posix"], settings: BASH },
  { name: "zsh", program: "zsh", packages: "zsh", args: ["-f"], settings: ZSH },
  { name: "zsh as sh", program: "zsh", packages: "zsh", args: ["--emulate", "sh", "-f"], settings: ZSH },
  { name: "zsh as ksh", program: "zsh", packages: "zsh", args: ["--emulate", "ksh", "-f"], settings: ZSH },
  { name: "ksh93", program: "ksh93", packages: "ksh93u+m", settings: ["set -o pipefail", "set -G"] },
  { name: "mksh", program: "mksh", packages: "mksh", printer: "print -r --" },
  { name: "lksh", program: "lksh", packages: "mksh", printer: "print -r --" },
  {
    name: "yash",
    program: "yash",
    packages: "yash",
    settings: ["set --null-glob", "set --extended-glob"],
    bytes: false,
  },
  { name: "yash --posix", program: "yash", packages: "yash", args: ["--posixly-correct"], bytes: false },
  { name: "busybox sh", program: "busybox", packages: "busybox", args: ["sh"], settings: ["set -o pipefail"] },
  { name: "posh", program: "posh", packages: "posh", printer: "/usr/bin/printf '%s\\n'" },
];

const COMMON = ["", "set -e", "set -u", "set -f", "set -eu", "set -a", "set -C", "umask 077"];
/** Separators that the line does not hold: an unquoted eval is safe with these alone. */
const UNQUOTED_IFS = ["IFS=:", "IFS=,", "IFS=/", "IFS='|;'", "IFS=@%", "IFS=", "unset IFS", "IFS='\n\t'"];
const QUOTED_IFS = [...UNQUOTED_IFS, "IFS=._-=", "IFS=aeioxtn0123456789", "IFS='\"'\"\\'\\`\""];

/** Ways to evaluate what `out` prints, without quotes and with them. */
const WAYS = {
  unquoted: ["eval $(out)", "eval `out`", "unquoted"],
  quoted: ['eval "$(out)"', 'eval "`out`"', "out >| LINE; . LINE", "quoted"],
} as const;

type Quoting = keyof typeof WAYS;

interface Plan {
  readonly variant: Variant;
  readonly shell: string;
  readonly folder: string;
}

/** Prints values, evaluates them in a shell, and compares what the shell then holds. */
export async function massOf(plan: Plan, quoting: Quoting): Promise<Outcome> {
  const { variant } = plan;
  const name = `${variant.name} ${quoting}`;
  const { seed, values } = valuesFor(name);
  const settings = [...COMMON, ...(variant.settings ?? []), ...(quoting === "quoted" ? QUOTED_IFS : UNQUOTED_IFS)];
  const contexts = settings.flatMap((setting) => WAYS[quoting].map((way) => ({ setting, way })));
  const jobs = contexts.map((context, index) => async () => {
    const own = values.filter((_, at) => (at + seed) % contexts.length === index);
    if (own.length === 0) return [];
    return await evaluate(plan, { ...context, label: `${name}-${index}`, values: own });
  });
  const failures = (await pooled(jobs)).flat();
  return { name, values: values.length, seed, failures };
}

interface Chunk {
  readonly setting: string;
  readonly way: string;
  readonly label: string;
  readonly values: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const MARK = "9f2b7c4e-end-of-value";

// printf is built in except where `printer` says otherwise; the marker alone ends a value, since values hold newlines.
function scriptOf(
  { variant }: Plan,
  { setting, way, batch, emit }: Chunk & { readonly batch: string; readonly emit: string },
): string {
  const printer = variant.printer ?? "printf '%s\\n'";
  return [
    `out() { ${printer} "$text"; }`,
    "unquoted() { eval $(out); }",
    'quoted() { eval "$(out)"; }',
    `emit() { ${emit.replaceAll("PRINT", printer)}; }`,
    `exec 3< ${batch}`,
    setting,
    "while IFS= read -r text <&3; do",
    "T=old A=old B=old; export T A B",
    way.replaceAll("LINE", `${batch}.line`),
    "e=$?",
    "emit",
    "done",
    "",
  ].join("\n");
}

async function evaluate(plan: Plan, chunk: Chunk): Promise<readonly Failure[]> {
  const folder = join(plan.folder, chunk.label.replaceAll(" ", "_"));
  const emit = `PRINT "$e\${A+A}\${B+B}\n$T\n${MARK}"`;
  const { status, stdout, stderr } = await started(plan, { ...chunk, batch: `${folder}.batch`, emit });
  const where = `${chunk.label}: ${chunk.setting}; ${chunk.way}`;
  const blocks = stdout.split(`\n${MARK}\n`);
  const wrong = chunk.values.flatMap((value, index) => {
    const got = blocks[index] ?? "nothing";
    return got === `0\n${value}` ? [] : [{ where, value, got }];
  });
  if (wrong.length === 0 && (status !== 0 || stderr !== "")) {
    return [{ where, value: "", got: `status ${status}: ${stderr}` }];
  }
  return wrong.map((failure) => ({ ...failure, got: `${failure.got} (stderr: ${stderr.slice(0, 200)})` }));
}

async function started(plan: Plan, chunk: Chunk & { readonly batch: string; readonly emit: string }) {
  const lines = chunk.values.map((value) => sh.print(changesOf({ T: value }, ["A", "B"]), NOWHERE));
  writeFileSync(chunk.batch, lines.join(""));
  writeFileSync(`${chunk.batch}.sh`, scriptOf(plan, chunk));
  const trap = join(plan.folder, "traps");
  return await run([plan.shell, ...(plan.variant.args ?? []), `${chunk.batch}.sh`], {
    cwd: trap,
    env: chunk.env ?? {},
  });
}

/** Looks through the eyes of a child: the exact bytes, the conflicting variables gone, nothing else changed. */
export async function childrenOf(plan: Plan, count: number): Promise<Outcome> {
  const { variant } = plan;
  const name = `${variant.name} child`;
  const { seed, values } = valuesFor(name, count);
  const ways = [...WAYS.unquoted, ...WAYS.quoted];
  const contexts = ways.flatMap((way) => [{}, { LC_ALL: "C" }].map((env) => ({ way, env, setting: "set -eu" }))).filter(
    ({ env }) => variant.bytes !== false || !("LC_ALL" in env),
  );
  const jobs = contexts.map((context, index) => async () => {
    const own = values.filter((_, at) => at % contexts.length === index);
    const batch = join(plan.folder, `${name.replaceAll(" ", "_")}-${index}.batch`);
    const chunk = { ...context, label: name, values: own, batch, emit: DUMP };
    const { status, stdout, stderr } = await started(plan, chunk);
    const where = `${name}: ${context.way}`;
    const expected = { ...CLEAN, ...context.env };
    const wrong = compareDumps(dumpsOf(stdout), { where, expected, values: own });
    return wrong.length === 0 && (status !== 0 || stderr !== "")
      ? [{ where, value: "", got: `status ${status}: ${stderr}` }]
      : wrong;
  });
  return { name, values: values.length, seed, failures: (await pooled(jobs)).flat() };
}

/** The failing word ends a script under `set -e`, and fails without it; `--unset` succeeds and removes. */
export async function wordsOf(plan: Plan): Promise<readonly Failure[]> {
  const { variant, folder } = plan;
  const ways = [...WAYS.unquoted, ...WAYS.quoted];
  const unset = sh.unset?.(["A", "B", "NEVER_SET"], NOWHERE) ?? "";
  const cases = ways.flatMap((way) => [
    { way, text: sh.failure, setting: "set -e", expected: "" },
    { way, text: sh.failure, setting: "", expected: "1AB\n" },
    { way, text: unset, setting: "set -eu", expected: "0\n" },
  ]);
  const jobs = cases.map(({ way, text, setting, expected }, index) => async () => {
    const batch = join(folder, `${variant.name.replaceAll(" ", "_")}-word-${index}.batch`);
    writeFileSync(batch, text);
    const emit = 'PRINT "$e${A+A}${B+B}"';
    writeFileSync(`${batch}.sh`, scriptOf(plan, { setting, way, label: "", values: [], batch, emit }));
    const argv = [plan.shell, ...(variant.args ?? []), `${batch}.sh`];
    const { status, stdout, stderr } = await run(argv, { cwd: join(folder, "traps") });
    const fine = stdout === expected && stderr === "" && (expected !== "" || status === 1);
    return fine
      ? []
      : [{ where: `${variant.name}: ${setting}; ${way}`, value: text, got: `${status} ${stdout} ${stderr}` }];
  });
  return (await pooled(jobs)).flat();
}
