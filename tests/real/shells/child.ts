import type { Failure } from "./report.ts";

/** A command that prints the environment of a child, ended by an entry that nobody else has. */
export const DUMP = "/usr/bin/env -0 END_OF_DUMP=1";

/** One environment. */
export type Dump = ReadonlyMap<string, string>;

/** Reads what several {@link DUMP} commands printed. */
export function dumpsOf(stdout: string): readonly Dump[] {
  const dumps: Map<string, string>[] = [new Map()];
  for (const entry of stdout.split("\0").slice(0, -1)) {
    const at = entry.indexOf("=");
    if (entry === "END_OF_DUMP=1") dumps.push(new Map());
    else dumps.at(-1)?.set(entry.slice(0, at), entry.slice(at + 1));
  }
  return dumps.slice(0, -1);
}

/** What the children of a shell must have seen. */
export interface Expected {
  readonly where: string;
  /** What the shell was started with. */
  readonly expected: Readonly<Record<string, string>>;
  readonly values: readonly string[];
  /** Names that hide a variable by an empty value. */
  readonly blank?: boolean;
}

/** Names that shells set for their children by themselves. */
const OWN = new Set([
  "LAST_EXIT_CODE",
  "_",
  "SHLVL",
  "PWD",
  "OLDPWD",
  "A__z",
  "LINES",
  "COLUMNS",
  "HOST",
  "HOSTTYPE",
  "VENDOR",
  "OSTYPE",
  "MACHTYPE",
  "GROUP",
  "LOGNAME",
  "USER",
]);

/** Compares what children saw with what they should have seen: the value, no conflicting variable, nothing else. */
export function compareDumps(dumps: readonly Dump[], { where, expected, values }: Expected): readonly Failure[] {
  return values.flatMap((value, index) => {
    const seen = [...(dumps[index] ?? new Map<string, string>())].filter(([name]) => !OWN.has(name));
    const wanted = new Map([...Object.entries(expected).filter(([name]) => !OWN.has(name)), ["T", value] as const]);
    const same = seen.length === wanted.size && seen.every(([name, text]) => wanted.get(name) === text);
    return same ? [] : [{ where, value, got: JSON.stringify(seen) }];
  });
}
