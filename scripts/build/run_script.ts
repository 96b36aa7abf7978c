import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { BuildError } from "./build.ts";

/** A script that somebody runs. */
export interface Script<T extends ParseArgsOptionsConfig> {
  readonly name: string;
  /** What it does and how it is called; `--help` prints it. */
  readonly usage: string;
  /** Its options but `--help`, as `parseArgs` takes them. */
  readonly options: T;
  readonly args: readonly string[];
  /** Prints an error; by default to stderr. */
  readonly tell?: (text: string) => void;
}

/** The values of options, as `parseArgs` gives them. */
type Values<T extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ args: string[]; options: T }>>["values"];

/**
 * Runs a script: reads its options, and tells of an error whoever runs it.
 *
 * @param script what is run, and with which arguments
 * @param body does it
 * @returns the exit status: 2 for arguments that are not understood, 1 for a {@link BuildError}, which is told with its remedy
 * @throws whatever else the body throws: that is a defect, and its stack is what helps
 *
 * @example
 * ```ts
 * import { runScript } from "./run_script.ts";
 * import assert from "node:assert/strict";
 *
 * const lines: string[] = [];
 * const script = { name: "compile", usage: "Usage: deno task compile", options: {}, tell: (line: string) => lines.push(line) };
 * assert.equal(await runScript({ ...script, args: ["--bnu"] }, () => Promise.resolve()), 2);
 * assert.match(lines[0] ?? "", /^compile: Unknown option '--bnu'[\s\S]*Usage/);
 * ```
 */
export async function runScript<const T extends ParseArgsOptionsConfig>(
  { name, usage, options, args, tell = console.error }: Script<T>,
  body: (values: Values<T>) => Promise<void>,
): Promise<number> {
  if (args.includes("--help")) {
    console.log(usage);
    return 0;
  }
  let values: Values<T>;
  try {
    ({ values } = parseArgs<{ args: string[]; options: T }>({ args: [...args], options }));
  } catch (error) {
    tell(`${name}: ${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  try {
    await body(values);
    return 0;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    tell(`${name}: ${error.message}\n  try:  ${error.remedy}`);
    return 1;
  }
}
